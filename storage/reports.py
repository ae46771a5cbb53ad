"""Reports about people and what they posted, ours and those that came as a Flag."""

import json
from datetime import datetime

import msgspec

from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.row import Row


class NewReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report to be stored; ``community_id`` is where it happened, whose facilitators handle it."""

    id: RowId
    uri: str | None
    by_actor: ActorId
    target_id: ActorId
    community_id: ActorId | None
    comment: str = ""
    category: str = "other"
    posts: tuple[PostId, ...] = ()
    forwarded: bool = False
    created_at: datetime


class Report(Row, frozen=True):
    """One row of reports; ``posts`` is JSON: row ids."""

    id: RowId
    uri: str | None
    by_actor: ActorId
    target_id: ActorId
    community_id: ActorId | None
    comment: str
    category: str
    posts: str
    forwarded: bool
    closed_at: datetime | None
    created_at: datetime


_COLUMNS = ", ".join(Report.__struct_fields__)

ADD = """
INSERT INTO reports
       (id, uri, by_actor, target_id, community_id, comment, category, posts, forwarded, created_at)
VALUES (:id, :uri, :by_actor, :target_id, :community_id, :comment, :category, :posts, :forwarded, :created_at)
ON CONFLICT (uri) DO NOTHING
"""


async def add(tx: Transaction, new: NewReport) -> bool:
    """Store a report; False if its id is known already."""
    return await tx.execute(ADD, **msgspec.structs.asdict(new) | {"posts": json.dumps(new.posts)}) > 0


FIND = f"SELECT {_COLUMNS} FROM reports WHERE id = :report_id"


async def find(read: Reader, report_id: RowId) -> Report | None:
    """Give a report."""
    return await read.one(Report, FIND, report_id=report_id)
