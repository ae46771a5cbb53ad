"""What is held of one person; the archive's own tests look at each kind."""

from storage import blocks, holdings
from storage.engine import Store
from storage.holdings import Named
from tests.storage import people


async def test_a_kind_is_given_page_by_page_and_of_one_person_only(store: Store) -> None:
    me, other, *others = [await people.add(store, name) for name in ("me", "other", "ada", "bea", "cal")]
    for number, target in enumerate(others, 1):
        await store.write(blocks.block, number, me, target, None)
    await store.write(blocks.block, 9, other, me, None)
    first = await store.read(holdings.page, Named, holdings.BLOCKED, me, -1, 2)
    assert [one.id for one in first] == [1, 2]
    rest = await store.read(holdings.page, Named, holdings.BLOCKED, me, 2, 2)
    assert [one.address.partition("@")[0] for one in rest] == ["cal"]


async def test_sessions_are_one_page(store: Store) -> None:
    me = await people.add(store, "me")
    assert await store.read(holdings.page, holdings.Browser, holdings.SESSIONS, me, 0, 5) == []
