"""``/media/…``: pictures of this node and of others, all served from here (fedcop.policy.pictures)."""

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from fedcop import uris
from fedcop.content import kinds
from fedcop.errors import NotFound
from fedcop.fetch import pictures as fetch
from fedcop.node import Node
from fedcop.policy import pictures
from fedcop.web import session
from storage import visible
from storage.ids import ActorId, MediaId
from storage.pictures import Kind
from storage.visible import STRANGER, Viewer

TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    **{kind.extension[1:]: kind.media_type for kind in kinds.KINDS},
}
# What a browser is to save and not to open: a PDF may run scripts of its own.
SAVED = frozenset(kind.extension[1:] for kind in kinds.KINDS if kind.type == "unknown")
# Nothing but letters, digits and one dot: no name leads out of the folder.
NAME = re.compile(r"[A-Za-z0-9_-]+\.([a-z0-9]{3,4})")
# A file shows itself and nothing else, in a frame of nobody.
ALONE = {"content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox"}
SAFE = ALONE | {"access-control-allow-origin": "*"}
FOR_EVER = SAFE | {"cache-control": "public, max-age=31536000, immutable"}
# What its address leads to may change, or be hidden.
A_DAY = SAFE | {"cache-control": "public, max-age=86400"}
AN_HOUR = SAFE | {"cache-control": "private, max-age=3600"}
A_WHILE = SAFE | {"cache-control": "public, max-age=300"}

# What stands for a picture that cannot be had: clients show an error where there is none.
DEFAULTS: Mapping[Kind, str] = {"icon": "avatar.png", "image": "header.png"}
STATIC = Path(__file__).parent / "static"


async def show(request: Request) -> Response:
    """Give a picture by its name, which is from chance and known to those only who were given it."""
    return _file(request.app.state.node, request.path_params["name"], FOR_EVER)


async def of_post(request: Request) -> Response:
    """Give a picture of a post, whole or small, to whoever may see the post."""
    node: Node = request.app.state.node
    size, number = request.path_params["size"], uris.row_id_in(request.path_params["media_id"])
    if number is None or size not in pictures.SIZES:
        raise NotFound("no such picture")
    media_id = MediaId(number)
    held = await fetch.of_post(node, await _viewer(request, media_id), media_id)
    return _file(node, (held.name if size == "original" else held.preview) or "", AN_HOUR)


async def of_actor(request: Request) -> Response:
    """Give the picture of somebody elsewhere, or the one that stands for it where it cannot be had."""
    node: Node = request.app.state.node
    kind, number = request.path_params["kind"], uris.row_id_in(request.path_params["actor_id"])
    if number is None or kind not in DEFAULTS:
        raise NotFound("no such picture")
    try:
        return _file(node, await fetch.of_actor(node, STRANGER, ActorId(number), kind), A_DAY)
    except NotFound:
        return FileResponse(STATIC / DEFAULTS[kind], headers=A_WHILE)


async def _viewer(request: Request, media_id: MediaId) -> Viewer:
    """Give whom the seal of an address names, else who is signed in."""
    node: Node = request.app.state.node
    given = request.query_params
    key, now = node.signing.address_key, node.clock.now()
    reader = pictures.reader_of(key, media_id, given.get("e", ""), given.get("s", ""), now)
    if reader is not None:
        return visible.person(reader)
    signed_in = await session.find(request)
    return visible.person(signed_in.actor.id) if signed_in else STRANGER


def _file(node: Node, name: str, headers: dict[str, str]) -> Response:
    """Give a file of the media folder; its type comes from the name, which this node chose."""
    found = NAME.fullmatch(name)
    kind = TYPES.get(found[1]) if found else None
    path = Path(node.config.media.folder) / name
    if kind is None or not path.is_file():
        raise NotFound("no such file")
    saved = found is not None and found[1] in SAVED
    return FileResponse(
        path, media_type=kind, headers=headers | ({"content-disposition": "attachment"} if saved else {})
    )


def missing(kind: Kind) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint of what stands for a picture that nobody chose, where Mastodon has it."""

    async def endpoint(request: Request) -> Response:
        return FileResponse(STATIC / DEFAULTS[kind], headers=A_DAY)

    return endpoint


ROUTES = [
    Route("/avatars/original/missing.png", missing("icon")),
    Route("/headers/original/missing.png", missing("image")),
    Route("/media/actors/{actor_id}/{kind}/{version}", of_actor),
    Route("/media/{media_id}/{size}", of_post),
    Route("/media/{name}", show),
]
