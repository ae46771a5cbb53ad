"""A peer is tried again at an admin's word."""

from datetime import timedelta

import pytest

from fedcop.actions import retry
from fedcop.errors import NotFound
from storage import audit, deliveries
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene

LATER = timedelta(hours=6)


async def test_what_waits_is_due_at_once(scene: Scene, ada: Actor) -> None:
    store, now = scene.node.store, scene.node.clock.now()
    await scene.joined(await scene.remote("dan", "mastodon.example"), ada)
    await scene.write(ada, "Who hears this?")
    await store.write(_put_off, now + LATER)

    await retry.retry(scene.node, "mastodon.example", by="olwen")

    (row,) = await store.read(deliveries.backlog)
    assert row.due_at == now
    (entry, *_) = await store.read(audit.latest, 1)
    assert (entry.by_name, entry.verb, entry.object) == ("olwen", "peer retry", "mastodon.example")


async def test_a_host_that_was_never_met_is_refused(scene: Scene) -> None:
    before = await scene.node.store.read(audit.latest, 5)

    with pytest.raises(NotFound, match=r"nowhere\.example was never met"):
        await retry.retry(scene.node, "nowhere.example", by="olwen")

    assert await scene.node.store.read(audit.latest, 5) == before


async def _put_off(tx: deliveries.Transaction, due_at: object) -> None:
    await tx.execute("UPDATE queues SET due_at = :due_at", due_at=due_at)
