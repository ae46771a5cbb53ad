"""Blocks, mutes and private remarks of people about others."""

from datetime import datetime

from storage import actors, pages, visible
from storage.actors import Actor, Listed
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer


class Block(Row, frozen=True):
    """One row of blocks; ``uri`` is the Block's id, if it came from or went to another node."""

    actor_id: ActorId
    target_id: ActorId
    uri: str | None
    id: int


BLOCK = """
INSERT INTO blocks (id, actor_id, target_id, uri) VALUES (:block_id, :actor_id, :target_id, :uri)
ON CONFLICT (actor_id, target_id) DO NOTHING
"""


async def block(
    tx: Transaction, block_id: int, actor_id: ActorId, target_id: ActorId, uri: str | None
) -> bool:
    """Let an actor block another; tell whether that is new. Their follows are ended by the caller."""
    return await tx.execute(BLOCK, block_id=block_id, actor_id=actor_id, target_id=target_id, uri=uri) > 0


UNBLOCK = """
DELETE FROM blocks WHERE actor_id = :actor_id AND target_id = :target_id
RETURNING actor_id, target_id, uri, id
"""


async def unblock(tx: Transaction, actor_id: ActorId, target_id: ActorId) -> Block | None:
    """End a block and give what it was."""
    return await tx.one(Block, UNBLOCK, actor_id=actor_id, target_id=target_id)


UNBLOCK_BY_URI = "DELETE FROM blocks WHERE actor_id = :actor_id AND uri = :uri"


async def unblock_by_uri(tx: Transaction, actor_id: ActorId, uri: str) -> bool:
    """End the block that bears an id; tell whether that actor had one."""
    return await tx.execute(UNBLOCK_BY_URI, actor_id=actor_id, uri=uri) > 0


IS_BLOCKED = "SELECT 1 FROM blocks WHERE actor_id = :by AND target_id = :of"


async def is_blocked(read: Reader, by: ActorId, of: ActorId) -> bool:
    """Tell whether an actor blocks another."""
    return await read.value(IS_BLOCKED, by=by, of=of) is not None


BLOCKS = f"""
SELECT {actors.COLUMNS}, b.id FROM blocks AS b JOIN actors AS a ON a.id = b.target_id
 WHERE b.actor_id = :me AND {visible.ACTOR} AND {pages.where("b.id")}
"""


async def blocks(read: Reader, viewer: Viewer, me: ActorId, page: Page) -> list[tuple[int, Actor]]:
    """Give whom a person blocks, the latest first, each with the id of the block."""
    rows = await read.all(
        Listed, pages.text(BLOCKS, page), me=me, **visible.parameters(viewer), **pages.parameters(page)
    )
    return [(row.row_id, row) for row in pages.ordered(rows, page)]


MUTE = """
INSERT INTO mutes (id, actor_id, target_id, notifications, until)
VALUES (:mute_id, :actor_id, :target_id, :notifications, :until)
ON CONFLICT (actor_id, target_id) DO UPDATE SET notifications = excluded.notifications, until = excluded.until
"""


async def mute(
    tx: Transaction,
    mute_id: int,
    actor_id: ActorId,
    target_id: ActorId,
    *,
    notifications: bool,
    until: datetime | None,
) -> None:
    """Hide another from a person until a time or for good; with ``notifications`` no notices either."""
    await tx.execute(
        MUTE,
        mute_id=mute_id,
        actor_id=actor_id,
        target_id=target_id,
        notifications=notifications,
        until=until,
    )


UNMUTE = "DELETE FROM mutes WHERE actor_id = :actor_id AND target_id = :target_id"


async def unmute(tx: Transaction, actor_id: ActorId, target_id: ActorId) -> bool:
    """End a mute; tell whether there was one."""
    return await tx.execute(UNMUTE, actor_id=actor_id, target_id=target_id) > 0


MUTES = f"""
SELECT {actors.COLUMNS}, m.id FROM mutes AS m JOIN actors AS a ON a.id = m.target_id
 WHERE m.actor_id = :me AND (m.until IS NULL OR m.until > :now) AND {visible.ACTOR} AND {pages.where("m.id")}
"""


async def mutes(
    read: Reader, viewer: Viewer, me: ActorId, page: Page, now: datetime
) -> list[tuple[int, Actor]]:
    """Give whom a person mutes now, the latest first, each with the id of the mute."""
    rows = await read.all(
        Listed,
        pages.text(MUTES, page),
        me=me,
        now=now,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return [(row.row_id, row) for row in pages.ordered(rows, page)]


SET_REMARK = """
INSERT INTO remarks (actor_id, target_id, text) VALUES (:actor_id, :target_id, :text)
ON CONFLICT (actor_id, target_id) DO UPDATE SET text = excluded.text
"""

CLEAR_REMARK = "DELETE FROM remarks WHERE actor_id = :actor_id AND target_id = :target_id"


async def set_remark(tx: Transaction, actor_id: ActorId, target_id: ActorId, text: str) -> None:
    """Keep a private note about somebody; an empty one removes it."""
    if text:
        await tx.execute(SET_REMARK, actor_id=actor_id, target_id=target_id, text=text)
    else:
        await tx.execute(CLEAR_REMARK, actor_id=actor_id, target_id=target_id)


FIND = "SELECT actor_id, target_id, uri, id FROM blocks WHERE actor_id = :actor_id AND target_id = :target_id"


async def find(read: Reader, actor_id: ActorId, target_id: ActorId) -> Block | None:
    """Give an actor's block of another."""
    return await read.one(Block, FIND, actor_id=actor_id, target_id=target_id)
