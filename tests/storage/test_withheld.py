"""The text of removed posts, while it may come back."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from storage import activities, posts, tombstones, withheld
from storage.activities import NewKept
from storage.engine import Store
from storage.ids import ActorId, PostId
from storage.posts import NewPost
from storage.visible import SYSTEM
from tests.storage import people
from tests.storage.people import NOON, new_id

CREATE = "https://devon.example/activities/1"


@pytest.fixture
async def ada(store: Store) -> ActorId:
    return await people.add(store, "ada", "devon.example")


@pytest.fixture
async def floods(store: Store) -> ActorId:
    return await people.add(store, "floods", kind="Group")


@pytest.fixture
async def new(store: Store, ada: ActorId, floods: ActorId) -> NewPost:
    """Give a thread in a community, stored with the activity that brought it."""
    post_id = PostId(new_id())
    made = NewPost(
        id=post_id, uri="https://devon.example/posts/1", url="", host="devon.example", local=False,
        author_id=ada, community_id=floods, type="Page", title="Pumps", content="<p>Which?</p>",
        audience="public", root_id=post_id, published_at=NOON, tags=(("pumps", "Pumps"),),
    )  # fmt: skip
    await store.write(posts.add, made)
    kept = NewKept(
        uri=CREATE, type="Create", actor_id=ada, audience="public", body=b'{"as": "it came"}', at=NOON,
        community_id=floods, post_id=post_id, object_uri=made.uri, wrapped_by=f"{CREATE}/w",
        plain_by=f"{CREATE}/p",
    )  # fmt: skip
    await store.write(activities.keep, kept)
    return made


async def remove(store: Store, new: NewPost, by: ActorId) -> None:
    await store.write(withheld.keep, new.id, NOON)
    await store.write(posts.remove, new.id, NOON, by, "")


async def held(store: Store, new: NewPost) -> Any:
    return await store.read(posts.find, SYSTEM, new.id)


async def test_what_was_put_away_comes_back_with_a_new_announce(
    store: Store, new: NewPost, floods: ActorId
) -> None:
    await remove(store, new, floods)
    assert await store.read(activities.find, CREATE) is None
    assert [kept.body for kept in await store.read(withheld.of_post, new.id)] == [b'{"as": "it came"}']
    assert await store.write(withheld.restore, new, "https://kent.example/p/2")
    post = await held(store, new)
    assert (post.title, post.content, post.removed_at, post.removed_by) == (
        "Pumps",
        "<p>Which?</p>",
        None,
        None,
    )
    kept = await store.read(activities.find, CREATE)
    assert kept is not None
    assert (kept.wrapped_by, kept.plain_by) == (f"{CREATE}/w", "https://kent.example/p/2")
    assert await store.read(withheld.of_post, new.id) == []
    assert not await store.read(tombstones.is_dead, new.uri, "https://devon.example/people/ada")
    assert not await store.write(withheld.restore, new), "it stands"


async def test_what_its_author_deleted_does_not_come_back(store: Store, new: NewPost, ada: ActorId) -> None:
    await remove(store, new, ada)
    assert not await store.write(withheld.restore, new)
    assert (await held(store, new)).content == ""


async def test_its_author_makes_a_removal_final_once(
    store: Store, new: NewPost, ada: ActorId, floods: ActorId
) -> None:
    assert not await store.write(withheld.finish, new.uri, ada), "it stands"
    await remove(store, new, floods)
    assert not await store.write(withheld.finish, new.uri, floods), "it is another's"
    assert await store.write(withheld.finish, new.uri, ada)
    assert not await store.write(withheld.finish, new.uri, ada)
    assert await store.read(withheld.of_post, new.id) == []
    assert not await store.write(withheld.restore, new)


async def test_it_goes_with_its_time_and_its_author(
    store: Store, new: NewPost, ada: ActorId, floods: ActorId
) -> None:
    await remove(store, new, floods)
    assert await store.write(withheld.forget_old, NOON, 9) == 0
    assert await store.write(withheld.forget_old, NOON + timedelta(seconds=1), 9) == 1
    other = msgspec.structs.replace(new, id=PostId(new_id()), uri="https://devon.example/posts/2")
    await store.write(posts.add, msgspec.structs.replace(other, root_id=other.id))
    await remove(store, other, floods)
    await store.write(withheld.forget_author, ada)
    assert await store.read(withheld.of_post, other.id) == []


async def test_what_somebody_posted_in_one_community_is_found_for_removal(
    store: Store, new: NewPost, ada: ActorId, floods: ActorId
) -> None:
    elsewhere = msgspec.structs.replace(
        new, id=PostId(new_id()), uri="https://devon.example/posts/2", community_id=None
    )
    await store.write(posts.add, msgspec.structs.replace(elsewhere, root_id=elsewhere.id))
    assert await store.read(withheld.removable, SYSTEM, ada, floods, limit=9) == [new.id]
    await remove(store, new, floods)
    assert await store.read(withheld.removable, SYSTEM, ada, floods, limit=9) == []
