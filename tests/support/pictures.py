"""A host of pictures, kind or hostile, and posts that show them."""

import io
from typing import Any

import msgspec
from PIL import Image
from starlette.types import Receive, Scope, Send

from storage import media
from storage.actors import Actor
from storage.ids import MediaId
from storage.media import Media, NewMedia
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene as Council
from tests.support.hosts import HostRouter

HOST = "surrey.example"
URL = f"https://{HOST}/a.png"


def png(width: int = 900, height: int = 600, colour: str = "teal") -> bytes:
    """Give a picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


class Reply(msgspec.Struct, frozen=True):
    """What stands at a path."""

    body: bytes
    status: int = 200
    location: str = ""


class PictureHost:
    """An application that serves what lies at its paths, whatever its type is said to be."""

    def __init__(self, router: HostRouter) -> None:
        self.replies: dict[str, Reply] = {"/a.png": Reply(png())}
        router.add(HOST, self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reply = self.replies.get(scope["raw_path"].decode(), Reply(b"", 404))
        headers = [(b"content-type", b"text/html"), (b"location", reply.location.encode())]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})


async def received(council: Council, author: Actor, url: str = URL, **more: Any) -> Media:
    """Give the row of a file that lies elsewhere, in a post of somebody of another node."""
    node = council.node
    now = node.clock.now()
    kind = more.pop("kind", "image")
    file = NewMedia(
        id=MediaId(node.ids.next(now)),
        owner_id=author.id,
        type=kind,
        media_type="image/png",
        remote_url=url,
        created_at=now,
    )
    await council.theirs(author, number=file.id, media=(file,), **more)
    row = await node.store.read(media.find, SYSTEM, file.id)
    assert row is not None
    return row
