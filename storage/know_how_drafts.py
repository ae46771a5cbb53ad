"""Notes while they are made: which posts of a thread they quote, who was told, and who objects.

    await drafts.add(tx, draft_id, new, picks)
    told = await drafts.tell(tx, draft_id, version, people, due_at)
    state = await drafts.answer(tx, draft_id, actor_id, "leave_out", "", now)
    done = await drafts.close(tx, draft_id, version, post_id)       in the transaction that publishes it

Each change raises ``version``; what was made ready from an earlier one is not published.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.row import Row
from storage.visible import Viewer


class NewDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a facilitator makes of a thread; ``lead`` is what they say first, in Markdown."""

    by_actor: ActorId
    community_id: ActorId
    root_id: PostId
    title: str
    lead: str
    language: str | None
    licence: str
    months: int


class KnowHowDraft(Row, frozen=True):
    """One row of know_how_drafts; ``state`` draft, told, stopped or published."""

    id: RowId
    by_actor: ActorId
    community_id: ActorId
    root_id: PostId
    title: str
    lead: str
    language: str | None
    licence: str
    months: int
    state: str
    version: int
    due_at: datetime | None
    post_id: PostId | None
    created_at: datetime


class Answer(Row, frozen=True):
    """One row of know_how_answers; ``answer`` agree, leave_out, stop, or empty while nothing was said."""

    draft_id: RowId
    actor_id: ActorId
    told_at: datetime | None
    told_by: PostId | None
    answer: str
    reason: str
    answered_at: datetime | None


_COLUMNS = ", ".join(f"d.{name}" for name in KnowHowDraft.__struct_fields__)
_GIVEN = NewDraft.__struct_fields__
_ANSWER = ", ".join(f"n.{name}" for name in Answer.__struct_fields__)

# Who makes it, and who facilitates its community.
_SEEN = """(
:viewer_kind = 'system' OR d.by_actor = :viewer_actor
OR EXISTS (SELECT 1 FROM facilitators AS f
            WHERE f.community_id = d.community_id AND f.actor_id = :viewer_actor))"""

ADD = f"""
INSERT INTO know_how_drafts (id, state, created_at, {", ".join(_GIVEN)})
VALUES (:id, 'draft', :now, {", ".join(":" + name for name in _GIVEN)})
"""

PICK = """
INSERT INTO know_how_picks (draft_id, post_id) VALUES (:draft_id, :post_id) ON CONFLICT DO NOTHING
"""


async def add(
    tx: Transaction, draft_id: RowId, new: NewDraft, picks: Sequence[PostId], now: datetime
) -> None:
    """Keep a new draft with the posts that it quotes."""
    await tx.execute(ADD, id=draft_id, now=now, **msgspec.structs.asdict(new))
    await tx.many(PICK, [{"draft_id": draft_id, "post_id": post_id} for post_id in picks])


CHANGE = f"""
UPDATE know_how_drafts
   SET {", ".join(f"{name} = :{name}" for name in _GIVEN if name not in ("community_id", "root_id"))},
       state = 'draft', due_at = NULL, version = version + 1
 WHERE id = :draft_id AND version = :version AND state <> 'published'
"""

UNPICK_ALL = "DELETE FROM know_how_picks WHERE draft_id = :draft_id"
FORGET_ANSWERS = "DELETE FROM know_how_answers WHERE draft_id = :draft_id AND answer <> 'leave_out'"


async def change(
    tx: Transaction, draft_id: RowId, version: int, new: NewDraft, picks: Sequence[PostId]
) -> bool:
    """Change a draft, whose people have to be told again; False if it changed meanwhile or is published.

    Who wanted their words left out is not asked a second time.
    """
    given = {
        name: value
        for name, value in msgspec.structs.asdict(new).items()
        if name not in ("community_id", "root_id")
    }
    if not await tx.execute(CHANGE, draft_id=draft_id, version=version, **given):
        return False
    await tx.execute(UNPICK_ALL, draft_id=draft_id)
    await tx.execute(FORGET_ANSWERS, draft_id=draft_id)
    await tx.many(PICK, [{"draft_id": draft_id, "post_id": post_id} for post_id in picks])
    return True


FIND = f"SELECT {_COLUMNS} FROM know_how_drafts AS d WHERE d.id = :draft_id AND {_SEEN}"


async def find(read: Reader, viewer: Viewer, draft_id: RowId) -> KnowHowDraft | None:
    """Give a draft to who makes it and to who facilitates its community."""
    return await read.one(KnowHowDraft, FIND, draft_id=draft_id, **_who(viewer))


def _who(viewer: Viewer) -> dict[str, str | int]:
    return {"viewer_kind": viewer.kind, "viewer_actor": viewer.actor}


OF_COMMUNITY = f"""
SELECT {_COLUMNS} FROM know_how_drafts AS d
 WHERE d.community_id = :community_id AND d.state <> 'published' AND {_SEEN} ORDER BY d.id DESC LIMIT :limit
"""


async def of_community(
    read: Reader, viewer: Viewer, community_id: ActorId, *, limit: int
) -> list[KnowHowDraft]:
    """Give the drafts of a community that are not published, the latest first."""
    return await read.all(KnowHowDraft, OF_COMMUNITY, community_id=community_id, limit=limit, **_who(viewer))


PICKED = f"""
SELECT p.id FROM know_how_picks AS k JOIN posts AS p ON p.id = k.post_id
 WHERE k.draft_id = :draft_id AND p.removed_at IS NULL AND {visible.POST}
   AND NOT EXISTS (SELECT 1 FROM know_how_answers AS n
                    WHERE n.draft_id = k.draft_id AND n.actor_id = p.author_id AND n.answer = 'leave_out')
 ORDER BY p.id
"""


async def picked(read: Reader, viewer: Viewer, draft_id: RowId) -> list[PostId]:
    """Give the posts that a draft quotes, oldest first, without those whose authors do not want that."""
    return await read.values(PICKED, draft_id=draft_id, **visible.parameters(viewer))


ANSWERS = f"SELECT {_ANSWER} FROM know_how_answers AS n WHERE n.draft_id = :draft_id ORDER BY n.actor_id"


async def answers(read: Reader, draft_id: RowId) -> list[Answer]:
    """Give who is told of a draft, and what they said to it."""
    return await read.all(Answer, ANSWERS, draft_id=draft_id)


TELL = """
UPDATE know_how_drafts SET state = 'told', due_at = :due_at, version = version + 1
 WHERE id = :draft_id AND version = :version AND state IN ('draft', 'stopped')
"""

ADD_PERSON = """
INSERT INTO know_how_answers (draft_id, actor_id) VALUES (:draft_id, :actor_id)
ON CONFLICT (draft_id, actor_id) DO UPDATE
   SET answer = '', reason = '', told_at = NULL, told_by = NULL, answered_at = NULL
 WHERE know_how_answers.answer <> 'leave_out'
"""


async def tell(
    tx: Transaction, draft_id: RowId, version: int, people: Sequence[ActorId], due_at: datetime
) -> bool:
    """Let a draft wait for the word of those whom it quotes; False if it changed meanwhile."""
    if not await tx.execute(TELL, draft_id=draft_id, version=version, due_at=due_at):
        return False
    await tx.many(ADD_PERSON, [{"draft_id": draft_id, "actor_id": actor_id} for actor_id in people])
    return True


UNTOLD = f"""
SELECT {_ANSWER} FROM know_how_answers AS n JOIN know_how_drafts AS d ON d.id = n.draft_id
 WHERE n.told_at IS NULL AND n.answer = '' AND d.state = 'told' ORDER BY n.draft_id, n.actor_id LIMIT :limit
"""


async def untold(read: Reader, limit: int) -> list[Answer]:
    """Give whom a draft waits for and who were not told yet."""
    return await read.all(Answer, UNTOLD, limit=limit)


TOLD = """
UPDATE know_how_answers SET told_at = :now, told_by = :by
 WHERE draft_id = :draft_id AND actor_id = :actor_id
"""


async def told(tx: Transaction, draft_id: RowId, actor_id: ActorId, by: PostId | None, now: datetime) -> None:
    """Note that somebody was told of a draft, by which direct note."""
    await tx.execute(TOLD, draft_id=draft_id, actor_id=actor_id, by=by, now=now)


UNREACHED = """
SELECT DISTINCT n.actor_id
  FROM know_how_answers AS n
  JOIN posts AS p ON p.id = n.told_by
  JOIN bodies AS b ON b.object_uri = p.uri
  JOIN deliveries AS d ON d.body_id = b.id
 WHERE n.draft_id = :draft_id AND n.answer = ''
"""


async def unreached(read: Reader, draft_id: RowId) -> list[ActorId]:
    """Give who said nothing to a draft since what tells them still waits to be sent."""
    return await read.values(UNREACHED, draft_id=draft_id)


ANSWER = """
UPDATE know_how_answers SET answer = :answer, reason = :reason, answered_at = :now
 WHERE draft_id = :draft_id AND actor_id = :actor_id AND answer <> 'leave_out'
"""

OBJECTED = """
UPDATE know_how_drafts SET version = version + 1, state = CASE :said WHEN 'stop' THEN 'stopped' ELSE state END
 WHERE id = :draft_id AND state IN ('draft', 'told')
"""

ALL_AGREE = """
UPDATE know_how_drafts SET due_at = :now
 WHERE id = :draft_id AND state = 'told' AND due_at > :now
   AND NOT EXISTS (SELECT 1 FROM know_how_answers AS n WHERE n.draft_id = :draft_id AND n.answer = '')
"""


async def answer(
    tx: Transaction, draft_id: RowId, actor_id: ActorId, said: str, reason: str, now: datetime
) -> bool:
    """Note what somebody says to a draft; False if they are not asked, or want to be left out already.

    Once everybody has said something the time is over.
    """
    if not await tx.execute(
        ANSWER, draft_id=draft_id, actor_id=actor_id, answer=said, reason=reason, now=now
    ):
        return False
    if said != "agree":
        await tx.execute(OBJECTED, draft_id=draft_id, said=said)
    await tx.execute(ALL_AGREE, draft_id=draft_id, now=now)
    return True


DUE = f"""
SELECT {_COLUMNS} FROM know_how_drafts AS d
 WHERE d.state = 'told' AND d.due_at <= :now
   AND NOT EXISTS (SELECT 1 FROM know_how_answers AS n
                    WHERE n.draft_id = d.id AND n.told_at IS NULL AND n.answer = '')
 ORDER BY d.due_at LIMIT :limit
"""


async def due(read: Reader, now: datetime, limit: int) -> list[KnowHowDraft]:
    """Give the drafts whose people were all told and had their time."""
    return await read.all(KnowHowDraft, DUE, now=now, limit=limit)


PUT_OFF = "UPDATE know_how_drafts SET due_at = :until WHERE id = :draft_id AND state = 'told'"


async def put_off(tx: Transaction, draft_id: RowId, until: datetime) -> None:
    """Publish a draft later."""
    await tx.execute(PUT_OFF, draft_id=draft_id, until=until)


CLOSE = """
UPDATE know_how_drafts SET state = 'published', post_id = :post_id
 WHERE id = :draft_id AND version = :version AND state = 'told'
"""


async def close(tx: Transaction, draft_id: int, version: int, post_id: PostId) -> bool:
    """Note that a draft is published; False if somebody objected or it changed meanwhile."""
    return await tx.execute(CLOSE, draft_id=draft_id, version=version, post_id=post_id) > 0


STOP = """
UPDATE know_how_drafts SET state = 'stopped', due_at = NULL, version = version + 1
 WHERE id = :draft_id AND state <> 'published'
"""


async def stop(tx: Transaction, draft_id: RowId) -> bool:
    """Stop a draft; False if it is published."""
    return await tx.execute(STOP, draft_id=draft_id) > 0


HAND_OVER = """
UPDATE know_how_drafts SET by_actor = :heir, post_id = :heir_id WHERE post_id = :post_id
"""


async def hand_over(tx: Transaction, post_id: PostId, heir: ActorId, heir_id: PostId) -> None:
    """Let what a note was made in belong to the one in which it goes on: its people are heard there."""
    await tx.execute(HAND_OVER, post_id=post_id, heir=heir, heir_id=heir_id)


MOVE_ON = """
UPDATE know_how_drafts SET version = version + 1
 WHERE id IN (SELECT draft_id FROM know_how_picks WHERE post_id = :post_id)
"""

UNPICK = "DELETE FROM know_how_picks WHERE post_id = :post_id"


async def leave_out(tx: Transaction, post_id: PostId) -> None:
    """Take a post that is no more out of every draft."""
    await tx.execute(MOVE_ON, post_id=post_id)
    await tx.execute(UNPICK, post_id=post_id)
