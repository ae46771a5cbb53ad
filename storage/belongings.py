"""What somebody here arranged, marked and was told: it goes when they leave for good.

    while await store.bulk(belongings.erase_some, me, limit=100): ...
    await belongings.erase_rest(tx, me)

What they wrote is ``storage.posts``'s, what they uploaded ``storage.media``'s. Reports and the record of
decisions stay: others answer for them.
"""

from storage import entries, knowhow, likes
from storage.engine import Transaction
from storage.ids import ActorId, PostId

LIKED = "SELECT post_id FROM likes WHERE actor_id = :me ORDER BY id LIMIT :limit"

BOOSTED = """
SELECT post_id FROM entries WHERE by_actor = :me AND kind = 'boost' ORDER BY id LIMIT :limit
"""

_MANY = tuple(
    f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {column} = :me ORDER BY id LIMIT :limit)"
    for table, column in (
        ("bookmarks", "actor_id"),
        ("notifications", "actor_id"),
        ("notifications", "by_actor"),
        ("votes", "actor_id"),
    )
)


async def erase_some(tx: Transaction, me: ActorId, *, limit: int) -> int:
    """Take some of what there may be much of away; give how much, 0 at the end."""
    liked: list[PostId] = await tx.values(LIKED, me=me, limit=limit)
    for post_id in liked:
        await likes.remove(tx, me, post_id)
    used = await knowhow.used_by(tx, me, limit=limit)
    for post_id in used:
        await knowhow.unuse(tx, post_id, me)
    boosted: list[PostId] = await tx.values(BOOSTED, me=me, limit=limit)
    for post_id in boosted:
        await entries.remove(tx, me, post_id)
    gone = [await tx.execute(statement, me=me, limit=limit) for statement in _MANY]
    return len(liked) + len(used) + len(boosted) + sum(gone)


_REST = tuple(
    f"DELETE FROM {table} WHERE {column} = :me"
    for table, columns in (
        ("remarks", ("actor_id", "target_id")),
        ("blocks", ("actor_id", "target_id")),
        ("mutes", ("actor_id", "target_id")),
        ("endorsements", ("actor_id", "target_id")),
        ("unwanted_suggestions", ("actor_id", "target_id")),
        ("notification_permissions", ("actor_id", "by_actor")),
        ("notification_policies", ("actor_id",)),
        ("followed_tags", ("actor_id",)),
        ("featured_tags", ("actor_id",)),
        ("profile_pins", ("actor_id",)),
        ("thread_mutes", ("actor_id",)),
        ("muted_hosts", ("actor_id",)),
        ("lists", ("actor_id",)),
        ("list_members", ("actor_id",)),
        ("filters", ("actor_id",)),
        ("conversations", ("actor_id",)),
        ("scheduled", ("actor_id",)),
        ("markers", ("actor_id",)),
        ("invited", ("actor_id",)),
        ("push_subscriptions", ("actor_id",)),
        ("archives", ("actor_id",)),
        ("know_how_drafts", ("by_actor",)),
        ("know_how_answers", ("actor_id",)),
        ("availability", ("actor_id",)),
        ("referrals", ("person_id", "by_actor")),
        ("routed", ("person_id",)),
    )
    for column in columns
)


async def erase_rest(tx: Transaction, me: ActorId) -> None:
    """Take all else of it away."""
    for statement in _REST:
        await tx.execute(statement, me=me)
