"""Reports about people and what they posted, ours and those that came as a Flag.

Who may read one and decide: admins of this node, and the facilitators of the community that it concerns;
never whom it is about.
"""

import json
from datetime import datetime

import msgspec

from storage import pages
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer


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
    assigned_to: ActorId | None
    closed_by: ActorId | None
    closed_at: datetime | None
    created_at: datetime

    @property
    def post_ids(self) -> list[PostId]:
        """Give the posts that it names."""
        return [PostId(row_id) for row_id in json.loads(self.posts)]


_COLUMNS = ", ".join(f"r.{name}" for name in Report.__struct_fields__)

_MAY_DECIDE = """(
r.target_id <> :viewer_actor AND (
    EXISTS (SELECT 1 FROM accounts AS v_c
             WHERE v_c.actor_id = :viewer_actor AND v_c.admin = 1 AND v_c.state = 'active')
    OR EXISTS (SELECT 1 FROM facilitators AS v_f
                WHERE v_f.community_id = r.community_id AND v_f.actor_id = :viewer_actor
                  AND EXISTS (SELECT 1 FROM actors AS v_a
                               WHERE v_a.id = v_f.community_id AND v_a.local = 1
                                  OR v_a.id = r.by_actor AND v_a.local = 0))))"""

ADD = """
INSERT INTO reports
       (id, uri, by_actor, target_id, community_id, comment, category, posts, forwarded, created_at)
VALUES (:id, :uri, :by_actor, :target_id, :community_id, :comment, :category, :posts, :forwarded, :created_at)
ON CONFLICT (uri) DO NOTHING
"""


async def add(tx: Transaction, new: NewReport) -> bool:
    """Store a report; False if its id is known already."""
    return await tx.execute(ADD, **msgspec.structs.asdict(new) | {"posts": json.dumps(new.posts)}) > 0


FIND = f"SELECT {_COLUMNS} FROM reports AS r WHERE r.id = :report_id AND {_MAY_DECIDE}"


async def find(read: Reader, viewer: Viewer, report_id: RowId) -> Report | None:
    """Give a report that the viewer may decide."""
    return await read.one(Report, FIND, report_id=report_id, viewer_actor=viewer.actor)


FIND_OWN = f"SELECT {_COLUMNS} FROM reports AS r WHERE r.id = :report_id AND r.by_actor = :viewer_actor"


async def find_own(read: Reader, viewer: Viewer, report_id: RowId) -> Report | None:
    """Give a report that the viewer made."""
    return await read.one(Report, FIND_OWN, report_id=report_id, viewer_actor=viewer.actor)


HAS_OPEN = """
SELECT 1 FROM reports WHERE closed_at IS NULL AND by_actor = :viewer_actor AND target_id = :target_id
"""


async def has_open(read: Reader, viewer: Viewer, target_id: ActorId) -> bool:
    """Tell whether a report of the viewer about somebody waits to be handled."""
    return await read.value(HAS_OPEN, viewer_actor=viewer.actor, target_id=target_id) is not None


PAGE = f"""
SELECT {_COLUMNS} FROM reports AS r
 WHERE CASE WHEN r.closed_at IS NULL THEN 0 ELSE 1 END = :closed
   AND (:by_actor IS NULL OR r.by_actor = :by_actor)
   AND (:target_id IS NULL OR r.target_id = :target_id) AND {_MAY_DECIDE} AND {pages.where("r.id")}
"""


async def page(
    read: Reader,
    viewer: Viewer,
    page: Page,
    *,
    closed: bool,
    by_actor: int | None = None,
    target_id: int | None = None,
) -> list[Report]:
    """Give the reports that the viewer may decide, or that are closed, the latest first."""
    rows = await read.all(
        Report,
        pages.text(PAGE, page),
        closed=closed,
        by_actor=by_actor,
        target_id=target_id,
        viewer_actor=viewer.actor,
        **pages.parameters(page),
    )
    return pages.ordered(rows, page)


MAY_DECIDE_ANY = """
SELECT EXISTS (SELECT 1 FROM accounts WHERE actor_id = :viewer_actor AND admin = 1 AND state = 'active')
    OR EXISTS (SELECT 1 FROM facilitators AS f JOIN actors AS a ON a.id = f.community_id
                WHERE f.actor_id = :viewer_actor AND a.local = 1)
"""


async def may_decide_any(read: Reader, viewer: Viewer) -> bool:
    """Tell whether there can be reports that the viewer may decide."""
    return bool(await read.value(MAY_DECIDE_ANY, viewer_actor=viewer.actor))


DECIDERS = """
SELECT actor_id FROM accounts WHERE admin = 1 AND state = 'active'
 UNION
SELECT f.actor_id FROM facilitators AS f JOIN actors AS a ON a.id = f.actor_id
 WHERE f.community_id = :community_id AND a.local = 1
   AND EXISTS (SELECT 1 FROM actors AS g
                WHERE g.id = f.community_id AND g.local = 1 OR g.id = :by_actor AND g.local = 0)
"""


async def deciders(read: Reader, community_id: ActorId | None, by_actor: ActorId) -> list[ActorId]:
    """Give the people of this node who handle what somebody reports of a community, or outside of any.

    Who facilitates a community of another node is named there: of them only what comes from elsewhere is
    told, since that names nobody here as who reports.
    """
    return await read.values(DECIDERS, community_id=community_id, by_actor=by_actor)


CLOSE = """
UPDATE reports SET closed_at = :now, closed_by = :by, assigned_to = COALESCE(assigned_to, :by)
 WHERE id = :report_id AND closed_at IS NULL
"""


async def close(tx: Transaction, report_id: RowId, by: ActorId, now: datetime) -> bool:
    """Mark a report as handled, for everybody; False if it was."""
    return await tx.execute(CLOSE, report_id=report_id, by=by, now=now) > 0


REOPEN = """
UPDATE reports SET closed_at = NULL, closed_by = NULL WHERE id = :report_id AND closed_at IS NOT NULL
"""


async def reopen(tx: Transaction, report_id: RowId) -> bool:
    """Mark a report as not handled yet; False if it was not."""
    return await tx.execute(REOPEN, report_id=report_id) > 0


ASSIGN = "UPDATE reports SET assigned_to = :to WHERE id = :report_id"


async def assign(tx: Transaction, report_id: RowId, to: ActorId | None) -> None:
    """Note who handles a report, or that nobody does."""
    await tx.execute(ASSIGN, report_id=report_id, to=to)


SET_CATEGORY = "UPDATE reports SET category = :category WHERE id = :report_id"


async def set_category(tx: Transaction, report_id: RowId, category: str) -> None:
    """Put a report under another heading."""
    await tx.execute(SET_CATEGORY, report_id=report_id, category=category)


NAMED = (
    f"SELECT {_COLUMNS} FROM reports AS r WHERE r.id IN (SELECT value FROM json_each(:ids)) AND {_MAY_DECIDE}"
)


async def by_ids(read: Reader, viewer: Viewer, ids: list[int]) -> list[Report]:
    """Give those of some reports that the viewer may decide."""
    return await read.all(Report, NAMED, ids=json.dumps(ids), viewer_actor=viewer.actor)
