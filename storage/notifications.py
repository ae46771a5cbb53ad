"""What a person is told: each once for (who is told, kind, by whom, post, community, report)."""

import json
from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage import pages, verdicts, visible
from storage.engine import Change, Reader, Transaction
from storage.ids import ActorId, NotificationId, PostId, RowId
from storage.pages import Page
from storage.row import Row
from storage.visible import Viewer


class NewNotification(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell a person."""

    id: NotificationId
    actor_id: ActorId
    type: str
    by_actor: ActorId
    post_id: PostId | None
    target_id: ActorId | None
    created_at: datetime
    report_id: RowId | None = None


class Notification(Row, frozen=True):
    """One row of notifications; ``actor_id`` is who is told."""

    id: NotificationId
    actor_id: ActorId
    type: str
    by_actor: ActorId
    post_id: PostId | None
    target_id: ActorId | None
    created_at: datetime
    report_id: RowId | None = None


_COLUMNS = ", ".join(f"n.{name}" for name in Notification.__struct_fields__)

# The post it is about, if any, and whoever did it, can be seen.
_SEEN = f"""
{visible.ACTOR} AND (n.post_id IS NULL OR EXISTS (
    SELECT 1 FROM posts AS p WHERE p.id = n.post_id AND p.removed_at IS NULL AND {visible.POST}))
"""

ADD = f"""
-- Nobody is told of whom they blocked or muted, of a thread that they muted, nor of what they may not see.
INSERT INTO notifications (id, actor_id, type, by_actor, post_id, target_id, created_at, report_id, filtered)
{verdicts.OF_POLICY}
SELECT :id, :actor_id, :type, :by_actor, :post_id, :target_id, :created_at, :report_id,
       CASE WHEN EXISTS (SELECT 1 FROM verdicts WHERE word = 'filter') THEN 1 ELSE 0 END
 WHERE NOT EXISTS (SELECT 1 FROM verdicts WHERE word = 'drop')
   AND NOT EXISTS (SELECT 1 FROM blocks WHERE actor_id = :actor_id AND target_id = :by_actor)
   AND NOT EXISTS (SELECT 1 FROM mutes
                    WHERE actor_id = :actor_id AND target_id = :by_actor AND notifications = 1
                      AND (until IS NULL OR until > :created_at))
   AND NOT EXISTS (SELECT 1 FROM muted_hosts AS h JOIN actors AS a ON a.host = h.host
                    WHERE h.actor_id = :actor_id AND a.id = :by_actor)
   AND NOT EXISTS (SELECT 1 FROM posts AS p
                     JOIN thread_mutes AS t ON t.root_id = p.root_id AND t.actor_id = :actor_id
                    WHERE p.id = :post_id)
   AND (:post_id IS NULL OR EXISTS (SELECT 1 FROM posts AS p WHERE p.id = :post_id AND {visible.POST}))
ON CONFLICT DO NOTHING RETURNING filtered
"""

PUSH = "UPDATE push_subscriptions SET due_at = :created_at WHERE actor_id = :actor_id AND due_at IS NULL"


async def add(tx: Transaction, new: NewNotification) -> bool:
    """Tell a person something; False if they were told before, or do not want to hear it."""
    reader = visible.parameters(visible.person(new.actor_id))
    recent = new.created_at - verdicts.NEW_FOR
    filtered = await tx.value(ADD, **msgspec.structs.asdict(new), recent=recent, **reader)
    if filtered == 0:  # what is kept for a second look wakes nobody
        await tx.execute(PUSH, actor_id=new.actor_id, created_at=new.created_at)
        tx.changed(Change("notification", new.id, frozenset((new.actor_id,))))
    return filtered is not None


PAGE = f"""
SELECT {_COLUMNS} FROM notifications AS n JOIN actors AS a ON a.id = n.by_actor
 WHERE n.actor_id = :me AND n.type IN (SELECT value FROM json_each(:types))
   AND (:by_actor IS NULL OR n.by_actor = :by_actor) AND n.filtered IN (0, :filtered)
   AND {_SEEN} AND {pages.where("n.id")}
"""


async def page(
    read: Reader,
    viewer: Viewer,
    me: ActorId,
    page: Page,
    *,
    types: Sequence[str],
    by_actor: int | None = None,
    filtered: bool = False,
) -> list[Notification]:
    """Give what a person was told of some kinds, the latest first; with ``by_actor`` only of one actor.

    ``filtered``: what the person's policy keeps for a second look, too.
    """
    rows = await read.all(
        Notification,
        pages.text(PAGE, page),
        me=me,
        types=json.dumps(types),
        by_actor=by_actor,
        filtered=filtered,
        **visible.parameters(viewer),
        **pages.parameters(page),
    )
    return pages.ordered(rows, page)


FIND = f"""
SELECT {_COLUMNS} FROM notifications AS n JOIN actors AS a ON a.id = n.by_actor
 WHERE n.id = :notification_id AND n.actor_id = :viewer_actor AND {_SEEN}
"""


async def find(read: Reader, viewer: Viewer, notification_id: NotificationId) -> Notification | None:
    """Give something that the viewer was told."""
    return await read.one(Notification, FIND, notification_id=notification_id, **visible.parameters(viewer))


READ_TO = "SELECT last_read_id FROM markers WHERE actor_id = :me AND timeline = 'notifications'"


async def read_to(read: Reader, me: ActorId) -> int:
    """Give the last notification that a person has read, 0 for none."""
    return int(await read.value(READ_TO, me=me) or 0)


UNREAD_COUNT = f"""
SELECT COUNT(*) FROM (
    SELECT 1 FROM notifications AS n JOIN actors AS a ON a.id = n.by_actor
     WHERE n.actor_id = :me AND n.filtered = 0 AND {_SEEN} AND n.id > COALESCE(
        (SELECT last_read_id FROM markers WHERE actor_id = :me AND timeline = 'notifications'), 0)
     LIMIT :limit) AS unread
"""


async def unread_count(read: Reader, viewer: Viewer, me: ActorId, *, limit: int) -> int:
    """Count what a person was told since their marker, as far as ``limit``."""
    return int(await read.value(UNREAD_COUNT, me=me, limit=limit, **visible.parameters(viewer)))


DISMISS = "DELETE FROM notifications WHERE id = :notification_id AND actor_id = :actor_id"


async def dismiss(tx: Transaction, actor_id: ActorId, notification_id: NotificationId) -> bool:
    """Remove something that a person was told; False if it was not theirs."""
    return await tx.execute(DISMISS, actor_id=actor_id, notification_id=notification_id) > 0


CLEAR = "DELETE FROM notifications WHERE actor_id = :actor_id"


async def clear(tx: Transaction, actor_id: ActorId) -> None:
    """Remove all that a person was told."""
    await tx.execute(CLEAR, actor_id=actor_id)


SETTLE_REQUEST = """
-- A request to follow a person names no target: that is who is told.
DELETE FROM notifications
 WHERE type = 'follow_request' AND by_actor = :requester_id AND COALESCE(target_id, actor_id) = :target_id
"""


async def settle_request(tx: Transaction, requester_id: ActorId, target_id: ActorId) -> None:
    """Remove what was told of a request that somebody has decided, from everybody who was told."""
    await tx.execute(SETTLE_REQUEST, requester_id=requester_id, target_id=target_id)
