"""Lists: who is on them, what stands in them, and what an exclusive one keeps out of home."""

import msgspec
import pytest

from storage import blocks, follows, lists, timelines, visible
from storage.engine import Store
from storage.ids import ActorId
from storage.lists import List
from storage.pages import Page
from tests.storage import people, written
from tests.storage.people import NOON

PAGE = Page(limit=20)


async def _list(store: Store, me: ActorId, *members: ActorId, **given: object) -> List:
    list_id = people.new_id()
    values = {"title": "Drains", "replies": "list", "exclusive": False} | given
    await store.write(lists.add, list_id, me, **values)  # type: ignore[arg-type]
    for member in members:
        assert await store.write(lists.add_member, people.new_id(), list_id, member)
    found = await store.read(lists.find, me, list_id)
    assert found is not None
    return found


async def _timeline(store: Store, me: ActorId, held: List) -> list[int]:
    return list(await store.read(lists.timeline, visible.person(me), held, PAGE, NOON))


async def _home(store: Store, me: ActorId) -> list[int]:
    return list(await store.read(timelines.home, visible.person(me), me, PAGE, NOON))


async def test_a_list_is_its_makers_alone(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    held = await _list(store, ada)
    assert await store.read(lists.all_of, ada) == [held]
    assert await store.read(lists.find, bea, held.id) is None
    assert not await store.write(lists.remove, bea, held.id)
    await store.write(lists.change, bea, msgspec.structs.replace(held, title="Mine"), row_id=1)
    assert await store.read(lists.all_of, ada) == [held]
    assert await store.read(lists.count, ada) == 1
    assert await store.write(lists.remove, ada, held.id)
    assert await store.read(lists.count, ada) == 0


async def test_a_community_is_a_list_as_long_as_one_is_a_member(store: Store) -> None:
    ada = await people.add(store, "ada")
    floods = await people.add(store, "floods", kind="Group")
    await people.follow(store, ada, floods)
    (held,) = await store.read(lists.all_of, ada)
    assert (held.id, held.title, held.community_id) == (floods, "Floods", floods)
    for title in ("Water", "High water"):
        changed = msgspec.structs.replace(held, title=title, exclusive=True)
        await store.write(lists.change, ada, changed, row_id=people.new_id())
        assert await store.read(lists.find, ada, floods) == changed
    assert await store.read(lists.holding, ada, floods) == {floods}
    await store.write(follows.remove, ada, floods)
    assert await store.read(lists.all_of, ada) == []


async def test_members_are_those_one_still_follows(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    await people.follow(store, ada, bea)
    held = await _list(store, ada, bea, cat, ada)
    assert await store.read(lists.followed_among, ada, [ada, bea, cat]) == {ada, bea}
    found = await store.read(lists.members, visible.person(ada), held.id, PAGE)
    assert [actor.handle for _, actor in found] == ["ada", "bea"]
    assert not await store.write(lists.add_member, people.new_id(), held.id, bea)
    assert await store.read(lists.holding, ada, bea) == {held.id}
    await store.write(lists.remove_members, held.id, [bea])
    assert await store.read(lists.holding, ada, bea) == set()


async def test_a_list_shows_what_those_on_it_post_and_pass_on(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    for target in (bea, cat):
        await people.follow(store, ada, target)
    held = await _list(store, ada, bea)
    on_it = await written.add(store, bea)
    off_it = await written.add(store, cat)
    boost = await written.pass_on(store, bea, off_it.id)
    direct = await written.add(store, bea, audience="direct")
    assert await _timeline(store, ada, held) == [boost, on_it.id]
    assert direct.id not in await _timeline(store, ada, held)


async def test_a_list_of_a_community_shows_its_announces_though_home_does_not(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    floods = await people.add(store, "floods", kind="Group")
    await people.follow(store, ada, floods, reblogs=False)
    post = await written.add(store, bea, community_id=floods)
    announce = await written.pass_on(store, floods, post.id, kind="announce")
    (held,) = await store.read(lists.all_of, ada)
    assert await _timeline(store, ada, held) == [announce]
    assert await _home(store, ada) == []


@pytest.mark.parametrize(
    ("replies", "shown"),
    [
        ("none", ["own", "to me"]),
        ("list", ["own", "to me", "on it"]),
        ("followed", ["own", "to me", "on it", "followed"]),
    ],
)
async def test_which_replies_a_list_shows_is_its_makers_choice(
    store: Store, replies: str, shown: list[str]
) -> None:
    ada, bea, cat, dan, eve = [await people.add(store, name) for name in ("ada", "bea", "cat", "dan", "eve")]
    for target in (bea, cat, dan):
        await people.follow(store, ada, target)
    held = await _list(store, ada, bea, cat, replies=replies)
    answers = {}
    for name, author in (("own", bea), ("to me", ada), ("on it", cat), ("followed", dan), ("stranger", eve)):
        answers[(await written.answer(store, bea, await written.add(store, author))).id] = name
    found = [answers[entry] for entry in await _timeline(store, ada, held) if entry in answers]
    assert sorted(found) == sorted(shown)


async def test_an_exclusive_list_keeps_those_on_it_out_of_home(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    floods = await people.add(store, "floods", kind="Group")
    for target in (bea, cat, floods):
        await people.follow(store, ada, target)
    await _list(store, ada, bea, ada, exclusive=True)
    await _list(store, bea, cat, exclusive=True)
    own = await written.add(store, ada)
    await written.add(store, bea)
    other = await written.add(store, cat)
    announce = await written.pass_on(store, floods, (await written.add(store, bea)).id, kind="announce")
    assert await _home(store, ada) == [announce, other.id, own.id]
    held = await store.read(lists.find, ada, floods)
    assert held is not None
    exclusive = msgspec.structs.replace(held, exclusive=True)
    await store.write(lists.change, ada, exclusive, row_id=people.new_id())
    assert await _home(store, ada) == [other.id, own.id]


async def test_who_is_muted_is_not_read_in_a_list_either(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await people.follow(store, ada, bea)
    held = await _list(store, ada, bea)
    post = await written.add(store, bea)
    await written.pass_on(store, bea, post.id)
    assert await _timeline(store, ada, held) == [post.id]
    await store.write(blocks.block, people.new_id(), ada, bea, None)
    assert await _timeline(store, ada, held) == []
