import asyncio
import json
from datetime import datetime, timedelta

import pytest
from starlette.types import Message

from activitypub.wire import Request
from fedcop.actions import knock
from fedcop.federation.inbox import Inbox
from storage import knocks, peers, received
from storage.engine import Reader, Transaction
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer, pem, signed


@pytest.fixture
def surrey(network: Network) -> Peer:
    """Give a peer of other software with one person."""
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


def like_by(peer: Peer, name: str = "sam", number: int = 1) -> dict[str, str]:
    return {
        "id": f"{peer.base}/likes/{number}",
        "type": "Like",
        "actor": peer.uri(name),
        "object": "https://kent.example/posts/1",
    }


async def waiting(kent: Council) -> int:
    counts = await kent.node.store.read(received.counts)
    return sum(count.n for count in counts)


async def test_a_signed_activity_is_stored_and_answered_202(
    kent: Council, network: Network, surrey: Peer
) -> None:
    assert await surrey.post(kent.url("/inbox"), like_by(surrey)) == 202
    assert await waiting(kent) == 1
    heard = await kent.node.store.read(peers.find, "surrey.example")
    assert heard is not None
    assert heard.heard_at == network.clock.now()


PUT_OFF = """
INSERT INTO queues (host, due_at) VALUES ('surrey.example', :later)
ON CONFLICT (host) DO UPDATE SET due_at = excluded.due_at
"""


async def put_off(tx: Transaction, later: datetime) -> None:
    await tx.execute(PUT_OFF, later=later)


async def is_due(read: Reader, now: datetime) -> bool:
    return bool(await read.value("SELECT due_at <= :now FROM queues WHERE host = 'surrey.example'", now=now))


async def test_what_a_host_sends_brings_its_queue_forward_once_a_second(
    kent: Council, network: Network, surrey: Peer
) -> None:
    due = []
    for number, passed in enumerate((0, 0, 1)):
        network.clock.move(timedelta(seconds=passed))
        now = network.clock.now()
        await kent.node.store.write(put_off, now + timedelta(hours=1))
        await surrey.post(kent.url("/inbox"), like_by(surrey, number=number))
        due.append(await kent.node.store.read(is_due, now))

    assert due == [True, False, True]


async def test_the_key_is_fetched_once(kent: Council, network: Network, surrey: Peer) -> None:
    for number in (1, 2, 3):
        assert await surrey.post(kent.url("/inbox"), like_by(surrey, number=number)) == 202
    assert network.fetches() == ["GET https://surrey.example/users/sam"]


async def test_a_repeated_activity_is_answered_202_and_stored_once(
    kent: Council, network: Network, surrey: Peer
) -> None:
    for _ in range(3):
        assert await surrey.post(kent.url("/inbox"), like_by(surrey)) == 202
    assert await waiting(kent) == 1


@pytest.mark.parametrize("path", ["/inbox", "/actor/inbox", "/people/ask/inbox"])
async def test_each_inbox_that_exists_takes_what_comes(
    kent: Council, network: Network, surrey: Peer, path: str
) -> None:
    assert await surrey.post(kent.url(path), like_by(surrey)) == 202


@pytest.mark.parametrize("path", ["/people/nobody/inbox", "/communities/nothing/inbox"])
async def test_an_inbox_that_does_not_exist_answers_404_and_never_410(
    kent: Council, network: Network, surrey: Peer, path: str
) -> None:
    assert await surrey.post(kent.url(path), like_by(surrey)) == 404
    assert await waiting(kent) == 0


async def send(network: Network, kent: Council, body: bytes, **headers: str) -> int:
    """Send an unsigned request and give the status."""
    given = {"content_type": ACTIVITY} | headers
    named = tuple((name.replace("_", "-"), value) for name, value in given.items())
    request = Request(method="POST", url=kent.url("/inbox"), headers=named, body=body)
    return (await network.router.send(request)).status


async def test_what_is_unsigned_is_refused_in_the_order_of_cost(kent: Council, network: Network) -> None:
    whole = json.dumps({"id": "https://a.example/1", "type": "Like", "actor": "https://a.example/a"}).encode()
    assert await send(network, kent, b"x" * 1_048_577, content_type="text/plain") == 413
    assert await send(network, kent, b"not json", content_type="text/plain") == 415
    assert await send(network, kent, b"not json") == 400
    assert await send(network, kent, b'{"id": "https://a.example/1", "type": "Like"}') == 400
    assert await send(network, kent, whole) == 401
    assert network.fetches() == []


async def test_who_is_not_on_the_list_gets_403_and_nothing_is_fetched(
    kent: Council, network: Network
) -> None:
    rogue = network.peer("rogue.example")
    rogue.person("rex")
    assert await rogue.post(kent.url("/inbox"), like_by(rogue, "rex")) == 403
    assert network.fetches() == []


async def test_who_is_not_on_the_list_is_noted_with_its_own_words(kent: Council, network: Network) -> None:
    rogue = network.peer("rogue.example")
    rogue.person("rex")
    await rogue.post(kent.url("/inbox"), like_by(rogue, "rex"), user_agent="Lemmy/0.19")
    await knock.keep(kent.node)
    (row,) = await kent.node.store.read(knocks.waiting)
    assert (row.host, row.times, row.way) == ("rogue.example", 1, "inbox")
    assert (row.actor_uri, row.user_agent) == (rogue.uri("rex"), "Lemmy/0.19")


async def test_the_actors_host_has_to_be_on_the_list_as_well(
    kent: Council, network: Network, surrey: Peer
) -> None:
    body = json.dumps(
        {"id": "https://rogue.example/1", "type": "Like", "actor": "https://rogue.example/rex", "object": "x"}
    ).encode()
    request = signed(
        "POST",
        kent.url("/inbox"),
        body,
        key_id=f"{surrey.uri('sam')}#main-key",
        by=surrey.uri("sam"),
        now=network.clock.now(),
    )
    assert (await network.router.send(request)).status == 403
    assert network.fetches() == []
    assert kent.node.memory.knocks == {}, "whoever is named did not come itself"


async def test_a_delete_by_somebody_unknown_is_202_and_nothing_is_fetched_or_stored(
    kent: Council, network: Network, surrey: Peer
) -> None:
    farewell = like_by(surrey) | {"type": "Delete", "object": surrey.uri("sam")}
    assert await surrey.post(kent.url("/inbox"), farewell, by="another key") == 202
    assert network.fetches() == []
    assert await waiting(kent) == 0


async def test_somebody_else_may_not_sign_for_an_actor(kent: Council, network: Network, surrey: Peer) -> None:
    neighbour = surrey.person("nan")
    body = json.dumps(like_by(surrey, "sam")).encode()
    request = signed(
        "POST",
        kent.url("/inbox"),
        body,
        key_id=f"{neighbour}#main-key",
        by=neighbour,
        now=network.clock.now(),
    )
    assert (await network.router.send(request)).status == 403


async def test_a_signature_that_does_not_hold_is_401(kent: Council, network: Network, surrey: Peer) -> None:
    assert await surrey.post(kent.url("/inbox"), like_by(surrey), by="another key") == 401
    # The key was fetched a moment ago: asking again would give the same.
    assert network.fetches() == ["GET https://surrey.example/users/sam"]


async def test_a_changed_key_is_asked_for_again_once(kent: Council, network: Network, surrey: Peer) -> None:
    assert await surrey.post(kent.url("/inbox"), like_by(surrey)) == 202
    network.clock.move(timedelta(minutes=10))
    network.router.take()
    uri = surrey.uri("sam")
    surrey.documents["/users/sam"]["publicKey"]["publicKeyPem"] = pem("the new key")
    assert await surrey.post(kent.url("/inbox"), like_by(surrey, number=2), by="the new key") == 202
    assert await surrey.post(kent.url("/inbox"), like_by(surrey, number=3), by="no key") == 401
    assert await surrey.post(kent.url("/inbox"), like_by(surrey, number=4), by="no key") == 401
    assert network.fetches() == [f"GET {uri}"]


async def test_a_key_that_cannot_be_had_is_503_and_the_sender_comes_again(
    kent: Council, network: Network, surrey: Peer
) -> None:
    surrey.status["/users/sam"] = 500
    body = json.dumps(like_by(surrey)).encode()
    request = signed(
        "POST",
        kent.url("/inbox"),
        body,
        key_id=f"{surrey.uri('sam')}#main-key",
        by=surrey.uri("sam"),
        now=network.clock.now(),
    )
    answer = await network.router.send(request)
    assert answer.status == 503
    assert answer.header("retry-after") == "60"

    del surrey.status["/users/sam"]
    network.clock.move(timedelta(minutes=2))
    assert await surrey.post(kent.url("/inbox"), like_by(surrey)) == 202


async def test_the_id_has_to_be_of_the_actors_origin(kent: Council, network: Network, surrey: Peer) -> None:
    forged = like_by(surrey) | {"id": "https://devon.example/likes/1"}
    assert await surrey.post(kent.url("/inbox"), forged) == 403
    assert await waiting(kent) == 0


async def test_a_body_that_does_not_come_holds_nobody_up(kent: Council) -> None:
    answered: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {"type": "http", "method": "POST", "path": "/inbox", "raw_path": b"/inbox", "headers": []}
    await Inbox(kent.node, body_within=0.01)(scope, receive, send)
    assert answered[0]["status"] == 400
    assert b"0.01 s" in answered[1]["body"]
