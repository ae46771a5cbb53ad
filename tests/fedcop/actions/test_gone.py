"""Who is let go of when an inbox is not there."""

from datetime import timedelta

import pytest

from fedcop.actions import gone
from storage import actors
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.support.network import Council, Network
from tests.support.speak import Peer

INBOX = "https://devon.example/inbox"


@pytest.fixture
def devon(network: Network) -> Peer:
    peer = network.peer("devon.example")
    for name in ("bea", "ben"):
        peer.person(name)
    return peer


@pytest.fixture
async def ada(network: Network, kent: Council, devon: Peer) -> Actor:
    """Give somebody whom bea and ben follow."""
    person = await kent.person("ada")
    for name in ("bea", "ben"):
        uri = devon.uri(name)
        follow = {"id": f"{uri}/follows/1", "type": "Follow", "actor": uri, "object": person.uri}
        await devon.post(kent.url("/inbox"), follow)
    await network.settle()
    network.router.take()
    return person


async def followers(kent: Council, actor: Actor) -> int:
    return (await kent.known(actor)).followers_count


async def named(kent: Council, uri: str) -> Actor:
    found = await kent.node.store.read(actors.find_by_uri, SYSTEM, uri)
    assert found is not None
    return found


async def test_of_a_shared_inbox_only_those_go_who_are_gone_themselves(
    kent: Council, devon: Peer, ada: Actor
) -> None:
    devon.status["/users/bea"] = 410
    await gone.look(kent.node, INBOX, for_good=True)

    assert await followers(kent, ada) == 1
    found = await named(kent, devon.uri("bea"))
    assert (found.state, found.display_name) == ("deleted", "")


async def test_who_moved_their_inbox_is_met_anew_and_stays(kent: Council, devon: Peer, ada: Actor) -> None:
    devon.person("bea", endpoints={"sharedInbox": "https://devon.example/new"})
    devon.status["/users/ben"] = 500
    await gone.look(kent.node, INBOX, for_good=True)

    assert await followers(kent, ada) == 2
    assert (await named(kent, devon.uri("bea"))).shared_inbox == "https://devon.example/new"


async def test_after_404_it_takes_three_days_of_nothing_else(
    network: Network, kent: Council, devon: Peer, ada: Actor
) -> None:
    devon.status |= {"/users/bea": 404, "/users/ben": 404}
    for _ in range(3):
        await gone.look(kent.node, INBOX, for_good=False)
        assert await followers(kent, ada) == 2
        network.clock.move(timedelta(days=1))
    del devon.status["/users/ben"]  # is back in time
    await gone.look(kent.node, INBOX, for_good=False)

    assert await followers(kent, ada) == 1


async def test_who_was_back_meanwhile_begins_anew(
    network: Network, kent: Council, devon: Peer, ada: Actor
) -> None:
    for status in (404, 200, 404):
        devon.status = {"/users/bea": status, "/users/ben": 500} if status != 200 else {}
        await gone.look(kent.node, INBOX, for_good=False)
        network.clock.move(timedelta(days=2))

    assert await followers(kent, ada) == 2


async def test_an_inbox_is_looked_behind_once_an_hour(
    network: Network, kent: Council, devon: Peer, ada: Actor
) -> None:
    await gone.look(kent.node, INBOX, for_good=True)
    assert len(network.fetches()) >= 2
    await gone.look(kent.node, INBOX, for_good=True)
    assert network.fetches() == []
    network.clock.move(timedelta(hours=1))
    await gone.look(kent.node, INBOX, for_good=True)
    assert network.fetches() != []
