"""Activities that outlive their queue row."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import activities, peers
from storage.activities import NewKept
from storage.engine import Store, Transaction
from storage.ids import ActorId, PostId
from storage.visible import node

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FLOODS = ActorId(7)
CREATE = "https://kent.example/activities/1"
WRAPPER = "https://leeds.example/activities/1"
PLAIN = "https://leeds.example/activities/2"


def new(uri: str = CREATE, *, kind: str = "Create", minutes: int = 0, audience: str = "public") -> NewKept:
    return NewKept(
        uri=uri,
        type=kind,
        actor_id=ActorId(1),
        audience=audience,
        body=b'{"as": "it came"}',
        at=NOW + timedelta(minutes=minutes),
        community_id=FLOODS,
        post_id=PostId(5),
        object_uri="https://kent.example/posts/1",
        wrapped_by=WRAPPER if uri == CREATE else f"{WRAPPER}/{uri}",
        plain_by=PLAIN if uri == CREATE else f"{PLAIN}/{uri}",
    )


async def _add_post(tx: Transaction) -> None:
    await tx.execute(
        """INSERT INTO actors (id, uri, type, handle, host, domain, local, created_at, updated_at)
        VALUES (1, 'https://kent.example/people/ada', 'Person', 'ada', 'kent.example', 'kent.example', 0,
                '', '')"""
    )
    await tx.execute(
        """INSERT INTO posts (id, uri, host, local, author_id, type, audience, root_id, published_at)
        VALUES (5, 'https://kent.example/posts/1', 'kent.example', 0, 1, 'Page', 'public', 5, '')"""
    )


@pytest.fixture(autouse=True)
async def post(store: Store) -> None:
    """Hold the post that the activities are about."""
    await store.write(_add_post)


async def test_an_activity_is_kept_as_it_came(store: Store) -> None:
    await store.write(activities.keep, new())
    kept = await store.read(activities.find, CREATE)
    assert kept is not None
    assert (kept.type, kept.actor_id, kept.audience, kept.at) == ("Create", 1, "public", NOW)
    assert kept.body == b'{"as": "it came"}'
    assert await store.read(activities.find, WRAPPER) is None


async def test_an_activity_is_found_by_either_announce_that_passed_it_on(store: Store) -> None:
    await store.write(activities.keep, new())
    for announce in (WRAPPER, PLAIN):
        kept = await store.read(activities.by_wrapper, announce)
        assert kept is not None
        assert kept.uri == CREATE
    assert await store.read(activities.by_wrapper, CREATE) is None


async def test_one_kept_before_its_community_passed_it_on_gets_the_announces_once(store: Store) -> None:
    ours = NewKept(
        uri=CREATE,
        type="Create",
        actor_id=ActorId(1),
        audience="public",
        body=b"first",
        at=NOW,
        post_id=PostId(5),
    )
    await store.write(activities.keep, ours)
    await store.write(activities.keep, new())
    again = NewKept(
        uri=CREATE,
        type="Create",
        actor_id=ActorId(1),
        audience="public",
        body=b"x",
        at=NOW,
        wrapped_by="other",
    )
    await store.write(activities.keep, again)
    kept = await store.read(activities.find, CREATE)
    assert kept is not None
    assert (kept.body, kept.wrapped_by, kept.plain_by, kept.community_id) == (
        b"first",
        WRAPPER,
        PLAIN,
        FLOODS,
    )


async def test_the_outbox_of_a_community_has_what_all_may_read_latest_first(store: Store) -> None:
    await store.write(activities.keep, new("u1", minutes=1))
    await store.write(activities.keep, new("u3", minutes=3))
    await store.write(activities.keep, new("u2", minutes=2))
    await store.write(activities.keep, new("update", kind="Update", minutes=4, audience="members"))

    async def outbox(limit: int) -> list[str]:
        found = await store.read(activities.outbox_of_community, node("leeds.example"), FLOODS, limit)
        return [kept.uri for kept in found]

    assert await outbox(10) == ["u3", "u2", "u1"]
    assert await outbox(2) == ["u3", "u2"]
    # What a node wrote that is no longer on the list is not handed on either.
    await store.write(peers.hide, "kent.example", NOW)
    assert await outbox(10) == []


async def test_what_holds_a_posts_text_is_erased_and_what_took_it_away_stays(store: Store) -> None:
    await store.write(activities.keep, new())
    await store.write(activities.keep, new("update", kind="Update", minutes=1))
    await store.write(activities.keep, new("delete", kind="Delete", minutes=2))
    assert await store.write(activities.erase_post, PostId(5)) == 2
    assert [kept.uri for kept in await store.read(activities.of_post, PostId(5))] == ["delete"]


async def test_a_later_update_takes_the_place_of_those_before(store: Store) -> None:
    for number, kind in enumerate(("Create", "Update", "Like", "Update")):
        await store.write(activities.keep, new(f"{CREATE}{number}", kind=kind, minutes=number))
    assert await store.write(activities.supersede, PostId(5)) == 2
    assert [one.type for one in await store.read(activities.of_post, PostId(5))] == ["Create", "Like"]


async def test_activities_of_a_post_come_oldest_first_and_go_with_its_row(store: Store) -> None:
    async def remove(tx: Transaction) -> None:
        await tx.execute("DELETE FROM posts WHERE id = 5")

    await store.write(activities.keep, new("later", minutes=1))
    await store.write(activities.keep, new())
    assert [kept.uri for kept in await store.read(activities.of_post, PostId(5))] == [CREATE, "later"]
    await store.write(remove)
    assert await store.read(activities.find, CREATE) is None
