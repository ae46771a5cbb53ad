"""Routed asks to people of this node, whichever node's community asked; and what was published for them.

added = await routed.add(tx, Routed(...), most=2, since=a_week_ago)     False when they were asked enough
held = await read(routed.by_note, person_id, root_id)                   what somebody answers privately
open_ = await read(routed.is_asked, ask_id, person_id)                  may they reply in its thread?
"""

from collections.abc import Iterable
from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row, array_of


class Routed(Row, frozen=True):
    """One row of routed: ``reply_id`` is the post that was last published in the thread for this person."""

    note_id: PostId
    person_id: ActorId
    community_id: ActorId
    ask_id: PostId
    asked_at: datetime
    reply_id: PostId | None = None
    replied_at: datetime | None = None


COLUMNS = ", ".join(f"w.{name}" for name in Routed.__struct_fields__)

ADD = """
INSERT INTO routed (note_id, person_id, community_id, ask_id, asked_at)
SELECT :note_id, :person_id, :community_id, :ask_id, :asked_at
 WHERE (SELECT COUNT(*) FROM routed AS o WHERE o.person_id = :person_id AND o.asked_at > :since) < :most
   AND NOT EXISTS (SELECT 1 FROM routed AS o WHERE o.ask_id = :ask_id AND o.person_id = :person_id)
"""


async def add(tx: Transaction, new: Routed, *, most: int, since: datetime) -> bool:
    """Keep a routed ask; False for who got so many since a moment, or was asked the same before."""
    return (
        await tx.execute(
            ADD, note_id=new.note_id, person_id=new.person_id, community_id=new.community_id,
            ask_id=new.ask_id, asked_at=new.asked_at, since=since, most=most,
        ) > 0
    )  # fmt: skip


class _Asked(Row, frozen=True):
    person_id: ActorId
    asked_at: datetime


ASKED_SINCE = """
SELECT w.person_id, w.asked_at FROM routed AS w
 WHERE w.person_id IN (SELECT value FROM json_each(:ids)) AND w.asked_at > :since
"""


async def asked_since(
    read: Reader, people: Iterable[ActorId], since: datetime
) -> list[tuple[ActorId, datetime]]:
    """Give each time that one of these people here was asked anything since a moment, by anybody."""
    rows = await read.all(_Asked, ASKED_SINCE, ids=array_of(people), since=since)
    return [(row.person_id, row.asked_at) for row in rows]


BY_NOTE = f"SELECT {COLUMNS} FROM routed AS w WHERE w.note_id = :note_id AND w.person_id = :person_id"


async def by_note(read: Reader, person_id: ActorId, note_id: PostId) -> Routed | None:
    """Give the routed ask that a direct note is to somebody."""
    return await read.one(Routed, BY_NOTE, note_id=note_id, person_id=person_id)


ADMITS = """
SELECT 1 FROM routed AS w LEFT JOIN asks AS k ON k.post_id = w.ask_id
 WHERE w.ask_id = :ask_id AND w.person_id = :person_id AND COALESCE(k.state, 'open') IN ('open', 'answered')
"""


async def admits(read: Reader, ask_id: PostId, person_id: ActorId) -> bool:
    """Tell whether somebody here was asked: they may reply in the thread until the ask closes."""
    return await read.value(ADMITS, ask_id=ask_id, person_id=person_id) is not None


SET_REPLY = "UPDATE routed SET reply_id = :reply_id, replied_at = :now WHERE note_id = :note_id"


async def set_reply(tx: Transaction, note_id: PostId, reply_id: PostId | None, now: datetime | None) -> None:
    """Remember what was published for somebody, so that it can be taken back; None once it was."""
    await tx.execute(SET_REPLY, note_id=note_id, reply_id=reply_id, now=now)
