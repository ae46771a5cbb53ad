"""Files of other nodes: fetched as somebody first looks, checked as uploads are, kept and served from here.

No reader's address reaches a peer (decision 26). Peers serve pictures to everybody, often from a host beside
their own, which has to be on the list as well; so nothing is signed but the request for a picture of a post
for members, which its node gives to members' nodes only.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote, urljoin

from activitypub import sending
from activitypub.errors import RemoteFault
from activitypub.origin import host_of
from activitypub.wire import Request
from fedcop.config import MediaSection
from fedcop.content import files
from fedcop.errors import NotFound, PeerTrouble, Refusal
from fedcop.node import Node
from fedcop.transport import Budget
from fedcop.uris import key_of
from storage import media, pictures, posts
from storage.engine import Reader
from storage.ids import ActorId, MediaId
from storage.media import Media
from storage.pictures import Kind
from storage.visible import SYSTEM, Viewer

SECONDS = 10
MOST_REDIRECTS = 3
# What failed is not tried again sooner, however many look.
FAILED_FOR = timedelta(minutes=5)

ACCEPTED = "image/avif,image/webp,image/png,image/jpeg,image/gif,*/*;q=0.1"
# Everything but what may stand in an address as it is: peers write spaces and umlauts into names of files.
_SAFE = "%/:?#[]@!$&'()*+,;=~"

T = TypeVar("T")


async def of_post(node: Node, viewer: Viewer, media_id: MediaId) -> Media:
    """Give a file of a post that the viewer may see, fetched if need be.

    Raises ``NotFound`` for what they may not see, for what no upload may be, and for what cannot be had.
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


async def to_keep(node: Node, url: str, kind: Kind) -> str:
    """Fetch a picture that becomes one of an actor of ours and give its name; raise ``NotFound`` if none."""
    return await _stored(node, url, _small if kind == "icon" else files.keep_whole)


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
    if held.remote_url is None:
        raise NotFound("there is no such picture")
    signed = await node.store.read(_is_for_members, held)
    fetched = await _stored(node, held.remote_url, files.keep, signed=signed)
    kept = await node.store.write(media.keep, held.id, fetched)
    if kept is None or kept.name != fetched.name:
        names = [fetched.name, fetched.small.preview if fetched.small else None]
        await asyncio.to_thread(files.remove, node.config.media, names)
    if kept is None:
        raise NotFound("there is no such picture any more")
    return kept


async def _is_for_members(read: Reader, held: Media) -> bool:
    post = await posts.find(read, SYSTEM, held.post_id) if held.post_id is not None else None
    return post is not None and post.audience == "members"


async def _of_actor(node: Node, actor_id: ActorId, kind: Kind, url: str) -> str:
    name = await _stored(node, url, _small if kind == "icon" else files.keep_whole)
    earlier = await node.store.write(pictures.put, actor_id, kind, url, name)
    if earlier is not None:
        await asyncio.to_thread(files.remove, node.config.media, [earlier])
    return name


async def _stored(
    node: Node, url: str, write: Callable[[MediaSection, bytes], T], *, signed: bool = False
) -> T:
    """Fetch a file and have it written; raise ``NotFound`` whatever is wrong with it or with its host."""
    address = quote(url, safe=_SAFE)
    try:
        async with asyncio.timeout(SECONDS) as limit, node.memory.turn(host_of(address)):
            data = await _fetched(node, address, signed=signed)
            limit.reschedule(None)  # what a thread has begun is waited for
            async with node.memory.decoding:
                return await asyncio.to_thread(write, node.config.media, data)
    except (RemoteFault, Refusal, TimeoutError) as fault:
        raise NotFound("this picture cannot be had", cause=f"{address}: {fault}") from fault


async def _fetched(node: Node, url: str, *, signed: bool) -> bytes:
    budget = Budget(seconds=SECONDS, max_bytes=node.config.media.max_bytes)
    for _ in range(1 + MOST_REDIRECTS):
        request = await _signed(node, url) if signed else _unsigned(node, url)
        # The list is asked for each host on the way, by the transport.
        response = await node.transport.exchange(request, budget)
        if response.status == 200:
            return response.body
        if response.status not in (301, 302, 303, 307, 308):
            raise PeerTrouble(host_of(url), f"answered {response.status}")
        url = _joined(url, response.header("location") or "")
    raise PeerTrouble(host_of(url), f"redirects more than {MOST_REDIRECTS} times")


def _unsigned(node: Node, url: str) -> Request:
    headers = (("Accept", ACCEPTED), ("User-Agent", node.user_agent))
    return Request(method="GET", url=url, headers=headers)


async def _signed(node: Node, url: str) -> Request:
    unsigned = sending.get(
        url,
        key_id=key_of(node.uris.actor),
        now=node.clock.now(),
        user_agent=node.user_agent,
        accept=ACCEPTED,
    )
    return unsigned.signed(await node.signing.sign(node.actor_id, unsigned.base))


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, quote(location, safe=_SAFE))
    except ValueError as error:
        raise PeerTrouble(host_of(url), f"redirects to what is no address: {error}") from None


def _small(section: MediaSection, data: bytes) -> str:
    return files.keep_preview(section, data).preview
