"""Pictures of other nodes: fetched as somebody first looks, written anew, kept and served from here.

No reader's address reaches a peer (decision 26). Nothing is signed: peers serve pictures to everybody, often
from a host beside their own, which has to be on the list as well.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urljoin

from activitypub.errors import RemoteFault
from activitypub.origin import host_of
from activitypub.wire import Request
from fedcop.content import media as content
from fedcop.content.media import Picture
from fedcop.errors import NotFound, PeerTrouble, Refusal
from fedcop.node import Node
from fedcop.transport import Budget
from storage import media, pictures
from storage.ids import ActorId, MediaId
from storage.media import Fetched, Media
from storage.pictures import Kind
from storage.visible import Viewer

SECONDS = 10
MOST_REDIRECTS = 3
# What failed is not tried again sooner, however many look.
FAILED_FOR = timedelta(minutes=5)

ACCEPTED = "image/avif,image/webp,image/png,image/jpeg,image/gif"
# Everything but what may stand in an address as it is: peers write spaces and umlauts into names of files.
_SAFE = "%/:?#[]@!$&'()*+,;=~"

T = TypeVar("T")


async def of_post(node: Node, viewer: Viewer, media_id: MediaId) -> Media:
    """Give a file of a post that the viewer may see, fetched if need be.

    Raises ``NotFound`` for what they may not see, for what is no picture, and for what cannot be had.
    """
    held = await node.store.read(media.find, viewer, media_id)
    if held is None:
        raise NotFound("there is no such picture")
    if held.name is not None:
        return held
    return await _once(node, f"picture {media_id}", lambda: _of_post(node, held))


async def of_actor(node: Node, viewer: Viewer, actor_id: ActorId, kind: Kind) -> str:
    """Give the name here of a picture of somebody elsewhere, fetched if need be; raise as ``of_post``."""
    held = await node.store.read(pictures.find, viewer, actor_id, kind)
    if held is None or held.url is None:
        raise NotFound("there is no such picture")
    if held.name is not None:
        return held.name
    url = held.url
    return await _once(node, f"picture {url} {actor_id}", lambda: _of_actor(node, actor_id, kind, url))


async def _once(node: Node, name: str, make: Callable[[], Awaitable[T]]) -> T:
    """Fetch once for all who look at the same time, and not again for a while where it failed."""
    failed = node.memory.failure(name, now=node.clock.now())
    if failed is not None:
        raise NotFound(str(failed))
    try:
        return await node.memory.once(name, make)
    except NotFound as fault:
        # A new one, since what was raised holds on to all that led to it, the picture's bytes among that.
        node.memory.keep_failure(name, NotFound(fault.text), until=node.clock.now() + FAILED_FOR)
        raise


async def _of_post(node: Node, held: Media) -> Media:
    if held.remote_url is None or held.type not in ("image", "unknown"):
        raise NotFound("there is no such picture")
    fetched = await _stored(node, held.remote_url, _whole)
    kept = await node.store.write(media.keep, held.id, fetched)
    if kept is None or kept.name != fetched.name:
        await asyncio.to_thread(_remove, node, fetched.name, fetched.preview)
    if kept is None:
        raise NotFound("there is no such picture any more")
    return kept


async def _of_actor(node: Node, actor_id: ActorId, kind: Kind, url: str) -> str:
    name = await _stored(node, url, _small if kind == "icon" else _large)
    earlier = await node.store.write(pictures.put, actor_id, kind, url, name)
    if earlier is not None:
        await asyncio.to_thread(_remove, node, earlier)
    return name


async def _stored(node: Node, url: str, write: Callable[[Picture, Path], T]) -> T:
    """Fetch a picture and have it written; raise ``NotFound`` whatever is wrong with it or with its host."""
    address = quote(url, safe=_SAFE)
    try:
        async with asyncio.timeout(SECONDS) as limit, node.memory.turn(host_of(address)):
            data = await _fetched(node, address)
            limit.reschedule(None)  # what a thread has begun is waited for
            async with node.memory.decoding:
                return await asyncio.to_thread(_written, node, data, write)
    except (RemoteFault, Refusal, TimeoutError) as fault:
        raise NotFound("this picture cannot be had", cause=f"{address}: {fault}") from fault


async def _fetched(node: Node, url: str) -> bytes:
    budget = Budget(seconds=SECONDS, max_bytes=node.config.media.max_bytes)
    headers = (("Accept", ACCEPTED), ("User-Agent", node.user_agent))
    for _ in range(1 + MOST_REDIRECTS):
        # The list is asked for each host on the way, by the transport.
        response = await node.transport.exchange(Request(method="GET", url=url, headers=headers), budget)
        if response.status == 200:
            return response.body
        if response.status not in (301, 302, 303, 307, 308):
            raise PeerTrouble(host_of(url), f"answered {response.status}")
        url = _joined(url, response.header("location") or "")
    raise PeerTrouble(host_of(url), f"redirects more than {MOST_REDIRECTS} times")


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, quote(location, safe=_SAFE))
    except ValueError as error:
        raise PeerTrouble(host_of(url), f"redirects to what is no address: {error}") from None


def _written(node: Node, data: bytes, write: Callable[[Picture, Path], T]) -> T:
    section = node.config.media
    return write(content.prepare(data, max_pixels=section.max_pixels), Path(section.folder))


def _whole(picture: Picture, folder: Path) -> Fetched:
    return Fetched(
        media_type=picture.media_type,
        name=content.write(picture.data, picture.extension, folder),
        preview=content.write(picture.preview, content.PREVIEW, folder),
        blurhash=picture.blurhash,
        width=picture.width,
        height=picture.height,
        preview_width=picture.preview_width,
        preview_height=picture.preview_height,
    )


def _large(picture: Picture, folder: Path) -> str:
    return content.write(picture.data, picture.extension, folder)


def _small(picture: Picture, folder: Path) -> str:
    return content.write(picture.preview, content.PREVIEW, folder)


def _remove(node: Node, *names: str) -> None:
    for name in names:
        (Path(node.config.media.folder) / name).unlink(missing_ok=True)
