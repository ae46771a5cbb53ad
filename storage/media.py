"""Pictures and other files: uploaded and not yet attached, or in a post.

What is detached from its post stays with its owner, who may attach it again; ``remove_unattached`` clears up.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId, MediaId, PostId
from storage.row import Row, array_of
from storage.visible import Viewer


class NewMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A file to be stored: ``name`` under the media folder, or only ``remote_url``."""

    id: MediaId
    owner_id: ActorId
    type: str
    media_type: str
    created_at: datetime
    place: int = 0
    name: str | None = None
    preview: str | None = None
    remote_url: str | None = None
    description: str = ""
    blurhash: str | None = None
    width: int | None = None
    height: int | None = None
    preview_width: int | None = None
    preview_height: int | None = None
    focus_x: float | None = None
    focus_y: float | None = None
    raw: str | None = None
    duration: float | None = None


class Media(Row, frozen=True):
    """One row of media."""

    id: MediaId
    owner_id: ActorId
    post_id: PostId | None
    place: int
    type: str
    media_type: str
    name: str | None
    preview: str | None
    remote_url: str | None
    description: str
    blurhash: str | None
    width: int | None
    height: int | None
    preview_width: int | None
    preview_height: int | None
    focus_x: float | None
    focus_y: float | None
    raw: str | None
    duration: float | None
    created_at: datetime

    @property
    def there(self) -> bool:
        """Tell whether there is something to show: a film that is written anew is not there yet."""
        return self.name is not None or self.remote_url is not None


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """The small picture that stands for a file."""

    preview: str
    preview_width: int
    preview_height: int
    blurhash: str


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was checked and written, and the small picture of it, if there is one.

    ``name`` is None, and ``raw`` the file as it came, for a film that is yet to be written anew.
    """

    type: str
    media_type: str
    name: str | None
    raw: str | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    small: Preview | None = None


def columns_of(kept: Kept) -> dict[str, Any]:
    """Give what was found of a file by the names of its columns."""
    whole = {name: getattr(kept, name) for name in Kept.__struct_fields__ if name != "small"}
    small = {name: getattr(kept.small, name, None) for name in Preview.__struct_fields__}
    return whole | small


class Files(Row, frozen=True):
    """What lies under the media folder of a file that is gone."""

    name: str | None
    preview: str | None
    raw: str | None


def names_of(gone: Iterable[Files]) -> list[str]:
    """Give the names under the media folder of files that are gone."""
    return [name for one in gone for name in (one.name, one.preview, one.raw) if name]


# The columns of ``Media`` over the alias ``m``.
COLUMNS = ", ".join(f"m.{name}" for name in Media.__struct_fields__)

_GIVEN = NewMedia.__struct_fields__

ADD = f"""
INSERT INTO media ({", ".join(_GIVEN)}, post_id) VALUES ({", ".join(":" + name for name in _GIVEN)}, :post_id)
"""


async def add(tx: Transaction, new: NewMedia, post_id: PostId | None = None) -> None:
    """Store a file, in a post or not yet."""
    await tx.execute(ADD, post_id=post_id, **msgspec.structs.asdict(new))


ATTACH = """
UPDATE media SET post_id = :post_id, place = :place
 WHERE id = :media_id AND owner_id = :owner_id AND (post_id IS NULL OR post_id = :post_id)
"""


async def attach(
    tx: Transaction, post_id: PostId, owner_id: ActorId, files: Sequence[NewMedia | MediaId]
) -> None:
    """Put files into a post, in order: new ones, or uploads of its author that are in no other post."""
    for place, file in enumerate(files):
        if isinstance(file, NewMedia):
            await add(tx, msgspec.structs.replace(file, place=place), post_id)
        else:
            await tx.execute(ATTACH, post_id=post_id, place=place, media_id=file, owner_id=owner_id)


DETACH = """
UPDATE media SET post_id = NULL, created_at = :at
 WHERE post_id = :post_id AND id NOT IN (SELECT value FROM json_each(:kept))
"""


async def detach(
    tx: Transaction, post_id: PostId, at: datetime, *, kept: Sequence[NewMedia | MediaId] = ()
) -> None:
    """Take the files out of a post, but for some; each is then as an upload of this moment."""
    ids = [file.id if isinstance(file, NewMedia) else file for file in kept]
    await tx.execute(DETACH, post_id=post_id, at=at, kept=array_of(ids))


# A post for members goes from its author's node to the community's only, its pictures to any member's node.
_MAY_SEE = f"""(
m.post_id IS NOT NULL AND ({visible.POST} OR :viewer_kind = 'node' AND p.audience = 'members' AND EXISTS (
    SELECT 1 FROM members AS v_n WHERE v_n.community_id = p.community_id AND v_n.host = :viewer_host))
OR m.post_id IS NULL AND (:viewer_kind = 'system' OR m.owner_id = :viewer_actor))
"""

FIND = f"""
SELECT {COLUMNS} FROM media AS m LEFT JOIN posts AS p ON p.id = m.post_id
 WHERE m.id = :media_id AND {_MAY_SEE}
"""


async def find(read: Reader, viewer: Viewer, media_id: MediaId) -> Media | None:
    """Give a file: one in a post to whoever may see that, an upload to its owner."""
    return await read.one(Media, FIND, media_id=media_id, **visible.parameters(viewer))


OF_POST = f"""
SELECT {COLUMNS} FROM media AS m JOIN posts AS p ON p.id = m.post_id
 WHERE m.post_id = :post_id AND {visible.POST} ORDER BY m.place
"""


async def of_post(read: Reader, viewer: Viewer, post_id: PostId) -> list[Media]:
    """Give the files in a post, in order."""
    return await read.all(Media, OF_POST, post_id=post_id, **visible.parameters(viewer))


KEEP = """
UPDATE media
   SET type = :type, media_type = :media_type, name = :name, preview = :preview, blurhash = :blurhash,
       raw = :raw, duration = :duration,
       width = :width, height = :height, preview_width = :preview_width, preview_height = :preview_height
 WHERE id = :media_id AND name IS NULL
"""


async def keep(tx: Transaction, media_id: MediaId, fetched: Kept) -> Media | None:
    """Note what was fetched of a peer's file, unless it was kept before; give the row if it is there."""
    await tx.execute(KEEP, media_id=media_id, **columns_of(fetched))
    return await find(tx, visible.SYSTEM, media_id)


DESCRIBE = """
UPDATE media SET description = :description, focus_x = :focus_x, focus_y = :focus_y WHERE id = :media_id
"""


async def describe(tx: Transaction, file: Media) -> None:
    """Store what a file of its owner's shows and where its middle is."""
    await tx.execute(
        DESCRIBE,
        media_id=file.id,
        description=file.description,
        focus_x=file.focus_x,
        focus_y=file.focus_y,
    )


ILLUSTRATE = """
UPDATE media SET preview = :preview, preview_width = :preview_width, preview_height = :preview_height,
       blurhash = :blurhash
 WHERE id = :media_id
"""


async def illustrate(tx: Transaction, media_id: MediaId, small: Preview) -> None:
    """Let a small picture stand for a file."""
    await tx.execute(ILLUSTRATE, media_id=media_id, **msgspec.structs.asdict(small))


REMOVE = """
DELETE FROM media
 WHERE owner_id = :owner_id AND post_id IS NULL AND id IN (SELECT value FROM json_each(:ids))
   AND NOT EXISTS (SELECT 1 FROM sealed_media AS s WHERE s.media_id = media.id)
   AND NOT EXISTS (SELECT 1 FROM holds AS o WHERE o.kind = 'person' AND o.target_id = media.owner_id)
RETURNING name, preview, raw
"""


async def remove(tx: Transaction, owner_id: ActorId, ids: Sequence[MediaId]) -> list[Files]:
    """Remove those of somebody's files that are in no post; give what is to be deleted from the folder."""
    return await tx.all(Files, REMOVE, owner_id=owner_id, ids=array_of(ids))


REMOVE_UNATTACHED = """
-- But for those of authors with a post that waits for its time, or that may be put back: it names its files.
-- And for what is on hold.
DELETE FROM media WHERE id IN (
    SELECT m.id FROM media AS m
     WHERE m.post_id IS NULL AND m.created_at < :before
       AND NOT EXISTS (SELECT 1 FROM scheduled AS s WHERE s.actor_id = m.owner_id)
       AND m.owner_id NOT IN (SELECT p.author_id FROM withheld AS w JOIN posts AS p ON p.id = w.post_id)
       AND NOT EXISTS (SELECT 1 FROM sealed_media AS s WHERE s.media_id = m.id)
       AND NOT EXISTS (SELECT 1 FROM holds AS o WHERE o.kind = 'person' AND o.target_id = m.owner_id)
     ORDER BY m.created_at LIMIT :limit)
RETURNING name, preview, raw
"""


async def remove_unattached(tx: Transaction, before: datetime, limit: int) -> list[Files]:
    """Remove some files that are in no post since a time; give what is to be deleted from the folder."""
    return await tx.all(Files, REMOVE_UNATTACHED, before=before, limit=limit)


RAW = f"""
SELECT {COLUMNS} FROM media AS m LEFT JOIN posts AS p ON p.id = m.post_id
 WHERE m.raw IS NOT NULL AND {_MAY_SEE} ORDER BY m.created_at LIMIT :limit
"""


async def raw(read: Reader, viewer: Viewer, limit: int) -> list[Media]:
    """Give films that are yet to be written anew, the oldest first."""
    return await read.all(Media, RAW, limit=limit, **visible.parameters(viewer))


FINISH = """
UPDATE media
   SET raw = NULL, type = :type, media_type = :media_type, name = :name, width = :width, height = :height,
       duration = :duration, preview = COALESCE(preview, :preview), blurhash = COALESCE(blurhash, :blurhash),
       preview_width = COALESCE(preview_width, :preview_width),
       preview_height = COALESCE(preview_height, :preview_height)
 WHERE id = :media_id AND raw = :was
"""


async def finish(tx: Transaction, media_id: MediaId, was: str, kept: Kept) -> bool:
    """Note what was made of a film that came as ``was``; tell whether it was still waited for.

    A picture that stands for it already stays.
    """
    given = {name: value for name, value in columns_of(kept).items() if name != "raw"}
    return await tx.execute(FINISH, media_id=media_id, was=was, **given) > 0
