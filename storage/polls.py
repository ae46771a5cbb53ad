"""Polls and votes: of our own posts, and of other nodes' posts that are held here.

    await polls.put(tx, post_id, new)                        with the post
    held = await store.read(polls.find, viewer, post_id)     the options in order, and the viewer's own votes

``due_at`` is when something is to happen with a poll: its new counts are told, or that it ended.
"""

import itertools
from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import visible
from storage.engine import Reader, Transaction, Value
from storage.ids import ActorId, PostId
from storage.row import Row, array_of
from storage.visible import Viewer


class NewOption(msgspec.Struct, frozen=True):
    """A choice, and its votes where another node counted them."""

    title: str
    votes_count: int = 0


class NewPoll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll to be stored; ``counted_at`` is when its counts came from its node, None for one of ours."""

    options: tuple[NewOption, ...]
    multiple: bool = False
    hide_totals: bool = False
    ends_at: datetime | None = None
    voters_count: int | None = None
    counted_at: datetime | None = None


class Option(Row, frozen=True):
    """A choice of a poll."""

    post_id: PostId
    title: str
    votes_count: int
    vote_id: int | None


class _Head(Row, frozen=True):
    post_id: PostId
    multiple: bool
    hide_totals: bool
    ends_at: datetime | None
    voters_count: int | None
    fetched_at: datetime | None


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as one viewer sees it; ``vote_id`` of an option is that of their vote for it, if any."""

    post_id: PostId
    multiple: bool
    hide_totals: bool
    ends_at: datetime | None
    voters_count: int | None
    fetched_at: datetime | None
    options: tuple[Option, ...]

    def has_ended(self, now: datetime) -> bool:
        """Tell whether no vote counts any more."""
        return self.ends_at is not None and self.ends_at <= now

    @property
    def votes_count(self) -> int:
        """Give how many votes there are, over all choices."""
        return sum(option.votes_count for option in self.options)


def is_same(held: Poll | NewPoll, new: NewPoll) -> bool:
    """Tell whether a poll asks the same still: other choices are another poll, without votes so far."""
    titles = [option.title for option in held.options]
    return titles == [option.title for option in new.options] and held.multiple == new.multiple


PUT = """
INSERT INTO polls (post_id, multiple, hide_totals, ends_at, voters_count, fetched_at, due_at)
VALUES (:post_id, :multiple, :hide_totals, :ends_at, :voters_count, :fetched_at, :due_at)
"""

PUT_OPTION = """
INSERT INTO poll_options (post_id, place, title, votes_count) VALUES (:post_id, :place, :title, :votes_count)
"""


async def put(tx: Transaction, post_id: PostId, new: NewPoll) -> None:
    """Store a poll with its post; one of ours has something due when it ends."""
    await tx.execute(
        PUT,
        post_id=post_id,
        multiple=new.multiple,
        hide_totals=new.hide_totals,
        ends_at=new.ends_at,
        voters_count=new.voters_count,
        fetched_at=new.counted_at,
        due_at=new.ends_at if new.counted_at is None else None,
    )
    rows: list[dict[str, Value]] = [
        {"post_id": post_id, "place": place, "title": option.title, "votes_count": option.votes_count}
        for place, option in enumerate(new.options)
    ]
    await tx.many(PUT_OPTION, rows)


HEADS = f"""
SELECT q.post_id, q.multiple, q.hide_totals, q.ends_at, q.voters_count, q.fetched_at
  FROM polls AS q JOIN posts AS p ON p.id = q.post_id
 WHERE q.post_id IN (SELECT value FROM json_each(:ids)) AND {visible.POST}
"""

OPTIONS = """
SELECT o.post_id, o.title, o.votes_count,
       (SELECT v.id FROM votes AS v
         WHERE v.post_id = o.post_id AND v.actor_id = :viewer_actor AND v.place = o.place)
  FROM poll_options AS o
 WHERE o.post_id IN (SELECT value FROM json_each(:ids)) ORDER BY o.post_id, o.place
"""


async def of_posts(read: Reader, viewer: Viewer, post_ids: Sequence[PostId]) -> dict[PostId, Poll]:
    """Give the polls of those posts that have one and that the viewer may see."""
    heads = await read.all(_Head, HEADS, ids=array_of(post_ids), **visible.parameters(viewer))
    ids = array_of([head.post_id for head in heads])
    rows = await read.all(Option, OPTIONS, ids=ids, viewer_actor=viewer.actor)
    options = {key: tuple(some) for key, some in itertools.groupby(rows, key=lambda row: row.post_id)}
    return {
        head.post_id: Poll(options=options.get(head.post_id, ()), **msgspec.structs.asdict(head))
        for head in heads
    }


async def find(read: Reader, viewer: Viewer, post_id: PostId) -> Poll | None:
    """Give the poll of a post that the viewer may see."""
    return (await of_posts(read, viewer, [post_id])).get(post_id)


VOTE = """
INSERT INTO votes (id, post_id, actor_id, place) VALUES (:vote_id, :post_id, :actor_id, :place)
ON CONFLICT (post_id, actor_id, place) DO NOTHING
"""

COUNT_VOTE = (
    "UPDATE poll_options SET votes_count = votes_count + 1 WHERE post_id = :post_id AND place = :place"
)

COUNT_VOTER = "UPDATE polls SET voters_count = voters_count + 1 WHERE post_id = :post_id"


async def count_vote(
    tx: Transaction, post_id: PostId, actor_id: ActorId, place: int, *, vote_id: int, first: bool
) -> bool:
    """Count one vote, once for each voter and choice; ``first``: it is the voter's first in this poll."""
    if not await tx.execute(VOTE, vote_id=vote_id, post_id=post_id, actor_id=actor_id, place=place):
        return False
    await tx.execute(COUNT_VOTE, post_id=post_id, place=place)
    if first:
        await tx.execute(COUNT_VOTER, post_id=post_id)
    return True


# Also the lock under which a voter's earlier votes are looked at: on PostgreSQL two may come at once.
DUE_BY = """
UPDATE polls SET due_at = CASE WHEN due_at <= :at THEN due_at ELSE :at END WHERE post_id = :post_id
"""


async def due_by(tx: Transaction, post_id: PostId, at: datetime | None) -> None:
    """Let something happen with a poll at a time, unless that is due sooner already."""
    await tx.execute(DUE_BY, post_id=post_id, at=at)


DUE = "SELECT post_id FROM polls WHERE due_at <= :now ORDER BY due_at LIMIT :limit"


async def due(read: Reader, now: datetime, limit: int) -> list[PostId]:
    """Give the polls with which something is due, the longest first."""
    return await read.values(DUE, now=now, limit=limit)


SETTLE = """
UPDATE polls SET due_at = CASE WHEN ends_at > :now THEN ends_at END
 WHERE post_id = :post_id AND due_at <= :now
"""


async def settle(tx: Transaction, post_id: PostId, now: datetime) -> bool:
    """Note that what was due is done, False if another did it; the end, if it is to come, is due next."""
    return await tx.execute(SETTLE, post_id=post_id, now=now) > 0


PUT_OFF = "UPDATE polls SET due_at = :until WHERE post_id = :post_id"


async def put_off(tx: Transaction, post_id: PostId, until: datetime) -> None:
    """Let what is due wait until a time."""
    await tx.execute(PUT_OFF, post_id=post_id, until=until)


TALLY = """
UPDATE polls
   SET ends_at = :ends_at, voters_count = :voters_count, fetched_at = :fetched_at,
       due_at = CASE WHEN due_at IS NULL THEN NULL ELSE :ends_at END
 WHERE post_id = :post_id
"""

TALLY_OPTION = """
UPDATE poll_options SET votes_count = :votes_count
 WHERE post_id = :post_id AND place = :place AND votes_count <> :votes_count
"""


async def tally(tx: Transaction, post_id: PostId, new: NewPoll) -> bool:
    """Take the counts and the end of a poll from its node; False, and nothing changes, if it is another poll.

    What one may choose changes with an edit only (federation.md 5.2).
    """
    held = await find(tx, visible.SYSTEM, post_id)
    if held is None or not is_same(held, new):
        return False
    await tx.execute(
        TALLY,
        post_id=post_id,
        ends_at=new.ends_at,
        voters_count=new.voters_count,
        fetched_at=new.counted_at,
    )
    for place, option in enumerate(new.options):
        await tx.execute(TALLY_OPTION, post_id=post_id, place=place, votes_count=option.votes_count)
    return True


REMOVE = (
    "DELETE FROM votes WHERE post_id = :post_id",
    "DELETE FROM poll_options WHERE post_id = :post_id",
    "DELETE FROM polls WHERE post_id = :post_id",
)

AMEND = """
UPDATE polls SET hide_totals = :hide_totals, ends_at = :ends_at, due_at = :ends_at WHERE post_id = :post_id
"""


async def change(tx: Transaction, post_id: PostId, new: NewPoll) -> None:
    """Store what an edit made of a poll, with the votes so far if it still asks the same."""
    held = await find(tx, visible.SYSTEM, post_id)
    if held is None or not is_same(held, new):
        for statement in REMOVE:
            await tx.execute(statement, post_id=post_id)
        await put(tx, post_id, new)
    elif new.counted_at is None:
        await tx.execute(AMEND, post_id=post_id, hide_totals=new.hide_totals, ends_at=new.ends_at)
    else:
        await tally(tx, post_id, new)


VOTERS = """
SELECT DISTINCT v.actor_id FROM votes AS v JOIN actors AS a ON a.id = v.actor_id
 WHERE v.post_id = :post_id AND a.local = 1
"""


async def voters_here(read: Reader, post_id: PostId) -> list[ActorId]:
    """Give the people of this node who voted, for the node to tell them that the poll ended."""
    return await read.values(VOTERS, post_id=post_id)


VOTED = "SELECT place FROM votes WHERE post_id = :post_id AND actor_id = :actor_id"


async def voted(read: Reader, post_id: PostId, actor_id: ActorId) -> list[int]:
    """Give what somebody chose, by place."""
    return await read.values(VOTED, post_id=post_id, actor_id=actor_id)
