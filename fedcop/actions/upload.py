"""Take pictures that people upload: checked and written anew in a thread, kept under the media folder."""

import asyncio
import secrets
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


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    picture: Picture
    name: str
    preview: str


async def take(
    node: Node, owner: Actor, data: bytes, *, description: str = "", focus: Focus | None = None
) -> Media:
    """Keep an upload, not yet in any post, and give it; what the file is its bytes say."""
    _ensure_description(description)
    stored = await asyncio.to_thread(_store, node.config.media, data)
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
    return (await asyncio.to_thread(_store, node.config.media, data)).name


async def describe(
    node: Node,
    owner: Actor,
    media_id: MediaId,
    *,
    description: str | None = None,
    focus: Focus | None = None,
) -> None:
    """Say what an upload of one's own shows, or where its middle is; None leaves a thing as it is."""
    _ensure_description(description or "")
    await node.store.write(_describe, owner, media_id, description, _within(focus))


async def _describe(
    tx: Transaction, owner: Actor, media_id: MediaId, description: str | None, focus: Focus | None
) -> None:
    held = await media.find(tx, visible.person(owner.id), media_id)
    if held is None or held.owner_id != owner.id:
        raise NotFound("there is no such file of yours")
    if focus is None and held.focus_x is not None and held.focus_y is not None:
        focus = (held.focus_x, held.focus_y)
    text = held.description if description is None else description
    await media.describe(tx, media_id, owner.id, text, focus)


def _store(section: MediaSection, data: bytes) -> _Stored:
    """Check a picture and write it and its small copy, under names that nobody guesses."""
    if len(data) > section.max_bytes:
        raise Invalid(file=f"has {len(data)} bytes; at most {section.max_bytes} are taken")
    checked = pictures.prepare(data, max_pixels=section.max_pixels)
    folder, word = Path(section.folder), secrets.token_hex(16)
    stored = _Stored(picture=checked, name=word + checked.extension, preview=f"{word}-small.webp")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / stored.name).write_bytes(checked.data)
    (folder / stored.preview).write_bytes(checked.preview)
    return stored


def _ensure_description(description: str) -> None:
    if len(description) > LONGEST_DESCRIPTION:
        raise Invalid(description=f"is longer than {LONGEST_DESCRIPTION} characters")


def _within(focus: Focus | None) -> Focus | None:
    """Give a middle that lies on the picture: each part between -1 and 1."""
    if focus is None:
        return None
    x, y = (max(-1.0, min(1.0, part)) for part in focus)
    return x, y
