"""Requests to join communities elsewhere, offered to who facilitates them here."""

from datetime import timedelta

from storage import memberships, offers
from storage.engine import Store
from storage.ids import ActorId
from storage.offers import Offer
from storage.pages import Page
from storage.visible import SYSTEM
from tests.storage import people
from tests.storage.people import NOON, new_id


async def _offered(store: Store, requester: str, uri: str = "https://lemmy.example/o/1") -> Offer:
    """Give what is offered to ada: somebody asks to join planning."""
    ids = [
        await people.add(store, handle, host, kind=kind)
        for handle, host, kind in (
            ("planning", "lemmy.example", "Group"),
            ("ada", "kent.example", "Person"),
            (requester, "surrey.example", "Person"),
        )
    ]
    planning, ada, asker = ids
    await people.follow(store, asker, planning, accepted=False)
    return Offer(new_id(), planning, ada, asker, uri, b"{}", NOON)


async def test_an_offered_request_waits_for_the_facilitators_decision(store: Store) -> None:
    offer = await _offered(store, "sam")
    ada, sam = offer.facilitator_id, offer.requester_id
    assert await store.read(memberships.requests_for, SYSTEM, ada, Page(limit=9)) == []
    await store.write(offers.add, offer)
    waiting = await store.read(memberships.requests_for, SYSTEM, ada, Page(limit=9))
    assert [person.id for _, person in waiting] == [sam]
    assert await store.read(memberships.requests_count, SYSTEM, ada) == 1
    found = await store.read(offers.oldest, SYSTEM, ada, sam, offer.community_id)
    assert found == offer
    assert await store.read(offers.oldest, SYSTEM, ada, sam) == offer
    assert await store.read(offers.oldest, SYSTEM, ada, sam, ActorId(1)) is None
    assert await store.read(offers.oldest, SYSTEM, sam, sam) is None


async def test_one_made_again_replaces_the_earlier(store: Store) -> None:
    offer = await _offered(store, "sam")
    await store.write(offers.add, offer)
    again = Offer(
        new_id(), offer.community_id, offer.facilitator_id, offer.requester_id, "https://o/2", b"[]", NOON
    )
    await store.write(offers.add, again)
    found = await store.read(offers.oldest, SYSTEM, offer.facilitator_id, offer.requester_id)
    assert found is not None
    assert (found.id, found.uri, found.body) == (offer.id, "https://o/2", b"[]")


async def test_a_decided_one_goes_and_so_does_one_that_nobody_answers(store: Store) -> None:
    offer = await _offered(store, "sam")
    await store.write(offers.add, offer)
    assert await store.write(offers.settle, offer.community_id, offer.requester_id)
    assert not await store.write(offers.settle, offer.community_id, offer.requester_id)
    await store.write(offers.add, offer)
    assert await store.write(offers.forget_old, NOON, 9) == 0
    assert await store.write(offers.forget_old, NOON + timedelta(seconds=1), 9) == 1
