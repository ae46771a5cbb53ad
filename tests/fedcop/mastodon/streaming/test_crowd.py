"""Who is connected, and what becomes of those who cannot keep up."""

import asyncio

from fedcop.actions.account import hash_of
from fedcop.mastodon.streaming.crowd import MOST_EACH, MOST_UNSENT, Crowd, Frame, Listener
from fedcop.mastodon.streaming.streams import Stream
from fedcop.node import Node
from storage import accounts, notifications, oauth
from storage.ids import ActorId
from storage.notifications import NewNotification
from tests.fedcop.mastodon.conftest import BASE, Client
from tests.fedcop.mastodon.methods.test_timelines import account_id

WITHIN = 10


async def listener_of(client: Client, secret: str, *streams: str) -> Listener:
    me = await client.get("/api/v1/accounts/verify_credentials")
    listener = Listener(hash_of(secret), int(me["id"]), BASE)
    listener.streams = {Stream(name): None for name in streams}
    return listener


async def next_of(listener: Listener) -> Frame | None:
    async with asyncio.timeout(WITHIN):
        return await listener.frames.get()


async def test_nothing_runs_while_nobody_is_connected(
    node: Node, secrets: dict[str, str], ben: Client
) -> None:
    crowd = Crowd(node)
    listener = await listener_of(ben, secrets["ben"], "user")
    before = len(asyncio.all_tasks())
    async with crowd.joined(listener):
        assert len(asyncio.all_tasks()) == before + 2
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before


async def test_a_token_that_ends_ends_its_connections_though_nothing_happens(
    node: Node, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    crowd = Crowd(node, look_every=0.01)
    staying = await listener_of(ada, secrets["ada"], "user")
    revoked = await listener_of(ben, secrets["ben"], "user")
    async with crowd.joined(staying), crowd.joined(revoked):
        await node.store.write(oauth.revoke_all, ActorId(revoked.person))
        assert await next_of(revoked) is None
        assert staying.frames.empty()
        await node.store.write(accounts.set_state, ActorId(staying.person), "suspended", node.clock.now())
        assert await next_of(staying) is None


async def test_a_reader_who_takes_nothing_is_let_go(secrets: dict[str, str], ben: Client) -> None:
    listener = await listener_of(ben, secrets["ben"], "user")
    for number in range(MOST_UNSENT + 1):
        listener.put(Frame(Stream("user"), "delete", str(number)))
    assert await next_of(listener) is None
    assert listener.frames.empty()


async def test_the_oldest_of_too_many_connections_of_a_person_ends(
    node: Node, secrets: dict[str, str], ben: Client
) -> None:
    crowd = Crowd(node)
    listeners = [await listener_of(ben, secrets["ben"], "user") for _ in range(MOST_EACH + 1)]
    async with crowd.joined(listeners[0]), crowd.joined(listeners[1]):
        for listener in listeners[2:]:
            crowd._listeners.append(listener)
        crowd._listeners.remove(listeners[-1])
        async with crowd.joined(listeners[-1]):
            assert await next_of(listeners[0]) is None
            assert listeners[1].frames.empty()


async def test_a_community_tells_its_members_once(
    node: Node, secrets: dict[str, str], ada: Client, ben: Client, cai: Client
) -> None:
    """The announce of a post, not the author's own entry: neither follows the other."""
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'floods')}/follow")
    await cai.post(f"/api/v1/accounts/{await account_id(cai, 'floods')}/follow")
    crowd = Crowd(node)
    listener = await listener_of(ben, secrets["ben"], "user")
    async with crowd.joined(listener):
        await asyncio.sleep(0)
        await cai.write("@floods Which pumps do you hire?")
        frame = await next_of(listener)
        await ada.write("Something else")
        await asyncio.sleep(0.05)
    assert frame is not None
    assert frame.event == "update"
    assert '"reblog":{' in frame.payload
    assert listener.frames.empty()


async def test_what_one_change_meets_does_not_silence_those_that_follow(
    node: Node, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    crowd = Crowd(node)
    listener = await listener_of(ben, secrets["ben"], "user", "public")
    now = node.clock.now()
    odd = NewNotification(
        id=node.ids.next_notification(now),
        actor_id=ActorId(listener.person),
        type="unheard",
        by_actor=ActorId(int(await account_id(ben, "ada"))),
        post_id=None,
        target_id=None,
        created_at=now,
    )
    async with crowd.joined(listener):
        await asyncio.sleep(0)
        assert await node.store.write(notifications.add, odd)
        await ada.write("For all")
        frame = await next_of(listener)
    assert frame is not None
    assert "For all" in frame.payload
