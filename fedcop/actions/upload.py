"""Take files that people upload, kept under the media folder: pictures written anew, others as they came."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from fedcop.content import files
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import media, visible
from storage.actors import Actor
from storage.engine import Transaction
from storage.ids import MediaId
from storage.media import Media, NewMedia

LONGEST_DESCRIPTION = 1500
# The bell of whoever writes films anew.
FILMS = "films"

T = TypeVar("T")

Focus = tuple[float, float]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is newly said of a file: what it shows, and where its middle is; None leaves a thing as it is."""

    media_id: MediaId
    description: str | None = None
    focus: Focus | None = None


async def take(
    node: Node,
    owner: Actor,
    data: bytes,
    *,
    description: str = "",
    focus: Focus | None = None,
    thumbnail: bytes | None = None,
) -> Media:
    """Keep an upload, not yet in any post, and give it; what the file is its bytes say.

    ``thumbnail`` is a picture that stands for a film, a sound or a document; a picture needs none.
    """
    _ensure_description(description)
    kept = await _decoded(node, files.keep_upload, data, thumbnail)
    now = node.clock.now()
    focus_x, focus_y = _within(focus) or (None, None)
    new = NewMedia(
        id=MediaId(node.ids.next(now)),
        owner_id=owner.id,
        created_at=now,
        description=description,
        focus_x=focus_x,
        focus_y=focus_y,
        **media.columns_of(kept),
    )
    return await node.store.write(_take, node, new)


async def _take(tx: Transaction, node: Node, new: NewMedia) -> Media:
    await media.add(tx, new)
    if new.raw is not None:
        tx.after_commit(node.hub.wake, FILMS)
    return Media(post_id=None, **msgspec.structs.asdict(new))


async def picture(node: Node, data: bytes) -> str:
    """Keep a picture of a profile and give its name under the media folder."""
    return await _decoded(node, files.keep_whole, data)


async def discard(node: Node, owner: Actor, ids: Sequence[MediaId]) -> int:
    """Delete uploads of one's own that are in no post, and give how many there were."""
    removed = await node.store.write(media.remove, owner.id, ids)
    await asyncio.to_thread(files.remove, node.config.media, media.names_of(removed))
    return len(removed)


async def describe(node: Node, owner: Actor, change: Change) -> None:
    """Say something new of an upload of one's own."""
    await node.store.write(_describe, owner, change)


async def _describe(tx: Transaction, owner: Actor, change: Change) -> None:
    held = await media.find(tx, visible.person(owner.id), change.media_id)
    if held is None or held.owner_id != owner.id:
        raise NotFound("there is no such file of yours")
    await media.describe(tx, _changed(held, change))


def all_changed(held: Sequence[Media], changes: Sequence[Change]) -> list[Media]:
    """Give the files of a post with what is newly said of them; raise ``Invalid`` for any other file."""
    by_id = {change.media_id: change for change in changes}
    if not by_id.keys() <= {file.id for file in held}:
        raise Invalid(media_attributes="names a file that is not in this post")
    return [_changed(file, by_id[file.id]) if file.id in by_id else file for file in held]


def _changed(held: Media, change: Change) -> Media:
    """Give a file with what is newly said of it; raise ``Invalid`` for a description that is too long."""
    _ensure_description(change.description or "")
    focus_x, focus_y = _within(change.focus) or (held.focus_x, held.focus_y)
    text = held.description if change.description is None else change.description
    return msgspec.structs.replace(held, description=text, focus_x=focus_x, focus_y=focus_y)


async def illustrate(node: Node, owner: Actor, media_id: MediaId, thumbnail: bytes) -> None:
    """Let another picture stand for a film, a sound or a document of one's own; a picture keeps its own."""
    held = await node.store.read(media.find, visible.person(owner.id), media_id)
    if held is None or held.owner_id != owner.id:
        raise NotFound("there is no such file of yours")
    if held.type == "image":
        return
    small = await _decoded(node, files.keep_preview, thumbnail)
    await node.store.write(media.illustrate, media_id, small)
    await asyncio.to_thread(files.remove, node.config.media, [held.preview])


async def _decoded(node: Node, store: Callable[..., T], *given: bytes | None) -> T:
    async with node.memory.decoding:
        return await asyncio.to_thread(store, node.config.media, *given)


def _ensure_description(description: str) -> None:
    if len(description) > LONGEST_DESCRIPTION:
        raise Invalid(description=f"is longer than {LONGEST_DESCRIPTION} characters")


def _within(focus: Focus | None) -> Focus | None:
    """Give a middle that lies on the picture: each part between -1 and 1."""
    if focus is None:
        return None
    x, y = (max(-1.0, min(1.0, part)) for part in focus)
    return x, y
