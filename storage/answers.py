"""Accepted answers to asks, and what follows from them: who is to be told, and whether it helped.

await answers.accept(tx, answer_id, by=ada.id, uri=activity, now=now, say=False, again_at=None)
for one in await store.read(answers.of_ask, viewer, ask_id): ...
"""

from datetime import datetime

from storage import asks, visible
from storage.engine import Change, Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row
from storage.visible import Viewer


class Accepted(Row, frozen=True):
    """A reply that was accepted as an answer, by whom and when; ``uri`` is the ChooseAnswer that says so."""

    post_id: PostId
    ask_id: PostId
    by_actor: ActorId
    uri: str | None
    accepted_at: datetime


_COLUMNS = ", ".join(f"c.{name}" for name in Accepted.__struct_fields__)

OF_ASK = f"""
SELECT {_COLUMNS} FROM accepted_answers AS c JOIN posts AS p ON p.id = c.post_id
 WHERE c.ask_id = :ask_id AND {visible.POST}
 ORDER BY c.accepted_at, c.post_id
"""


async def of_ask(read: Reader, viewer: Viewer, ask_id: PostId) -> list[Accepted]:
    """Give the accepted answers to an ask that the viewer may see, the first first."""
    return await read.all(Accepted, OF_ASK, ask_id=ask_id, **visible.parameters(viewer))


FIND = f"""
SELECT {_COLUMNS} FROM accepted_answers AS c JOIN posts AS p ON p.id = c.post_id
 WHERE c.post_id = :answer_id AND {visible.POST}
"""


async def find(read: Reader, viewer: Viewer, answer_id: PostId) -> Accepted | None:
    """Give how a post was accepted as an answer; None if it was not."""
    return await read.one(Accepted, FIND, answer_id=answer_id, **visible.parameters(viewer))


ACCEPT = """
-- An answer is a reply in the thread of an ask, read by whoever reads the thread.
INSERT INTO accepted_answers (post_id, ask_id, by_actor, uri, accepted_at)
SELECT r.id, k.post_id, :by, :uri, :now
  FROM posts AS r JOIN asks AS k ON k.post_id = r.root_id
 WHERE r.id = :answer_id AND r.id <> k.post_id AND r.removed_at IS NULL
   AND r.audience IN ('public', 'unlisted', 'members')
ON CONFLICT (post_id) DO NOTHING
"""

FOLLOW = """
UPDATE asks
   SET say_at = CASE WHEN said_by IS NULL THEN :say_at END,
       ask_again_at = CASE
        WHEN asked_again_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM asks AS o WHERE o.asker_id = asks.asker_id AND o.helped = 'stop')
        THEN COALESCE(ask_again_at, :again_at) END
 WHERE post_id = (SELECT root_id FROM posts WHERE id = :answer_id)
"""


async def accept(
    tx: Transaction,
    answer_id: PostId,
    *,
    by: ActorId,
    uri: str | None,
    now: datetime,
    say: bool = False,
    again_at: datetime | None = None,
) -> bool:
    """Accept a reply as an answer to what its thread asks; False if it is no reply there, or was accepted.

    ``say``: the community is to say that it is resolved. ``again_at``: when the asker is asked whether it
    helped; each happens once.
    """
    await asks.ensure(tx, answer_id)
    if not await tx.execute(ACCEPT, answer_id=answer_id, by=by, uri=uri, now=now):
        return False
    await asks.settle(tx, answer_id)
    await tx.execute(FOLLOW, answer_id=answer_id, say_at=now if say else None, again_at=again_at)
    return True


UNACCEPT = "DELETE FROM accepted_answers WHERE post_id = :answer_id"

LEAVE_BE = """
UPDATE asks SET say_at = NULL, ask_again_at = NULL
 WHERE post_id = (SELECT root_id FROM posts WHERE id = :answer_id) AND state <> 'resolved'
"""


async def unaccept(tx: Transaction, answer_id: PostId) -> bool:
    """Accept an answer no longer; False if it was not accepted."""
    if not await tx.execute(UNACCEPT, answer_id=answer_id):
        return False
    await asks.settle(tx, answer_id)
    await tx.execute(LEAVE_BE, answer_id=answer_id)
    return True


TOUCH = "UPDATE posts SET edited_at = :at WHERE id = :post_id AND removed_at IS NULL"


async def touch(tx: Transaction, post_id: PostId, at: datetime) -> None:
    """Note that a post of ours reads otherwise from now on, since it shows what became of its ask."""
    if await tx.execute(TOUCH, post_id=post_id, at=at):
        tx.changed(Change("edit", post_id))


TO_SAY = "SELECT post_id FROM asks WHERE say_at <= :now AND state = 'resolved' ORDER BY say_at LIMIT :limit"
SAID = "UPDATE asks SET say_at = NULL, said_by = :by WHERE post_id = :ask_id"


async def to_say(read: Reader, now: datetime, limit: int) -> list[PostId]:
    """Give the asks whose communities are to say that they are resolved."""
    return await read.values(TO_SAY, now=now, limit=limit)


async def said(tx: Transaction, ask_id: PostId, by: PostId | None) -> None:
    """Note in which post a community said that an ask is resolved; None: it need not."""
    await tx.execute(SAID, ask_id=ask_id, by=by)


TO_ASK_AGAIN = """
SELECT post_id FROM asks
 WHERE ask_again_at <= :now AND state = 'resolved' ORDER BY ask_again_at LIMIT :limit
"""
ASKED_AGAIN = """
UPDATE asks SET ask_again_at = NULL, asked_again_at = :now, asked_again_by = :by WHERE post_id = :ask_id
"""
PUT_OFF = """
UPDATE asks
   SET say_at = CASE WHEN say_at <= :now THEN :until ELSE say_at END,
       ask_again_at = CASE WHEN ask_again_at <= :now THEN :until ELSE ask_again_at END
 WHERE post_id = :ask_id
"""


async def to_ask_again(read: Reader, now: datetime, limit: int) -> list[PostId]:
    """Give the asks whose askers are to be asked whether it helped."""
    return await read.values(TO_ASK_AGAIN, now=now, limit=limit)


async def asked_again(tx: Transaction, ask_id: PostId, by: PostId | None, now: datetime) -> None:
    """Note in which post an asker was asked whether it helped; None: there is nobody to ask."""
    await tx.execute(ASKED_AGAIN, ask_id=ask_id, by=by, now=now)


async def put_off(tx: Transaction, ask_id: PostId, now: datetime, until: datetime) -> None:
    """Say, or ask, later what could not be said now."""
    await tx.execute(PUT_OFF, ask_id=ask_id, now=now, until=until)


ASKED_BY = f"""
SELECT k.post_id FROM asks AS k JOIN posts AS p ON p.id = k.post_id
 WHERE k.asked_again_by = :post_id AND {visible.POST}
"""


async def asked_by(read: Reader, viewer: Viewer, post_id: PostId) -> PostId | None:
    """Give the ask about which a post asks whether it helped."""
    found: PostId | None = await read.value(ASKED_BY, post_id=post_id, **visible.parameters(viewer))
    return found


HELPED = """
UPDATE asks SET helped = COALESCE(:helped, helped), helped_how = :how
 WHERE post_id = :ask_id AND asker_id = :asker_id AND asked_again_at IS NOT NULL
"""


async def helped(tx: Transaction, ask_id: PostId, asker_id: ActorId, helped: str | None, how: str) -> bool:
    """Keep what an asker says, who was asked whether it helped; False for anybody else.

    A line without yes or no leaves what was said before.
    """
    return await tx.execute(HELPED, ask_id=ask_id, asker_id=asker_id, helped=helped, how=how) > 0
