"""What threads ask for, and how their state follows from what stands in them."""

from datetime import date, timedelta
from typing import Any

import pytest

from storage import asks, follows, posts
from storage.asks import Ask, NewAsk
from storage.engine import Store, Transaction
from storage.ids import ActorId
from storage.posts import NewPost
from storage.visible import STRANGER, SYSTEM, person
from tests.storage import people, written
from tests.storage.people import NOON

LATER = NOON + timedelta(hours=1)
NEED = NewAsk(
    need="A letter that people understand",
    tried="The one from 2019",
    by_when=date(2026, 4, 1),
    services=("function/5", "function/3"),
)


class Scene:
    """A community with an ask of ada's."""

    store: Store
    ada: ActorId
    ben: ActorId
    floods: ActorId
    ask: NewPost

    async def held(self, viewer: Any = SYSTEM) -> Ask | None:
        """Give the ask as it is held."""
        return await self.store.read(asks.find, viewer, self.ask.id)

    async def state(self) -> str:
        """Give the state of the ask."""
        found = await self.held()
        assert found is not None
        return found.state

    async def reply(self, by: ActorId, **given: Any) -> NewPost:
        """Answer in the thread."""
        return await written.answer(self.store, by, self.ask, **given)


@pytest.fixture
async def scene(store: Store) -> Scene:
    """Give ada's ask in the community floods."""
    scene = Scene()
    scene.store = store
    scene.ada, scene.ben = await people.add(store, "ada"), await people.add(store, "ben", "devon.example")
    scene.floods = await people.add(store, "floods", kind="Group")
    scene.ask = await written.add(
        store, scene.ada, type="Page", title="Who has one?", community_id=scene.floods, ask=NEED
    )
    return scene


async def test_an_ask_is_stored_with_its_post_and_goes_with_it(scene: Scene) -> None:
    held = await scene.held()
    assert held is not None
    assert (held.need, held.tried, held.by_when) == (NEED.need, NEED.tried, NEED.by_when)
    assert set(held.services) == set(NEED.services)
    assert (held.asker_id, held.community_id, held.state) == (scene.ada, scene.floods, "open")
    assert (held.asked_at, held.answered_at, held.accepted_id) == (NOON, None, None)
    await scene.store.write(posts.remove, scene.ask.id, NOON, scene.ada, "")
    assert await scene.held() is None


async def test_only_a_thread_of_a_community_asks(scene: Scene) -> None:
    reply = await scene.reply(scene.ben, ask=NEED)
    alone = await written.add(scene.store, scene.ada, ask=NEED)
    assert (await scene.store.read(asks.of_posts, SYSTEM, [reply.id, alone.id])) == {}


async def test_an_ask_is_given_to_who_may_see_its_post(scene: Scene) -> None:
    closed = await written.add(
        scene.store, scene.ada, type="Page", community_id=scene.floods, ask=NEED, audience="members"
    )
    found = await scene.store.read(asks.of_posts, STRANGER, [scene.ask.id, closed.id])
    assert found.keys() == {scene.ask.id}
    assert [one.post_id for one in await scene.store.read(asks.open_at, STRANGER, limit=9)] == [scene.ask.id]
    assert await scene.store.read(asks.find, person(scene.ben), closed.id) is None


async def test_a_reply_by_somebody_else_answers_and_its_removal_opens_again(scene: Scene) -> None:
    await scene.reply(scene.ada)
    assert await scene.state() == "open"
    reply = await scene.reply(scene.ben, published_at=LATER)
    assert await scene.state() == "answered"
    held = await scene.held()
    assert held is not None
    assert held.answered_at == LATER
    await scene.store.write(posts.remove, reply.id, LATER, scene.ben, "")
    assert await scene.state() == "open"


async def test_an_answer_to_an_answer_counts_and_no_clock_runs_backwards(scene: Scene) -> None:
    own = await scene.reply(scene.ada)
    await written.answer(scene.store, scene.ben, own, published_at=NOON - timedelta(days=2))
    held = await scene.held()
    assert held is not None
    assert (held.state, held.answered_at) == ("answered", NOON)


@pytest.mark.parametrize("audience", ["direct", "followers"])
async def test_what_few_can_read_answers_nobody(scene: Scene, audience: str) -> None:
    await scene.reply(scene.ben, audience=audience)
    assert await scene.state() == "open"


async def test_neither_a_community_nor_a_program_answers(scene: Scene) -> None:
    robot = await people.add(scene.store, "robot", kind="Service")
    await scene.reply(scene.floods)
    await scene.reply(robot)
    assert await scene.state() == "open"


async def test_a_reply_that_waited_for_its_thread_answers_it(store: Store) -> None:
    ada, ben = await people.add(store, "ada", "york.example"), await people.add(store, "ben")
    floods = await people.add(store, "floods", kind="Group")
    uri = "https://york.example/posts/1"
    await written.add(store, ben, in_reply_to=uri)
    ask = await written.add(store, ada, host="york.example", uri=uri, community_id=floods, ask=NEED)
    held = await store.read(asks.find, SYSTEM, ask.id)
    assert held is not None
    assert held.state == "answered"


async def test_an_ask_is_withdrawn_and_asked_again_by_an_edit(scene: Scene) -> None:
    await scene.store.write(asks.put, scene.ask.id, NewAsk(need="less", withdrawn_at=LATER))
    held = await scene.held()
    assert held is not None
    assert (held.state, held.withdrawn_at, held.need, held.services) == ("withdrawn", LATER, "less", ())
    await scene.reply(scene.ben)
    assert await scene.state() == "withdrawn"
    await scene.store.write(asks.put, scene.ask.id, NEED)
    assert await scene.state() == "answered"


async def test_a_private_answer_counts_as_one(scene: Scene) -> None:
    await scene.store.write(asks.told_privately, scene.ask.id, LATER)
    held = await scene.held()
    assert held is not None
    assert (held.state, held.told_at, held.answered_at) == ("answered", LATER, None)


async def test_open_asks_are_listed_the_oldest_first(scene: Scene) -> None:
    store = scene.store
    second = await written.add(store, scene.ben, community_id=scene.floods, ask=NewAsk())
    done = await written.add(store, scene.ben, community_id=scene.floods, ask=NewAsk())
    await written.answer(store, scene.ada, done)
    found = await store.read(asks.in_state, SYSTEM, scene.floods, limit=9)
    assert [one.post_id for one in found] == [scene.ask.id, second.id]
    found = await store.read(asks.in_state, SYSTEM, scene.floods, after=scene.ask.id, limit=9)
    assert [one.post_id for one in found] == [second.id]
    found = await store.read(asks.open_at, SYSTEM, limit=1)
    assert [one.post_id for one in found] == [scene.ask.id]
    found = await store.read(asks.in_state, SYSTEM, scene.floods, "answered", limit=9)
    assert [one.post_id for one in found] == [done.id]


async def test_what_is_not_in_the_service_list_here_says_nothing(scene: Scene) -> None:
    await scene.store.write(asks.put, scene.ask.id, NewAsk(services=("function/3", "service/999999")))
    held = await scene.held()
    assert held is not None
    assert held.services == ("function/3",)


async def test_what_somebody_could_help_with_comes_first(scene: Scene) -> None:
    store, cat = scene.store, await people.add(scene.store, "cat")
    await people.follow(store, cat, scene.floods)
    general = await written.add(store, scene.ben, community_id=scene.floods, ask=NewAsk())
    tax = await written.add(store, scene.ben, community_id=scene.floods, ask=NewAsk(services=("function/9",)))

    async def order() -> list[int]:
        return [one.post_id for one in await store.read(asks.open_for, person(cat), limit=9)]

    assert await order() == [scene.ask.id, general.id, tax.id]
    await store.write(_offers, cat, "function/9")
    assert await order() == [tax.id, scene.ask.id, general.id]


async def _offers(tx: Transaction, actor_id: ActorId, term: str) -> None:
    await tx.execute(
        "INSERT INTO practice_terms (kind, term, actor_id) VALUES ('offers', :term, :actor_id)",
        term=term,
        actor_id=actor_id,
    )


async def test_somebody_is_shown_the_open_asks_of_others_where_they_belong(scene: Scene) -> None:
    store, cat = scene.store, await people.add(scene.store, "cat")
    assert await store.read(asks.open_for, person(cat), limit=9) == []
    await people.follow(store, cat, scene.floods)
    await people.follow(store, scene.ada, scene.floods)
    assert [one.post_id for one in await store.read(asks.open_for, person(cat), limit=9)] == [scene.ask.id]
    assert await store.read(asks.open_for, person(scene.ada), limit=9) == []
    await store.write(follows.remove, cat, scene.floods)
    assert await store.read(asks.open_for, person(cat), limit=9) == []
