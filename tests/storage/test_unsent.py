"""What waits of somebody who leaves is not sent first."""

from storage import unsent
from storage.engine import Store
from tests.storage import written
from tests.storage.test_deliveries import ADA, COMMUNITY, Outbox, outbox  # noqa: F401 - a fixture


async def test_what_waits_of_a_post_goes_whoever_sends_it(store: Store, outbox: Outbox) -> None:  # noqa: F811
    post, other = await written.add(store, ADA), await written.add(store, ADA)
    await outbox.send("kent.example", about=post.uri, kind="Delete")  # else it would take the Create back
    await outbox.send("kent.example", about=post.uri)
    await outbox.send("kent.example", "york.example", about=post.uri, by=COMMUNITY, inbox="shared")
    await outbox.send("york.example", about=other.uri)
    await store.write(unsent.drop_posts, [post.id])
    assert await outbox.waiting() == {"kent.example": 1, "york.example": 1}
    assert [body.split()[0] for body in await outbox.bodies()] == ["Delete", "Create"]
    await store.write(unsent.drop_posts, [other.id])
    assert await outbox.waiting() == {"kent.example": 1}, "a queue without anything is no more"


async def test_what_waits_of_a_sender_goes_but_for_what_deletes(store: Store, outbox: Outbox) -> None:  # noqa: F811
    await outbox.send("kent.example", about="https://x/1", kind="Like")
    await outbox.send("kent.example", about="https://x/2", kind="Delete")
    await outbox.send("york.example", about="https://x/3", by=COMMUNITY)
    await store.write(unsent.drop_sender, ADA)
    assert await outbox.waiting() == {"kent.example": 1, "york.example": 1}
    assert [body.split()[0] for body in await outbox.bodies()] == ["Delete", "Create"]


async def test_a_queue_in_hand_is_left_alone(store: Store, outbox: Outbox) -> None:  # noqa: F811
    post = await written.add(store, ADA)
    await outbox.send("kent.example", about=post.uri)
    await outbox.claim()
    await store.write(unsent.drop_posts, [post.id])
    await store.write(unsent.drop_sender, ADA)
    assert await outbox.waiting() == {"kent.example": 1}
