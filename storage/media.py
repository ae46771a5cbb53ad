"""Pictures and other files: uploaded and not yet attached, or in a post.

What is detached from its post stays with its owner, who may attach it again; ``remove_unattached`` clears up.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId, MediaId, PostId
from storage.row import Row
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
    created_at: datetime


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a peer as it is kept here."""

    media_type: str
    name: str
    preview: str
    blurhash: str
    width: int
    height: int
    preview_width: int
    preview_height: int


class Files(Row, frozen=True):
    """What lies under the media folder of a file that is gone."""

    name: str | None
    preview: str | None


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


DETACH = "UPDATE media SET post_id = NULL WHERE post_id = :post_id"


async def detach(tx: Transaction, post_id: PostId) -> None:
    """Take the files out of a post."""
    await tx.execute(DETACH, post_id=post_id)


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
   SET type = 'image', media_type = :media_type, name = :name, preview = :preview, blurhash = :blurhash,
       width = :width, height = :height, preview_width = :preview_width, preview_height = :preview_height
 WHERE id = :media_id AND name IS NULL
"""


async def keep(tx: Transaction, media_id: MediaId, fetched: Fetched) -> Media | None:
    """Note what was fetched of a peer's picture, unless it was kept before; give the row if it is there."""
    await tx.execute(KEEP, media_id=media_id, **msgspec.structs.asdict(fetched))
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


REMOVE_UNATTACHED = """
DELETE FROM media WHERE post_id IS NULL AND created_at < :before RETURNING name, preview
"""


async def remove_unattached(tx: Transaction, before: datetime) -> list[Files]:
    """Remove files that are in no post and older than a time; give what is to be deleted from the folder."""
    return await tx.all(Files, REMOVE_UNATTACHED, before=before)
