"""What a person's policy says of a notification: see it at once, look through it first, or never.

``OF_POLICY`` is the beginning of the statement that adds one; a person without a policy, which is most, costs
one look-up. What only few are told of, and what answers the person's own doing, is never held back.
"""

from datetime import timedelta
from typing import Literal

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row
from storage.visible import Viewer

Word = Literal["accept", "filter", "drop"]

# An account is new for so long, as Mastodon's NotifyService has it.
NEW_FOR = timedelta(days=30)

OF_POLICY = """
WITH held AS (
    SELECT p.* FROM notification_policies AS p
     WHERE p.actor_id = :actor_id AND :type IN ('mention', 'boost', 'follow', 'like')
       AND NOT EXISTS (SELECT 1 FROM notification_permissions AS n
                        WHERE n.actor_id = :actor_id AND n.by_actor = :by_actor)),
follows_back (n) AS (SELECT COUNT(*) FROM follows WHERE follower_id = :actor_id AND target_id = :by_actor
                        AND state = 'accepted'),
verdicts (word) AS (
    SELECT not_following FROM held WHERE (SELECT n FROM follows_back) = 0
    UNION ALL SELECT not_followers FROM held WHERE NOT EXISTS (
        SELECT 1 FROM follows WHERE follower_id = :by_actor AND target_id = :actor_id AND state = 'accepted')
    UNION ALL SELECT new_accounts FROM held WHERE (SELECT n FROM follows_back) = 0 AND EXISTS (
        SELECT 1 FROM actors WHERE id = :by_actor AND created_at > :recent)
    UNION ALL SELECT private_mentions FROM held WHERE (SELECT n FROM follows_back) = 0 AND EXISTS (
        SELECT 1 FROM posts AS d LEFT JOIN posts AS q ON q.id = d.parent_id
         WHERE d.id = :post_id AND d.audience = 'direct' AND (q.id IS NULL OR q.author_id <> :actor_id)))
"""


class Policy(Row, frozen=True):
    """What a person says of each kind of sender."""

    not_following: Word = "accept"
    not_followers: Word = "accept"
    new_accounts: Word = "accept"
    private_mentions: Word = "accept"
    limited_accounts: Word = "accept"


_COLUMNS = ", ".join(Policy.__struct_fields__)

FIND = f"SELECT {_COLUMNS} FROM notification_policies WHERE actor_id = :me"


async def policy_of(read: Reader, me: ActorId) -> Policy:
    """Give a person's policy; who never said anything accepts all."""
    return await read.one(Policy, FIND, me=me) or Policy()


PUT = f"""
INSERT INTO notification_policies (actor_id, {_COLUMNS})
VALUES (:me, {", ".join(f":{name}" for name in Policy.__struct_fields__)})
ON CONFLICT (actor_id) DO UPDATE SET {", ".join(f"{name} = :{name}" for name in Policy.__struct_fields__)}
"""


async def put_policy(tx: Transaction, me: ActorId, policy: Policy) -> None:
    """Store a person's policy; it holds for what comes from now on."""
    await tx.execute(PUT, me=me, **{name: getattr(policy, name) for name in Policy.__struct_fields__})


class Request(Row, frozen=True):
    """Somebody of whom a person has notifications to look through."""

    by_actor: ActorId
    count: int
    first_id: int
    last_id: int
    last_post_id: int | None


REQUESTS = f"""
SELECT n.by_actor, COUNT(*), MIN(n.id), MAX(n.id), MAX(n.post_id)
  FROM notifications AS n JOIN actors AS a ON a.id = n.by_actor
 WHERE n.actor_id = :me AND n.filtered = 1 AND (:by_actor IS NULL OR n.by_actor = :by_actor)
   AND {visible.ACTOR}
 GROUP BY n.by_actor HAVING MAX(n.id) < :before ORDER BY MAX(n.id) DESC LIMIT :limit
"""


async def requests(
    read: Reader, viewer: Viewer, me: ActorId, *, before: int, limit: int, by_actor: ActorId | None = None
) -> list[Request]:
    """Give those of whom a person has notifications to look through, the latest first."""
    return await read.all(
        Request,
        REQUESTS,
        me=me,
        before=before,
        limit=limit,
        by_actor=by_actor,
        **visible.parameters(viewer),
    )


WAITING = "SELECT COUNT(DISTINCT by_actor), COUNT(*) FROM notifications WHERE actor_id = :me AND filtered = 1"


async def waiting(read: Reader, me: ActorId) -> tuple[int, int]:
    """Count those of whom a person has notifications to look through, and the notifications."""
    return await read.one(tuple[int, int], WAITING, me=me) or (0, 0)


PERMIT = """
INSERT INTO notification_permissions (actor_id, by_actor) VALUES (:me, :by_actor)
ON CONFLICT (actor_id, by_actor) DO NOTHING
"""

SHOW = "UPDATE notifications SET filtered = 0 WHERE actor_id = :me AND by_actor = :by_actor AND filtered = 1"


async def accept(tx: Transaction, me: ActorId, by_actor: ActorId) -> bool:
    """Show what was kept back of somebody, and keep nothing of theirs back any more; False if nothing was."""
    shown = await tx.execute(SHOW, me=me, by_actor=by_actor) > 0
    if shown:
        await tx.execute(PERMIT, me=me, by_actor=by_actor)
    return shown


DISMISS = "DELETE FROM notifications WHERE actor_id = :me AND by_actor = :by_actor AND filtered = 1"


async def dismiss(tx: Transaction, me: ActorId, by_actor: ActorId) -> bool:
    """Remove what was kept back of somebody; False if nothing was."""
    return await tx.execute(DISMISS, me=me, by_actor=by_actor) > 0
