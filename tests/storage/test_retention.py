"""What has had its time, and what a hold keeps of it."""

from datetime import timedelta

import pytest

from storage import accounts, communities, holds, oauth, posts, reports, retention, sessions
from storage.engine import Store
from storage.ids import ActorId, PostId, RowId
from storage.oauth import NewToken
from storage.reports import NewReport
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON
from tests.storage.test_holds import on
from tests.storage.test_oauth import APP

DAY = timedelta(days=1)


async def _account(store: Store, name: str, **more: bool) -> ActorId:
    made = await people.add(store, name)
    admin = more.get("admin", False)
    await store.write(accounts.add, made, email=f"{name}@kent.example", password=None, admin=admin, now=NOON)
    return made


async def _roads(store: Store) -> ActorId:
    roads = await people.add(store, "roads", kind="Group")
    await store.write(communities.add, roads, join_mode="open", visibility="public")
    return roads


async def test_who_may_not_sign_in_has_left_since_the_first_day_of_it(store: Store) -> None:
    ada, bea, cat = [await _account(store, name) for name in ("ada", "bea", "cat")]
    await written.add(store, ada)
    await store.write(accounts.set_state, ada, "disabled", NOON)
    await store.write(accounts.set_state, ada, "suspended", NOON + 9 * DAY)
    await store.write(accounts.set_state, bea, "suspended", NOON)
    await store.write(accounts.set_state, bea, "active", NOON + DAY)
    await store.write(accounts.set_state, cat, "suspended", NOON + DAY)
    assert [(one.handle, one.posts, one.held) for one in await store.read(retention.left, NOON)] == [
        ("ada", 1, False)
    ]
    await store.write(holds.place, on("person", ada))
    assert [(one.handle, one.held) for one in await store.read(retention.left, NOON + DAY)] == [
        ("ada", True),
        ("cat", False),
    ]
    await store.write(accounts.forget, ada)
    assert [one.handle for one in await store.read(retention.left, NOON + DAY)] == ["cat"]


async def test_who_signs_in_uses_an_app_facilitates_or_is_an_admin_is_not_inactive(store: Store) -> None:
    seen, app, lead, read = [await _account(store, name) for name in ("seen", "app", "lead", "read")]
    await _account(store, "idle")
    await _account(store, "admin", admin=True)
    roads = await _roads(store)
    await store.write(communities.add_facilitator, roads, lead, lead=True, now=NOON)
    await store.write(accounts.touch, seen, NOON + 2 * DAY)
    await store.write(oauth.add_app, APP)
    token = NewToken(
        id=1, secret="hash", app_id=APP.id, actor_id=app, scopes="read", created_at=NOON + 2 * DAY
    )
    await store.write(oauth.add_token, token)
    await store.write(sessions.add, "hash", read, "csrf", NOON, NOON + DAY)
    assert [one.handle for one in await store.read(retention.inactive, NOON + DAY)] == ["idle"]
    await store.write(communities.close, roads, NOON)
    assert [one.handle for one in await store.read(retention.inactive, NOON + DAY)] == ["idle", "lead"]
    assert [one.handle for one in await store.read(retention.inactive, NOON - DAY)] == []


@pytest.mark.parametrize("whole", [True, False])
async def test_old_threads_are_due_but_for_what_is_new_pinned_known_or_on_hold(
    store: Store, whole: bool
) -> None:
    ada, roads = await people.add(store, "ada"), await _roads(store)

    async def thread(**more: object) -> PostId:
        return (await written.add(store, ada, community_id=roads, published_at=NOON, **more)).id

    old, alive, pinned, known, held = [await thread() for _ in range(5)]
    root = await store.read(posts.find, SYSTEM, alive)
    assert root is not None
    answer = await written.add(
        store, ada, community_id=roads, in_reply_to=root.uri, published_at=NOON + 5 * DAY
    )
    await store.write(posts.set_pinned, pinned, NOON)
    known = await thread(type="Article")
    elsewhere = await written.add(store, ada, published_at=NOON)
    await store.write(holds.place, on("thread", held))
    found = await store.read(retention.due_posts, SYSTEM, roads, NOON + DAY, whole=whole, limit=20)
    amount = await store.read(retention.count_posts, SYSTEM, roads, NOON + DAY, whole=whole)
    assert (amount.going, amount.kept) == (len(found), 1)
    assert elsewhere.id not in found
    assert held not in found
    if whole:
        assert {old, alive, answer.id, pinned, known} <= set(found)
        assert found == sorted(found, reverse=True)
    else:
        assert old in found
        assert not {alive, answer.id, pinned, known} & set(found)


async def test_reports_go_some_time_after_they_were_closed_but_for_those_about_what_is_on_hold(
    store: Store,
) -> None:
    ada, bea, cat, roads = [await people.add(store, name) for name in ("ada", "bea", "cat", "roads")]
    post = await written.add(store, bea)

    async def report(target: ActorId, *, closed: bool = True, **more: object) -> RowId:
        new = NewReport(
            id=RowId(people.new_id()), uri=None, by_actor=ada, target_id=target, created_at=NOON,
            **({"community_id": None} | more),  # type: ignore[arg-type]
        )  # fmt: skip
        await store.write(reports.add, new)
        if closed:
            await store.write(reports.close, new.id, ada, NOON)
        return new.id

    gone = [await report(bea), await report(bea)]
    await report(bea, closed=False)
    for held in (on("person", cat), on("community", roads), on("thread", post.id)):
        await store.write(holds.place, held)
    await report(cat)
    await report(bea, community_id=roads)
    await report(bea, posts=(post.id,))
    early = await store.read(retention.due_reports, NOON - DAY, after=RowId(0), limit=9)
    assert (early.going, early.kept) == ([], 0)
    page = await store.read(retention.due_reports, NOON, after=RowId(0), limit=9)
    assert (page.going, page.kept, page.last) == (gone, 3, None)
    first = await store.read(retention.due_reports, NOON, after=RowId(0), limit=1)
    assert (first.going, first.last) == (gone[:1], gone[0])
    assert await store.write(retention.forget_reports, gone) == 2
    assert (await store.read(retention.due_reports, NOON, after=RowId(0), limit=9)).going == []


async def test_every_community_here_is_given_with_when_it_was_closed(store: Store) -> None:
    roads = await _roads(store)
    await people.add(store, "club", "york.example", kind="Group")
    await store.write(communities.close, roads, NOON)
    (found,) = await store.read(retention.places)
    assert (found.id, found.handle, found.closed_at) == (roads, "roads", NOON)
