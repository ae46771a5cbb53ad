"""What somebody arranged, marked and was told goes with them."""

import re

from storage import belongings, blocks, bookmarks, likes, lists, posts
from storage.engine import Reader, Store, Transaction
from storage.ids import ActorId
from storage.sqlite import SqliteStore
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON

# What stays, or goes in another way, with the reason.
ELSEWHERE = {
    "accepted_answers": "go with each post",
    "accounts": "emptied (accounts.forget)",
    "activities": "go with each post (activities.erase_post)",
    "archives": "see belongings",
    "bans": "of communities: others answer for them",
    "communities": "are no people",
    "counted": "ids only",
    "entries": "those of posts go with them, boosts in steps",
    "erasures": "tell what became of it",
    "erasure_hosts": "tell what became of it",
    "facilitators": "of communities: others answer for them",
    "follows": "ended one by one (actions.leave)",
    "handles": "never given again",
    "histories": "of communities",
    "holds": "beat it: an erasure waits, or what it deletes is sealed (storage.sealed)",
    "invitations": "ended (accounts.end_invitations)",
    "know_how_parts": "left with each post (knowhow.leave_out)",
    "know_how_uses": "in steps",
    "likes": "in steps",
    "listed_elsewhere": "of people elsewhere",
    "listings": "a tombstone for 30 days (storage.directory)",
    "bookmarks": "in steps",
    "notifications": "in steps",
    "votes": "in steps",
    "media": "in no post any more: gone after a day (media.remove_unattached)",
    "members": "of communities elsewhere, by id",
    "mentions": "go with each post",
    "offers": "go after 90 days",
    "pictures": "of people elsewhere",
    "posts": "emptied (posts.remove)",
    "practice_terms": "emptied with the profile (actors.mark_deleted)",
    "private_keys": "until everybody is told (storage.erasures)",
    "profile_readers": "of people elsewhere",
    "reports": "others answer for them",
    "rosters": "of communities",
    "search_due": "is what a worker has to do",
    "sessions": "ended (sessions.end_all)",
    "tokens": "ended (oauth.revoke_all)",
    "codes": "ended with their hour (oauth.clean)",
    "withheld": "forgotten (withheld.forget_author)",
}


async def test_each_table_that_knows_people_is_seen_to(engine: SqliteStore) -> None:
    async def tables(read: Reader) -> list[str]:
        return await read.values(
            """SELECT DISTINCT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
            WHERE m.type = 'table' AND c.name IN ('actor_id', 'by_actor', 'author_id', 'target_id',
            'owner_id', 'sender_id', 'requester_id', 'facilitator_id', 'follower_id')"""
        )

    named = set(await engine.read(tables)) - {"bodies"}  # a Delete waits there
    erased = set(re.findall(r"DELETE FROM (\w+)", " ".join((*belongings._REST, *belongings._MANY))))
    assert named - erased - ELSEWHERE.keys() == set(), "say what becomes of it when somebody leaves"


async def test_marks_go_with_their_counts_a_few_at_a_time(store: Store) -> None:
    me, ada = await people.add(store, "me"), await people.add(store, "ada")
    held = [await written.add(store, ada) for _ in range(5)]
    for number, post in enumerate(held, 1):
        await store.write(likes.add, number, me, post.id, None)
        await store.write(bookmarks.add, number, me, post.id)
        await written.pass_on(store, me, post.id)
        await written.tell(store, ada, "like", me, post.id)
        await written.tell(store, me, "mention", ada, post.id)
    while await store.bulk(belongings.erase_some, me, limit=2):
        pass
    for post in held:
        found = await store.read(posts.find, SYSTEM, post.id)
        assert found is not None
        assert (found.likes_count, found.boosts_count) == (0, 0)
    for table in ("likes", "bookmarks", "notifications"):
        assert await store.read(_count, table) == 0


async def test_the_rest_goes_and_nothing_of_others(store: Store) -> None:
    me, ada, bea = [await people.add(store, name) for name in ("me", "ada", "bea")]
    await store.write(blocks.set_remark, me, ada, "secret")
    await store.write(blocks.set_remark, ada, me, "of me")
    await store.write(blocks.set_remark, ada, bea, "stays")
    await store.write(blocks.mute, 1, me, ada, notifications=True, until=NOON)
    await store.write(lists.add, 2, me, title="Mine", replies="list", exclusive=False)
    await store.write(_schedule, me)
    await store.write(belongings.erase_rest, me)
    assert [await store.read(_count, name) for name in ("remarks", "mutes", "lists", "scheduled")] == [
        1,
        0,
        0,
        0,
    ]


async def _schedule(tx: Transaction, me: ActorId) -> None:
    await tx.execute(
        "INSERT INTO scheduled (id, actor_id, due_at, draft) VALUES (1, :me, :at, '{}')", me=me, at=NOON
    )


async def _count(read: Reader, table: str) -> int:
    return int(await read.value(f"SELECT COUNT(*) FROM {table}"))
