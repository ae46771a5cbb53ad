"""Notes that wait for an answer."""

from datetime import timedelta

from storage import questions
from storage.engine import Store
from storage.ids import PostId
from tests.storage import people, written
from tests.storage.people import NOON


async def test_a_note_waits_once_until_somebody_takes_it(store: Store) -> None:
    ada = await people.add(store, "ada")
    first, second = [PostId((await written.add(store, ada)).id) for _ in range(2)]
    await store.write(questions.add, second, NOON + timedelta(minutes=1))
    await store.write(questions.add, first, NOON)
    await store.write(questions.add, first, NOON)
    assert await store.read(questions.due, 9) == [first, second]
    assert await store.read(questions.due, 1) == [first]
    assert await store.write(questions.settle, first)
    assert not await store.write(questions.settle, first)
    assert await store.read(questions.due, 9) == [second]
