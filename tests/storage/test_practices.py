"""What somebody does, on their row and in pieces."""

import msgspec

from storage import actors, practices
from storage.actors import Actor
from storage.engine import Reader, Store
from storage.ids import ActorId
from storage.practices import Practice
from storage.row import Row
from storage.visible import SYSTEM
from tests.storage import people
from tests.storage.people import NOON

OFFICER = Practice(
    role="Planning Officer",
    council="W06000023",
    areas=("function/103",),
    offers=("function/110", "service/561"),
    needs=("function/68",),
)


class _Term(Row, frozen=True):
    kind: str
    term: str


async def _terms(read: Reader, actor_id: ActorId) -> set[tuple[str, str]]:
    statement = "SELECT kind, term FROM practice_terms WHERE actor_id = :actor_id"
    return {(row.kind, row.term) for row in await read.all(_Term, statement, actor_id=actor_id)}


async def _found(store: Store, actor_id: ActorId) -> Actor:
    found = await store.read(actors.find, SYSTEM, actor_id)
    assert found is not None
    return found


async def test_whoever_says_nothing_does_nothing_known(store: Store) -> None:
    ada = await people.add(store, "ada")
    assert practices.of(await _found(store, ada)) == Practice()
    assert await store.read(_terms, ada) == set()


async def test_what_somebody_does_is_kept_whole_and_in_pieces(store: Store) -> None:
    ada = await people.add(store, "ada")
    text = practices.text_of(OFFICER)
    profile = msgspec.structs.replace(actors.profile_of(await _found(store, ada)), practice=text)
    await store.write(actors.set_profile, ada, profile, NOON)
    assert practices.of(await _found(store, ada)) == OFFICER
    assert await store.read(_terms, ada) == {
        ("role", "planning officer"),
        ("council", "W06000023"),
        ("area", "function/103"),
        ("offers", "function/110"),
        ("offers", "service/561"),
        ("needs", "function/68"),
    }
    await store.write(actors.mark_deleted, ada, NOON)
    assert practices.of(await _found(store, ada)) == Practice()
    assert await store.read(_terms, ada) == set()


async def test_what_a_peer_says_takes_the_place_of_what_it_said(store: Store) -> None:
    cleo = await people.add(store, "cleo", "devon.example", practice=practices.text_of(OFFICER))
    assert ("offers", "function/110") in await store.read(_terms, cleo)
    now = practices.text_of(Practice(needs=("function/110",)))
    again = people.new_actor("cleo", "devon.example", practice=now)
    assert await store.write(actors.upsert, again, actor_id=ActorId(1)) == cleo
    assert await store.read(_terms, cleo) == {("needs", "function/110")}
