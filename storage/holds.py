"""What is on hold: a person, a community or a thread of which nothing is deleted until the hold is lifted.

    await store.write(holds.place, hold)
    if await holds.is_held(tx, "person", actor_id): ...

The fragments are over fixed aliases, for statements that delete: ``p`` for posts, ``a`` for actors. What is
deleted all the same, by its author or from elsewhere, ``storage.sealed`` keeps.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row, array_of

Kind = Literal["person", "community", "thread"]

ON_POST: Final = """(
EXISTS (SELECT 1 FROM holds AS v_o WHERE v_o.kind = 'person' AND v_o.target_id = p.author_id)
OR EXISTS (SELECT 1 FROM holds AS v_o WHERE v_o.kind = 'community' AND v_o.target_id = p.community_id)
OR EXISTS (SELECT 1 FROM holds AS v_o WHERE v_o.kind = 'thread' AND v_o.target_id = p.root_id))"""

ON_ACTOR: Final = """
EXISTS (SELECT 1 FROM holds AS v_o WHERE v_o.kind IN ('person', 'community') AND v_o.target_id = a.id)"""


class Hold(Row, frozen=True):
    """One row of holds: on what, why, by whom and since when."""

    kind: Kind
    target_id: int
    uri: str
    name: str
    reason: str
    by_name: str
    at: datetime


class HoldView(Row, frozen=True):
    """A hold with how many posts it keeps that stand, and how many that were deleted and are sealed."""

    kind: Kind
    target_id: int
    uri: str
    name: str
    reason: str
    by_name: str
    at: datetime
    posts: int
    sealed: int


_COLUMNS = ", ".join(Hold.__struct_fields__)

PLACE = f"""
INSERT INTO holds ({_COLUMNS}) VALUES (:kind, :target_id, :uri, :name, :reason, :by_name, :at)
ON CONFLICT (kind, target_id) DO NOTHING
"""


async def place(tx: Transaction, hold: Hold) -> bool:
    """Put something on hold; False if it is."""
    return await tx.execute(PLACE, **{name: getattr(hold, name) for name in Hold.__struct_fields__}) > 0


LIFT = f"DELETE FROM holds WHERE kind = :kind AND target_id = :target_id RETURNING {_COLUMNS}"


async def lift(tx: Transaction, kind: str, target_id: int) -> Hold | None:
    """End a hold and give it; None if there is none."""
    return await tx.one(Hold, LIFT, kind=kind, target_id=target_id)


FIND = f"SELECT {_COLUMNS} FROM holds WHERE kind = :kind AND target_id = :target_id"


async def find(read: Reader, kind: str, target_id: int) -> Hold | None:
    """Give the hold on something."""
    return await read.one(Hold, FIND, kind=kind, target_id=target_id)


ALL_OF = """
SELECT h.kind, h.target_id, h.uri, h.name, h.reason, h.by_name, h.at,
       (SELECT COUNT(*) FROM posts AS p WHERE p.removed_at IS NULL AND (
           h.kind = 'person' AND p.author_id = h.target_id
        OR h.kind = 'community' AND p.community_id = h.target_id
        OR h.kind = 'thread' AND p.root_id = h.target_id)),
       (SELECT COUNT(*) FROM sealed AS s JOIN posts AS p ON p.id = s.row_id WHERE s.kind = 'post' AND (
           h.kind = 'person' AND p.author_id = h.target_id
        OR h.kind = 'community' AND p.community_id = h.target_id
        OR h.kind = 'thread' AND p.root_id = h.target_id))
  FROM holds AS h ORDER BY h.at DESC, h.kind, h.target_id
"""


async def all_of(read: Reader) -> list[HoldView]:
    """Give every hold, the latest first."""
    return await read.all(HoldView, ALL_OF)


HELD_AMONG = f"SELECT p.id FROM posts AS p WHERE p.id IN (SELECT value FROM json_each(:ids)) AND {ON_POST}"


async def held_among(read: Reader, post_ids: Sequence[PostId]) -> set[PostId]:
    """Give those of some posts that are on hold: themselves, by their thread, community or author."""
    return set(await read.values(HELD_AMONG, ids=array_of(post_ids)))


async def is_person_held(read: Reader, actor_id: ActorId) -> bool:
    """Tell whether a person is on hold."""
    return await find(read, "person", actor_id) is not None
