"""Accepted answers, and what becomes due with them."""

from datetime import datetime, timedelta

import pytest

from storage import answers, asks, posts
from storage.asks import Ask, NewAsk
from storage.engine import Store
from storage.ids import ActorId, PostId
from storage.posts import NewPost
from storage.visible import STRANGER, SYSTEM, person
from tests.storage import people, written
from tests.storage.people import NOON

LATER = NOON + timedelta(hours=1)
MONTH = NOON + timedelta(days=30)


class Scene:
    """An ask of ada's in a community, and two replies of ben's."""

    store: Store
    ada: ActorId
    ben: ActorId
    ask: NewPost
    first: NewPost
    second: NewPost

    async def held(self) -> Ask:
        """Give the ask."""
        found = await self.store.read(asks.find, SYSTEM, self.ask.id)
        assert found is not None
        return found

    async def accept(
        self, answer: NewPost, now: datetime = NOON, *, say: bool = False, again_at: datetime | None = None
    ) -> bool:
        """Let ada accept an answer."""
        return await self.store.write(
            answers.accept, answer.id, by=self.ada, uri="x", now=now, say=say, again_at=again_at
        )


@pytest.fixture
async def scene(store: Store) -> Scene:
    """Give ada's ask in the community floods, answered twice."""
    scene = Scene()
    scene.store = store
    scene.ada, scene.ben = await people.add(store, "ada"), await people.add(store, "ben", "devon.example")
    floods = await people.add(store, "floods", kind="Group")
    scene.ask = await written.add(store, scene.ada, type="Page", community_id=floods, ask=NewAsk())
    scene.first = await written.answer(store, scene.ben, scene.ask)
    scene.second = await written.answer(store, scene.ben, scene.ask)
    return scene


async def test_accepted_answers_resolve_until_the_last_is_taken_back(scene: Scene) -> None:
    store = scene.store
    assert await scene.accept(scene.second)
    assert await scene.accept(scene.first, LATER)
    assert not await scene.accept(scene.first, LATER)
    held = await scene.held()
    assert (held.state, held.resolved_at) == ("resolved", NOON)
    assert (held.accepted_id, held.accepted_url) == (scene.second.id, scene.second.url)
    found = await store.read(answers.of_ask, STRANGER, scene.ask.id)
    assert [(one.post_id, one.by_actor, one.accepted_at) for one in found] == [
        (scene.second.id, scene.ada, NOON),
        (scene.first.id, scene.ada, LATER),
    ]
    assert await store.write(answers.unaccept, scene.second.id)
    assert not await store.write(answers.unaccept, scene.second.id)
    assert await store.read(answers.find, SYSTEM, scene.second.id) is None
    assert (await scene.held()).state == "resolved"
    await store.write(posts.remove, scene.first.id, LATER, scene.ben, "")
    held = await scene.held()
    assert (held.state, held.accepted_id) == ("answered", None)


async def test_nothing_but_a_reply_in_the_thread_is_accepted(scene: Scene) -> None:
    store = scene.store
    narrow = await written.answer(store, scene.ben, scene.ask, audience="direct")
    alone = await written.add(store, scene.ben)
    outside = await written.answer(store, scene.ada, alone)
    await store.write(posts.remove, scene.first.id, NOON, scene.ben, "")
    for post_id in (scene.ask.id, narrow.id, alone.id, outside.id, scene.first.id, PostId(1)):
        assert not await store.write(answers.accept, post_id, by=scene.ada, uri=None, now=NOON)
    assert (await scene.held()).state == "answered"


async def test_a_thread_that_was_taken_for_no_ask_is_one_once_an_answer_is_accepted(scene: Scene) -> None:
    floods = (await scene.held()).community_id
    told = await written.add(scene.store, scene.ada, type="Page", community_id=floods)
    reply = await written.answer(scene.store, scene.ben, told)
    assert await scene.accept(reply)
    held = await scene.store.read(asks.find, SYSTEM, told.id)
    assert held is not None
    assert (held.state, held.asker_id, held.accepted_id) == ("resolved", scene.ada, reply.id)


async def test_an_accepted_answer_is_given_to_who_may_see_it(scene: Scene) -> None:
    floods = (await scene.held()).community_id
    closed = await written.add(scene.store, scene.ada, community_id=floods, audience="members", ask=NewAsk())
    reply = await written.answer(scene.store, scene.ben, closed, audience="members")
    assert await scene.accept(reply)
    assert await scene.store.read(answers.of_ask, STRANGER, closed.id) == []
    assert await scene.store.read(answers.find, STRANGER, reply.id) is None
    assert await scene.store.read(answers.find, SYSTEM, reply.id) is not None


async def test_a_community_says_once_that_it_is_resolved(scene: Scene) -> None:
    store = scene.store
    assert await scene.accept(scene.first, say=True)
    assert await store.read(answers.to_say, NOON - timedelta(seconds=1), 9) == []
    assert await store.read(answers.to_say, NOON, 9) == [scene.ask.id]
    await store.write(answers.put_off, scene.ask.id, NOON, LATER)
    assert await store.read(answers.to_say, NOON, 9) == []
    assert await store.read(answers.to_say, LATER, 9) == [scene.ask.id]
    await store.write(answers.said, scene.ask.id, scene.second.id)
    assert await store.read(answers.to_say, LATER, 9) == []
    await store.write(answers.unaccept, scene.first.id)
    assert await scene.accept(scene.first, say=True)
    assert await store.read(answers.to_say, LATER, 9) == []


async def test_who_asked_is_asked_once_whether_it_helped(scene: Scene) -> None:
    store = scene.store
    assert await scene.accept(scene.first, again_at=MONTH)
    assert await scene.accept(scene.second, LATER, again_at=MONTH + timedelta(days=9))
    assert await store.read(answers.to_ask_again, MONTH - timedelta(seconds=1), 9) == []
    assert await store.read(answers.to_ask_again, MONTH, 9) == [scene.ask.id]
    assert not await store.write(answers.helped, scene.ask.id, scene.ada, "yes", "")
    await store.write(answers.asked_again, scene.ask.id, scene.second.id, MONTH)
    assert await store.read(answers.to_ask_again, MONTH, 9) == []
    assert await store.read(answers.asked_by, person(scene.ada), scene.second.id) == scene.ask.id
    assert await store.read(answers.asked_by, person(scene.ada), scene.first.id) is None
    assert not await store.write(answers.helped, scene.ask.id, scene.ben, "no", "")
    assert await store.write(answers.helped, scene.ask.id, scene.ada, "partly", "A fee")
    held = await scene.held()
    assert (held.helped, held.asked_again_at) == ("partly", MONTH)
    await store.write(answers.unaccept, scene.first.id)
    assert await scene.accept(scene.first, again_at=MONTH)
    assert await store.read(answers.to_ask_again, MONTH, 9) == []


async def test_nobody_is_asked_of_an_answer_that_was_taken_back(scene: Scene) -> None:
    assert await scene.accept(scene.first, say=True, again_at=MONTH)
    await scene.store.write(answers.unaccept, scene.first.id)
    assert await scene.store.read(answers.to_say, MONTH, 9) == []
    assert await scene.store.read(answers.to_ask_again, MONTH, 9) == []


async def test_who_wants_it_is_never_asked_again(scene: Scene) -> None:
    store = scene.store
    assert await scene.accept(scene.first, again_at=MONTH)
    await store.write(answers.asked_again, scene.ask.id, None, MONTH)
    await store.write(answers.helped, scene.ask.id, scene.ada, "stop", "")
    other = await written.add(store, scene.ada, community_id=(await scene.held()).community_id, ask=NewAsk())
    reply = await written.answer(store, scene.ben, other)
    assert await scene.accept(reply, again_at=MONTH)
    assert await store.read(answers.to_ask_again, MONTH, 9) == []


async def test_a_post_that_reads_otherwise_counts_as_edited(scene: Scene) -> None:
    await scene.store.write(answers.touch, scene.ask.id, LATER)
    found = await scene.store.read(posts.find, SYSTEM, scene.ask.id)
    assert found is not None
    assert found.edited_at == LATER
