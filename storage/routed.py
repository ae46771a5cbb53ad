"""Routed asks to people of this node, whichever node's community asked; and what was published for them.

added = await routed.add(tx, Routed(...), most=2, since=a_week_ago)     False when they were asked enough
held = await read(routed.by_note, person_id, root_id)                   what somebody answers privately
open_ = await read(routed.is_asked, ask_id, person_id)                  may they reply in its thread?
"""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row


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


COUNT_SINCE = "SELECT COUNT(*) FROM routed AS w WHERE w.person_id = :person_id AND w.asked_at > :since"


async def asked_times(read: Reader, person_id: ActorId, since: datetime) -> int:
    """Give how often somebody was asked since a moment, by anybody."""
    return int(await read.value(COUNT_SINCE, person_id=person_id, since=since))


BY_NOTE = f"SELECT {COLUMNS} FROM routed AS w WHERE w.note_id = :note_id AND w.person_id = :person_id"


async def by_note(read: Reader, person_id: ActorId, note_id: PostId) -> Routed | None:
    """Give the routed ask that a direct note is to somebody."""
    return await read.one(Routed, BY_NOTE, note_id=note_id, person_id=person_id)


BY_ASK = f"""
SELECT {COLUMNS} FROM routed AS w WHERE w.ask_id = :ask_id AND w.person_id = :person_id LIMIT 1
"""


async def by_ask(read: Reader, person_id: ActorId, ask_id: PostId) -> Routed | None:
    """Give how somebody here was asked for an ask; None if they were not."""
    return await read.one(Routed, BY_ASK, ask_id=ask_id, person_id=person_id)


SET_REPLY = "UPDATE routed SET reply_id = :reply_id, replied_at = :now WHERE note_id = :note_id"


async def set_reply(tx: Transaction, note_id: PostId, reply_id: PostId | None, now: datetime | None) -> None:
    """Remember what was published for somebody, so that it can be taken back; None once it was."""
    await tx.execute(SET_REPLY, note_id=note_id, reply_id=reply_id, now=now)
