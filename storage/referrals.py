"""Routed asks of communities of this node: who was asked for which ask, why, and what came of it.

    added = await referrals.add(tx, new, most=2, since=...)        False for who was asked enough, or the same
    times = await read(referrals.asked_since, people, since)       when each was asked, by any community here
    await referrals.take_answer(tx, new)                           what somebody who was asked writes

Nobody but the facilitators sees who was asked; the asker sees ``counts``.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from storage import actors, routed, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.posts import NewPost
from storage.row import Row, array_of
from storage.visible import Viewer

Reasons = Sequence[tuple[str, str, int]]


class Referral(Row, frozen=True):
    """One row of referrals; ``reasons`` is JSON."""

    id: RowId
    post_id: PostId
    community_id: ActorId
    person_id: ActorId
    note_id: PostId
    step: str
    by_actor: ActorId | None
    reasons: str
    asked_at: datetime
    state: str = "open"
    ended_at: datetime | None = None

    @property
    def why(self) -> list[tuple[str, str, int]]:
        """Give what spoke for them: how, which service or function, how often."""
        return [(str(kind), str(about), int(times)) for kind, about, times in json.loads(self.reasons)]


def reasons_of(reasons: Reasons) -> str:
    """Write reasons as a row holds them."""
    return json.dumps(list(reasons))


class Counts(Row, frozen=True):
    """What came of the routed asks of one ask, naming nobody."""

    asked: int
    answered: int
    declined: int


COLUMNS = ", ".join(f"r.{name}" for name in Referral.__struct_fields__)

ADD = f"""
INSERT INTO referrals ({", ".join(Referral.__struct_fields__)})
SELECT {", ".join(":" + name for name in Referral.__struct_fields__)}
 WHERE (SELECT COUNT(*) FROM referrals AS o WHERE o.person_id = :person_id AND o.asked_at > :since) < :most
ON CONFLICT (post_id, person_id) DO NOTHING
"""


async def add(tx: Transaction, new: Referral, *, most: int, since: datetime) -> bool:
    """Keep that somebody was asked; False for who was so often since a moment, or was asked the same."""
    values = {name: getattr(new, name) for name in Referral.__struct_fields__}
    return await tx.execute(ADD, most=most, since=since, **values) > 0


class _Asked(Row, frozen=True):
    person_id: ActorId
    asked_at: datetime


ASKED_SINCE = """
SELECT r.person_id, r.asked_at FROM referrals AS r
 WHERE r.person_id IN (SELECT value FROM json_each(:ids)) AND r.asked_at > :since
"""


async def asked_since(
    read: Reader, people: Iterable[ActorId], since: datetime
) -> list[tuple[ActorId, datetime]]:
    """Give each time that one of these people was asked anything since a moment."""
    rows = await read.all(_Asked, ASKED_SINCE, ids=array_of(people), since=since)
    return [(row.person_id, row.asked_at) for row in rows]


FOR = f"SELECT {COLUMNS} FROM referrals AS r WHERE r.post_id = :post_id ORDER BY r.id"


async def of_ask(read: Reader, post_id: PostId) -> list[Referral]:
    """Give who was asked for an ask, in order: for the facilitators and the broker."""
    return await read.all(Referral, FOR, post_id=post_id)


COUNTS = """
SELECT COUNT(*), COALESCE(SUM(CASE WHEN r.state = 'answered' THEN 1 ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN r.state = 'declined' THEN 1 ELSE 0 END), 0)
  FROM referrals AS r WHERE r.post_id = :post_id
"""


async def counts(read: Reader, post_id: PostId) -> Counts:
    """Give how many were asked for an ask, answered and declined."""
    found = await read.one(Counts, COUNTS, post_id=post_id)
    assert found is not None
    return found


BY_ID = f"SELECT {COLUMNS} FROM referrals AS r WHERE r.id = :referral_id"


async def by_id(read: Reader, referral_id: RowId) -> Referral | None:
    """Give a routed ask by its row id."""
    return await read.one(Referral, BY_ID, referral_id=referral_id)


FIND = f"SELECT {COLUMNS} FROM referrals AS r WHERE r.post_id = :post_id AND r.person_id = :person_id"


async def find(read: Reader, post_id: PostId, person_id: ActorId) -> Referral | None:
    """Give how somebody was asked for an ask; None if they were not."""
    return await read.one(Referral, FIND, post_id=post_id, person_id=person_id)


BY_NOTE = f"SELECT {COLUMNS} FROM referrals AS r WHERE r.note_id = :note_id AND r.person_id = :person_id"


async def by_note(read: Reader, note_id: PostId, person_id: ActorId) -> Referral | None:
    """Give the routed ask that a direct note was, if it was to this person."""
    return await read.one(Referral, BY_NOTE, note_id=note_id, person_id=person_id)


ADMITS = """
SELECT 1 FROM referrals AS r JOIN asks AS k ON k.post_id = r.post_id
 WHERE r.post_id = :ask_id AND r.person_id = :person_id AND r.state <> 'declined'
   AND k.state IN ('open', 'answered')
"""


async def admits(read: Reader, ask_id: PostId, person_id: ActorId) -> bool:
    """Tell whether somebody was asked by us: they may reply in the thread until the ask closes."""
    return await read.value(ADMITS, ask_id=ask_id, person_id=person_id) is not None


END = """
UPDATE referrals SET state = :state, ended_at = :now WHERE id = :referral_id AND state = 'open'
"""


async def end(tx: Transaction, referral_id: RowId, state: str, now: datetime) -> bool:
    """Note that somebody answered or declined; False if that was noted before."""
    return await tx.execute(END, referral_id=referral_id, state=state, now=now) > 0


ANSWERED = """
UPDATE referrals SET state = 'answered', ended_at = :now
 WHERE post_id = :root_id AND person_id = :author_id AND state = 'open'
"""

TAKE_ANSWER = """
INSERT INTO referral_answers (post_id, referral_id)
SELECT :post_id, r.id FROM referrals AS r WHERE r.note_id = :root_id AND r.person_id = :author_id
ON CONFLICT (post_id) DO NOTHING
"""


async def take_answer(tx: Transaction, new: NewPost, note_id: PostId | None = None) -> None:
    """Note what somebody who was asked writes: a reply in the thread, or a private one for the broker.

    ``note_id``: a reply that is published for somebody here, who wrote it under that note. What anybody else
    writes in either place changes nothing.
    """
    if note_id is not None:
        await routed.set_reply(tx, note_id, new.id, new.published_at)
    if new.in_reply_to is None:
        return
    if new.audience != "direct":
        await tx.execute(ANSWERED, root_id=new.root_id, author_id=new.author_id, now=new.published_at)
    elif await tx.execute(TAKE_ANSWER, post_id=new.id, root_id=new.root_id, author_id=new.author_id):
        tx.wake("broker")


class Waiting(Row, frozen=True):
    """A private answer that waits to be read, with the routed ask that it is to."""

    post_id: PostId
    referral_id: RowId


WAITING = "SELECT w.post_id, w.referral_id FROM referral_answers AS w ORDER BY w.post_id LIMIT :limit"


async def waiting(read: Reader, limit: int) -> list[Waiting]:
    """Give private answers that the broker has yet to read, oldest first."""
    return await read.all(Waiting, WAITING, limit=limit)


HEARD = "DELETE FROM referral_answers WHERE post_id = :post_id"


async def heard(tx: Transaction, post_id: PostId) -> bool:
    """Note that a private answer was read; False if that was done before."""
    return await tx.execute(HEARD, post_id=post_id) > 0


NAMED_IN = f"""
SELECT {actors.COLUMNS} FROM mentions AS m JOIN actors AS a ON a.id = m.actor_id
 WHERE m.post_id = :post_id AND {visible.ACTOR} ORDER BY a.id LIMIT 50
"""


async def named_in(read: Reader, viewer: Viewer, post_id: PostId) -> list[Actor]:
    """Give whom a private answer mentions: one of them may be asked in its author's place."""
    return await read.all(Actor, NAMED_IN, post_id=post_id, **visible.parameters(viewer))
