"""Reports."""

from typing import Any

from storage import accounts, communities, reports, visible
from storage.engine import Store
from storage.ids import ActorId, PostId, RowId
from storage.pages import Page
from storage.reports import NewReport
from tests.storage import people
from tests.storage.people import NOON


async def admin(store: Store, name: str) -> ActorId:
    """Give a person who looks after the node."""
    added = await people.add(store, name)
    await store.write(accounts.add, added, email=f"{name}@kent.example", password=None, admin=True, now=NOON)
    return added


async def reported(store: Store, by: ActorId, target: ActorId, **more: Any) -> RowId:
    """Store a report and give its id."""
    new = NewReport(
        id=RowId(people.new_id()),
        uri=None,
        by_actor=by,
        target_id=target,
        community_id=more.pop("community_id", None),
        created_at=NOON,
        **more,
    )
    assert await store.write(reports.add, new)
    return new.id


async def test_a_report_is_stored_once_for_each_id(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    new = NewReport(
        id=RowId(people.new_id()),
        uri="https://york.example/flags/1",
        by_actor=ada,
        target_id=bea,
        community_id=None,
        comment="rude",
        posts=(PostId(3), PostId(5)),
        created_at=NOON,
    )
    assert await store.write(reports.add, new)
    again = NewReport(
        id=RowId(people.new_id()),
        uri=new.uri,
        by_actor=ada,
        target_id=bea,
        community_id=None,
        created_at=NOON,
    )
    assert not await store.write(reports.add, again)
    found = await store.read(reports.find_own, visible.person(ada), new.id)
    assert found is not None
    assert (found.comment, found.category, found.closed_at) == ("rude", "other", None)
    assert found.post_ids == [3, 5]
    assert await store.read(reports.find_own, visible.person(bea), new.id) is None


async def test_admins_decide_about_all_and_facilitators_about_their_community(store: Store) -> None:
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    boss = await admin(store, "boss")
    makers = await people.add(store, "makers", kind="Group")
    await store.write(communities.add, makers, join_mode="open", visibility="public")
    await store.write(communities.add_facilitator, makers, cat, lead=True, now=NOON)
    inside = await reported(store, ada, bea, community_id=makers)
    outside = await reported(store, ada, bea)

    async def listed(who: ActorId) -> list[int]:
        rows = await store.read(reports.page, visible.person(who), Page(), closed=False)
        return [row.id for row in rows]

    assert await listed(boss) == [outside, inside]
    assert await listed(cat) == [inside]
    assert await listed(ada) == await listed(bea) == []
    assert await store.read(reports.find, visible.person(cat), outside) is None
    assert [one.id for one in await store.read(reports.by_ids, visible.person(cat), [inside, outside])] == [
        inside
    ]
    assert sorted(await store.read(reports.deciders, makers, ada)) == sorted([boss, cat])
    assert await store.read(reports.deciders, None, ada) == [boss]
    may = [await store.read(reports.may_decide_any, visible.person(who)) for who in (boss, cat, ada)]
    assert may == [True, True, False]


async def test_nobody_decides_about_a_report_of_themselves(store: Store) -> None:
    ada, boss = await people.add(store, "ada"), await admin(store, "boss")
    about_boss = await reported(store, ada, boss)

    assert await store.read(reports.find, visible.person(boss), about_boss) is None


async def test_a_report_is_closed_once_and_may_be_opened_again(store: Store) -> None:
    ada, bea, boss = (
        await people.add(store, "ada"),
        await people.add(store, "bea"),
        await admin(store, "boss"),
    )
    held, viewer = await reported(store, ada, bea), visible.person(boss)

    assert await store.write(reports.close, held, boss, NOON)
    assert not await store.write(reports.close, held, boss, NOON)
    (closed,) = await store.read(reports.page, viewer, Page(), closed=True, target_id=bea)
    assert (closed.closed_by, closed.closed_at, closed.assigned_to) == (boss, NOON, boss)
    assert await store.read(reports.page, viewer, Page(), closed=False) == []
    assert await store.read(reports.page, viewer, Page(), closed=True, by_actor=bea) == []
    assert await store.write(reports.reopen, held)
    assert not await store.write(reports.reopen, held)
    await store.write(reports.assign, held, None)
    await store.write(reports.set_category, held, "spam")
    (open_again,) = await store.read(reports.page, viewer, Page(), closed=False)
    assert (open_again.closed_by, open_again.assigned_to, open_again.category) == (None, None, "spam")


async def test_who_facilitates_elsewhere_decides_what_comes_from_there_and_not_what_people_here_report(
    store: Store,
) -> None:
    """Another node names who facilitates its community: they are not to read what people here report."""
    ada, bea, cat = [await people.add(store, name) for name in ("ada", "bea", "cat")]
    node = await people.add(store, "node", "lemmy.example", kind="Application")
    planning = await people.add(store, "planning", "lemmy.example", kind="Group")
    await store.write(communities.add_facilitator, planning, cat, lead=False, now=NOON)
    mine = await reported(store, ada, bea, community_id=planning)
    theirs = await reported(store, node, bea, community_id=planning)
    viewer = visible.person(cat)
    assert await store.read(reports.find, viewer, mine) is None
    assert await store.read(reports.find, viewer, theirs) is not None
    assert [one.id for one in await store.read(reports.by_ids, viewer, [mine, theirs])] == [theirs]
    assert [one.id for one in await store.read(reports.page, viewer, Page(limit=9), closed=False)] == [theirs]
    assert await store.read(reports.deciders, planning, ada) == []
    assert await store.read(reports.deciders, planning, node) == [cat]
