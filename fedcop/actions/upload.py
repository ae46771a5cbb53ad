"""Take pictures that people upload: checked and written anew in a thread, kept under the media folder."""

import asyncio
from pathlib import Path

import msgspec

from fedcop.config import MediaSection
from fedcop.content import media as pictures
from fedcop.content.media import Picture
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import media, visible
from storage.actors import Actor
from storage.engine import Transaction
from storage.ids import MediaId
from storage.media import Media, NewMedia

LONGEST_DESCRIPTION = 1500

Focus = tuple[float, float]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is newly said of a file: what it shows, and where its middle is; None leaves a thing as it is."""

    media_id: MediaId
    description: str | None = None
    focus: Focus | None = None


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    picture: Picture
    name: str
    preview: str


async def take(
    node: Node, owner: Actor, data: bytes, *, description: str = "", focus: Focus | None = None
) -> Media:
    """Keep an upload, not yet in any post, and give it; what the file is its bytes say."""
    _ensure_description(description)
    stored = await _stored(node, data)
    now, picture = node.clock.now(), stored.picture
    focus_x, focus_y = _within(focus) or (None, None)
    new = NewMedia(
        id=MediaId(node.ids.next(now)),
        owner_id=owner.id,
        type="image",
        media_type=picture.media_type,
        created_at=now,
        name=stored.name,
        preview=stored.preview,
        description=description,
        blurhash=picture.blurhash,
        width=picture.width,
        height=picture.height,
        preview_width=picture.preview_width,
        preview_height=picture.preview_height,
        focus_x=focus_x,
        focus_y=focus_y,
    )
    return await node.store.write(_take, new)


async def _take(tx: Transaction, new: NewMedia) -> Media:
    await media.add(tx, new)
    return Media(post_id=None, **msgspec.structs.asdict(new))


async def picture(node: Node, data: bytes) -> str:
    """Keep a picture of a profile and give its name under the media folder."""
    return (await _stored(node, data)).name


async def describe(node: Node, owner: Actor, change: Change) -> None:
    """Say something new of an upload of one's own."""
    await node.store.write(_describe, owner, change)


async def _describe(tx: Transaction, owner: Actor, change: Change) -> None:
    held = await media.find(tx, visible.person(owner.id), change.media_id)
    if held is None or held.owner_id != owner.id:
        raise NotFound("there is no such file of yours")
    await media.describe(tx, changed(held, change))


def changed(held: Media, change: Change) -> Media:
    """Give a file with what is newly said of it; raise ``Invalid`` for a description that is too long."""
    _ensure_description(change.description or "")
    focus_x, focus_y = _within(change.focus) or (held.focus_x, held.focus_y)
    text = held.description if change.description is None else change.description
    return msgspec.structs.replace(held, description=text, focus_x=focus_x, focus_y=focus_y)


async def _stored(node: Node, data: bytes) -> _Stored:
    async with node.memory.decoding:
        return await asyncio.to_thread(_store, node.config.media, data)


def _store(section: MediaSection, data: bytes) -> _Stored:
    """Check a picture and write it and its small copy, under names that nobody guesses."""
    if len(data) > section.max_bytes:
        raise Invalid(file=f"has {len(data)} bytes; at most {section.max_bytes} are taken")
    checked = pictures.prepare(data, max_pixels=section.max_pixels)
    folder = Path(section.folder)
    return _Stored(
        picture=checked,
        name=pictures.write(checked.data, checked.extension, folder),
        preview=pictures.write(checked.preview, pictures.PREVIEW, folder),
    )


def _ensure_description(description: str) -> None:
    if len(description) > LONGEST_DESCRIPTION:
        raise Invalid(description=f"is longer than {LONGEST_DESCRIPTION} characters")


def _within(focus: Focus | None) -> Focus | None:
    """Give a middle that lies on the picture: each part between -1 and 1."""
    if focus is None:
        return None
    x, y = (max(-1.0, min(1.0, part)) for part in focus)
    return x, y
