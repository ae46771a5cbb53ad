"""Whom the last word of somebody goes to, and what became of it."""

from datetime import timedelta

import pytest

from storage import deliveries, erasures, keys
from storage.deliveries import Failure, Head, NewBody, Settled
from storage.engine import Reader, Store, Transaction
from storage.erasures import Dropped, Host
from storage.ids import ActorId, RowId
from tests.storage import people
from tests.storage.people import NOON

HOUR = timedelta(hours=1)
BODY = RowId(1000)
INBOXES = {host: f"https://{host}/inbox" for host in ("devon.example", "essex.example")}


@pytest.fixture
async def me(store: Store) -> ActorId:
    """Give somebody with a key whose Delete waits for two hosts, while a third is not told."""
    me = await people.add(store, "me")
    await store.write(keys.add_private, me, "rsa", "https://x/#k", b"secret", "public", NOON)
    await store.write(erasures.begin, me, "me", NOON)

    async def tell(tx: Transaction) -> None:
        body = NewBody(uri="https://x/1", type="Delete", object_uri="https://x/me", sender_id=me, body=b"{}")
        await deliveries.add_body(tx, BODY, body)
        await deliveries.add(tx, BODY, list(INBOXES.items()), NOON)
        hosts = [Host(host=host, inbox=inbox, state="waiting") for host, inbox in INBOXES.items()]
        hosts.append(Host(host="york.example", inbox="", state="failed", answer="not on the list"))
        await erasures.told(tx, me, BODY, hosts, NOON)

    await store.write(tell)
    return me


async def states(store: Store, me: ActorId) -> dict[str, tuple[str, str, int]]:
    found = await store.read(erasures.hosts, me)
    return {one.host: (one.state, one.answer, one.tries) for one in found}


async def settle(store: Store, host: str, *, dropped: Dropped | None = None) -> None:
    (head,) = await store.read(_heads, host)
    answers = {head.id: dropped} if dropped else {}
    await store.write(deliveries.settle, [Settled(host=host, over=[head], dropped=answers)], NOON + HOUR)


async def _heads(read: Reader, host: str) -> list[Head]:
    statement = """
    SELECT id, host, inbox, body_id, refusals, first_refused_at, queued_at FROM deliveries WHERE host = :host
    """
    return await read.all(Head, statement, host=host)


async def has_key(store: Store, me: ActorId) -> bool:
    return await store.read(keys.find_private, me, "rsa") is not None


async def test_it_is_over_and_the_keys_are_gone_once_every_host_took_it(store: Store, me: ActorId) -> None:
    await settle(store, "devon.example")
    assert await states(store, me) == {
        "devon.example": ("acknowledged", "", 0),
        "essex.example": ("waiting", "", 0),
        "york.example": ("failed", "not on the list", 0),
    }
    held = await store.read(erasures.find, "me")
    assert held is not None
    assert (held.ended_at, await has_key(store, me)) == (None, True)
    await settle(store, "essex.example")
    held = await store.read(erasures.find, "me")
    assert held is not None
    assert (held.ended_at, await has_key(store, me)) == (NOON + HOUR, False)


@pytest.mark.parametrize(("refused", "state"), [(True, "failed"), (False, "unreachable")])
async def test_a_host_that_does_not_take_it_says_why(
    store: Store, me: ActorId, refused: bool, state: str
) -> None:
    await settle(store, "devon.example", dropped=Dropped(answer="410 gone", refused=refused))
    assert (await states(store, me))["devon.example"] == (state, "410 gone", 0)


async def test_a_host_that_is_down_is_unreachable_while_it_is_tried(store: Store, me: ActorId) -> None:
    (claimed, *_) = await store.write(
        deliveries.claim, now=NOON, until=NOON + HOUR, hosts=9, failing=9, allows=lambda _: True
    )
    failure = Failure(
        id=claimed.heads[0].id, answer="timed out", refused=False, due_at=NOON + HOUR, rest_until=NOON
    )
    settled = Settled(host=claimed.queue.host, over=[], failure=failure)
    await store.write(deliveries.settle, [settled], NOON)
    assert (await states(store, me))[claimed.queue.host] == ("unreachable", "timed out", 1)


async def test_a_host_that_leaves_the_list_is_told_nothing_and_holds_nothing_up(
    store: Store, me: ActorId
) -> None:
    await settle(store, "devon.example")
    await store.write(deliveries.end_host, "essex.example")
    assert (await states(store, me))["essex.example"][0] == "failed"
    assert await has_key(store, me)
    await store.write(erasures.end_those_cut_off, NOON + HOUR)
    assert not await has_key(store, me)


async def test_what_was_cut_short_is_found_until_it_is_told(store: Store, me: ActorId) -> None:
    other = await people.add(store, "other")
    await store.write(erasures.begin, other, "other", NOON)
    assert await store.read(erasures.cut_short, NOON, 5) == []
    assert [one.handle for one in await store.read(erasures.cut_short, NOON + HOUR, 5)] == ["other"]
    await store.write(erasures.begin, other, "other", NOON + HOUR)
    assert await store.read(erasures.cut_short, NOON + HOUR, 5) == []
    await store.write(erasures.told, other, BODY, [], NOON + HOUR)
    held = await store.read(erasures.find, "other")
    assert held is not None
    assert held.ended_at == NOON + HOUR, "nobody had anything"
    assert await store.read(erasures.find, "nobody") is None


async def test_other_deliveries_are_left_alone(store: Store, me: ActorId) -> None:
    await store.write(erasures.settle, [(RowId(7), INBOXES["devon.example"], None)], NOON)
    assert (await states(store, me))["devon.example"][0] == "waiting"
