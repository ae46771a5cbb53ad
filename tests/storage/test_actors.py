"""Everyone met."""

import msgspec
import pytest

from storage import actors, everybody, peers
from storage.actors import Field
from storage.engine import Store
from storage.errors import Conflict
from storage.ids import ActorId
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written
from tests.storage.people import HOME, NOON


async def test_an_actor_is_found_by_row_id_uri_and_handle(store: Store) -> None:
    ada = await people.add(store, "ada")
    found = await store.read(actors.find, SYSTEM, ada)
    assert found is not None
    assert (found.handle, found.local, found.created_at) == ("ada", True, NOON)
    assert await store.read(actors.find_by_uri, SYSTEM, found.uri) == found
    assert await store.read(actors.find_by_handle, SYSTEM, "ADA", HOME.upper()) == found
    assert await store.read(actors.find_by_handle, SYSTEM, "ada", "devon.example") is None


async def test_several_actors_come_in_the_order_asked_for_and_without_the_absent(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    found = await store.read(actors.by_ids, SYSTEM, [bea, 1, ada, bea])
    assert [actor.id for actor in found] == [bea, ada]


async def test_what_is_fetched_again_keeps_its_row_id_state_and_counts(store: Store) -> None:
    cleo = await people.add(store, "cleo", "devon.example")
    ada = await people.add(store, "ada")
    await people.follow(store, ada, cleo)
    await store.write(actors.set_state, cleo, "suspended", NOON)
    new = people.new_actor("cleo", "devon.example", display_name="Cleo Nash", indexable=True)
    assert await store.write(actors.upsert, new, actor_id=ActorId(people.new_id())) == cleo
    found = await store.read(actors.find, SYSTEM, cleo)
    assert found is not None
    assert (found.display_name, found.indexable) == ("Cleo Nash", True)
    assert (found.state, found.followers_count) == ("suspended", 1)


async def test_a_peer_that_gives_a_handle_to_a_new_actor_takes_it_from_the_old_one(store: Store) -> None:
    old = await people.add(store, "cleo", "devon.example")
    new = people.new_actor("cleo", "devon.example", inbox="https://devon.example/new/inbox")
    renewed = msgspec.structs.replace(new, uri="https://devon.example/users/cleo")
    fresh = await store.write(actors.upsert, renewed, actor_id=ActorId(people.new_id()))
    assert fresh != old
    found = await store.read(actors.find_by_handle, SYSTEM, "cleo", "devon.example")
    assert found is not None
    assert found.id == fresh


async def test_a_person_and_a_community_elsewhere_may_share_a_handle(store: Store) -> None:
    group = await people.add(store, "main", "lemmy.example", kind="Group")
    person = await people.add(store, "main", "lemmy.example")
    assert await people.add(store, "main", "lemmy.example", kind="Group") == group
    found = await store.read(actors.find_by_handle, SYSTEM, "main", "lemmy.example")
    assert found is not None
    assert found.id == person
    assert [actor.state for actor in await store.read(actors.by_ids, SYSTEM, [group, person])] == [
        "active"
    ] * 2


async def test_a_peer_cannot_take_a_handle_of_this_node(store: Store) -> None:
    await people.add(store, "ada")
    stolen = msgspec.structs.replace(
        people.new_actor("ada"), uri="https://devon.example/ada", host="devon.example", local=False
    )
    with pytest.raises(Conflict):
        await store.write(actors.upsert, stolen, actor_id=ActorId(people.new_id()))


async def test_a_handle_once_used_is_never_given_again(store: Store) -> None:
    ada = await people.add(store, "ada")
    assert await store.write(actors.mark_deleted, ada, NOON)
    again = msgspec.structs.replace(people.new_actor("ada"), uri=f"https://{HOME}/people/ada2")
    with pytest.raises(Conflict, match="never given again"):
        await store.write(actors.add_local, again, ActorId(people.new_id()))
    assert await store.read(actors.find_by_uri, SYSTEM, again.uri) is None


async def test_an_uri_once_used_is_never_given_again(store: Store) -> None:
    await people.add(store, "ada")
    again = msgspec.structs.replace(people.new_actor("bea"), uri=f"https://{HOME}/people/ada")
    with pytest.raises(Conflict):
        await store.write(actors.add_local, again, ActorId(people.new_id()))


async def test_a_deleted_actor_is_emptied_and_found_by_its_ids_only(store: Store) -> None:
    ada = await people.add(store, "ada", summary="<p>x</p>", icon="face.webp")
    assert await store.write(actors.mark_deleted, ada, NOON)
    assert not await store.write(actors.mark_deleted, ada, NOON)
    found = await store.read(actors.find, SYSTEM, ada)
    assert found is not None
    assert (found.state, found.display_name, found.summary, found.icon) == ("deleted", "", "", None)
    assert await store.read(actors.find_by_handle, SYSTEM, "ada", HOME) is None


async def test_a_state_that_holds_already_is_no_change(store: Store) -> None:
    ada = await people.add(store, "ada")
    assert await store.write(actors.set_state, ada, "suspended", NOON)
    assert not await store.write(actors.set_state, ada, "suspended", NOON)


async def test_a_profile_is_replaced_in_part(store: Store) -> None:
    fields = msgspec.json.encode([Field("Team", "<p>Roads</p>")]).decode()
    ada = await people.add(store, "ada", fields=fields, also_known_as='["https://old.example/ada"]')
    before = await store.read(actors.find, SYSTEM, ada)
    assert before is not None
    assert actors.fields_of(before) == [Field("Team", "<p>Roads</p>")]
    assert actors.aliases_of(before) == ["https://old.example/ada"]
    profile = msgspec.structs.replace(actors.profile_of(before), display_name="Ada King", bot=True)
    await store.write(actors.set_profile, ada, profile, NOON)
    after = await store.read(actors.find, SYSTEM, ada)
    assert after == msgspec.structs.replace(before, display_name="Ada King", bot=True)


async def test_where_an_actor_went_is_noted(store: Store) -> None:
    cleo = await people.add(store, "cleo", "devon.example")
    await store.write(actors.move, cleo, "https://kent.example/people/cleo", NOON)
    found = await store.read(actors.find, SYSTEM, cleo)
    assert found is not None
    assert found.moved_to == "https://kent.example/people/cleo"


async def test_an_actor_of_a_hidden_peer_is_seen_by_the_system_only(store: Store) -> None:
    cleo = await people.add(store, "cleo", "devon.example")
    await store.write(peers.hide, "devon.example", NOON)
    assert await store.read(actors.find, STRANGER, cleo) is None
    assert await store.read(actors.by_ids, STRANGER, [cleo]) == []
    assert await store.read(actors.find_by_handle, STRANGER, "cleo", "devon.example") is None
    assert await store.read(actors.find, SYSTEM, cleo) is not None


async def test_people_of_this_node_are_counted_and_listed_newest_first(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    await people.add(store, "floods", kind="Group")
    await people.add(store, "cleo", "devon.example")
    gone = await people.add(store, "gone")
    await store.write(actors.mark_deleted, gone, NOON)
    assert await store.read(everybody.count_local_people, SYSTEM) == 2
    listed = await store.read(actors.local_people, SYSTEM, limit=5)
    assert [actor.id for actor in listed] == [bea, ada]
    listed = await store.read(actors.local_people, SYSTEM, limit=5, before=bea)
    assert [actor.id for actor in listed] == [ada]


async def test_what_the_people_of_this_node_wrote_is_counted(store: Store) -> None:
    assert await store.read(everybody.count_local_posts, SYSTEM) == 0
    for handle, host in (("ada", HOME), ("cleo", "devon.example")):
        author = await people.add(store, handle, host)
        await written.add(store, author, host=host)
    assert await store.read(everybody.count_local_posts, SYSTEM) == 1


async def test_a_community_that_only_its_members_read_stays_so_whatever_its_node_says(store: Store) -> None:
    for kind, kept in (("Group", True), ("Person", False)):
        new = people.new_actor(f"{kind}1", "york.example", kind=kind, approves=True)
        row_id = await store.write(actors.upsert, new, actor_id=ActorId(people.new_id()))
        wider = msgspec.structs.replace(new, approves=False)
        await store.write(actors.upsert, wider, actor_id=ActorId(people.new_id()))
        held = await store.read(actors.find, SYSTEM, row_id)
        assert held is not None
        assert held.approves is kept
