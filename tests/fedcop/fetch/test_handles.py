import asyncio
from datetime import timedelta

import pytest

from activitypub.errors import Malformed
from fedcop import fetch
from fedcop.actions import allowlist
from fedcop.errors import NotPermitted
from fedcop.fetch import discovery
from storage import changes
from tests.fedcop.fetch.test_actors import serve_finger
from tests.support.hosts import Pointing
from tests.support.network import Council, Network
from tests.support.speak import Peer

HOST = "cop.surrey.example"


@pytest.fixture
async def kent(network: Network) -> Council:
    """Give a node that allows only the hosts of ids."""
    return await network.open("kent.example", federation={"allow": [HOST, "cop.essex.example"]})


@pytest.fixture
def surrey(network: Network) -> Peer:
    """Give a node whose handles end in surrey.example."""
    return node_of(network, HOST, "surrey.example", "sam")


def node_of(network: Network, host: str, domain: str, *names: str) -> Peer:
    """Add a peer that says its handles end in a domain."""
    peer = network.peer(host)
    for name in names:
        uri = peer.person(name)
        serve_finger(peer, f"{name}@{host}", f"{name}@{domain}", uri)
        serve_finger(peer, f"{name}@{domain}", f"{name}@{domain}", uri)
    return peer


def website(network: Network, domain: str, peer: Peer, *names: str) -> Peer:
    """Add the host of a domain that says whose its handles are."""
    site = network.peer(domain)
    for name in names:
        serve_finger(site, f"{name}@{domain}", f"{name}@{domain}", peer.uri(name))
    return site


def asked(network: Network, host: str) -> int:
    """Give how often a host was asked since the last time."""
    return sum(line.startswith(f"GET https://{host}/") for line in network.fetches())


async def test_a_domain_is_learnt_once_it_leads_back_to_the_node_that_names_it(
    kent: Council, network: Network, surrey: Peer
) -> None:
    website(network, "surrey.example", surrey, "sam")
    assert (await fetch.actor(kent.node, surrey.uri("sam"))).domain == "surrey.example"
    assert kent.node.domains == {"surrey.example": HOST}
    # A server beside the command that learnt it looks at this counter, and then reads it with the list.
    assert (await kent.node.store.read(changes.counters))["rules"] == 1
    kent.node.domains = {}
    await kent.node.refresh_rules()
    assert kent.node.domains == {"surrey.example": HOST}


async def test_a_domain_that_leads_elsewhere_is_asked_once_an_hour_for_all_that_names_it(
    kent: Council, network: Network
) -> None:
    rogue = node_of(network, HOST, "surrey.example", "ann", "bob", "cid", "dot")
    site = website(network, "surrey.example", node_of(network, "other.example", "other.example", "sam"))
    site.person("ann")
    for name in ("ann", "bob", "cid"):
        assert (await fetch.actor(kent.node, rogue.uri(name))).domain == HOST
    assert asked(network, "surrey.example") == 1
    assert kent.node.domains == {}
    # Another name does not buy another request.
    serve_finger(rogue, f"dot@{HOST}", "dot@victim.example", rogue.uri("dot"))
    assert (await fetch.actor(kent.node, rogue.uri("dot"))).domain == HOST
    assert asked(network, "victim.example") == 0
    network.clock.move(timedelta(hours=1))
    with pytest.raises(NotPermitted):
        await fetch.handle(kent.node, "ann", "surrey.example")
    assert asked(network, "surrey.example") == 1


async def test_many_seen_at_once_are_one_question_whether_a_domain_is_theirs(
    kent: Council, network: Network
) -> None:
    surrey = node_of(network, HOST, "surrey.example", "sam", "sue")
    website(network, "surrey.example", surrey, "sam", "sue")
    found = await asyncio.gather(*(fetch.actor(kent.node, surrey.uri(name)) for name in ("sam", "sue")))
    assert [each.domain for each in found] == ["surrey.example"] * 2


async def test_a_domain_that_leads_to_one_node_is_not_asked_on_the_word_of_another(
    kent: Council, network: Network, surrey: Peer
) -> None:
    website(network, "surrey.example", surrey, "sam")
    await fetch.actor(kent.node, surrey.uri("sam"))
    essex = node_of(network, "cop.essex.example", "surrey.example", "sam")
    network.router.take()
    assert (await fetch.actor(kent.node, essex.uri("sam"))).domain == "cop.essex.example"
    assert asked(network, "surrey.example") == 0


async def test_a_domain_whose_node_left_the_list_may_lead_to_another(network: Network, surrey: Peer) -> None:
    kent = await network.open("kent.example", federation={"allow": ["cop.essex.example"]})
    await allowlist.allow(kent.node, HOST, by="test")
    website(network, "surrey.example", surrey, "sam")
    await fetch.actor(kent.node, surrey.uri("sam"))
    essex = node_of(network, "cop.essex.example", "surrey.example", "eve")
    website(network, "surrey.example", essex, "eve")
    await allowlist.forget(kent.node, HOST, by="test")
    assert (await fetch.actor(kent.node, essex.uri("eve"))).domain == "surrey.example"
    assert kent.node.domains == {"surrey.example": "cop.essex.example"}


@pytest.mark.parametrize(
    "domain", ["kent.example", "denied.example", "below.denied.example", "localhost:5432"]
)
async def test_a_domain_that_is_ours_denied_or_this_machine_is_not_asked(
    network: Network, domain: str
) -> None:
    kent = await network.open("kent.example", federation={"allow": [HOST], "deny": ["denied.example"]})
    surrey = node_of(network, HOST, domain, "sam")
    assert (await fetch.actor(kent.node, surrey.uri("sam"))).domain == HOST
    assert asked(network, domain) == 0


async def test_a_node_just_below_a_domain_is_asked_whether_the_domain_is_its_own(
    kent: Council, network: Network, surrey: Peer
) -> None:
    website(network, "surrey.example", surrey, "sam")
    found = await fetch.handle(kent.node, "sam", "surrey.example")
    assert found is not None
    assert (found.uri, found.domain) == (surrey.uri("sam"), "surrey.example")
    first, *_ = network.fetches()
    assert first == f"GET https://{HOST}/.well-known/webfinger?resource=acct:sam@surrey.example"


async def test_a_node_below_that_speaks_for_itself_only_does_not_lend_the_domain(
    kent: Council, network: Network
) -> None:
    surrey = network.peer(HOST)
    uri = surrey.person("sam")
    serve_finger(surrey, "sam@surrey.example", f"sam@{HOST}", uri)
    with pytest.raises(NotPermitted):
        await fetch.handle(kent.node, "sam", "surrey.example")


async def test_below_a_suffix_that_many_share_nobody_is_asked(network: Network) -> None:
    kent = await network.open(
        "kent.example", federation={"allow": [f"{name}.gov.example" for name in "abcd"]}
    )
    with pytest.raises(NotPermitted):
        await fetch.handle(kent.node, "sam", "gov.example")
    assert network.fetches() == []


async def test_one_stored_before_the_domain_was_known_gets_it_when_fetched_again(
    kent: Council, network: Network
) -> None:
    surrey = node_of(network, HOST, "surrey.example", "sam", "sue")
    assert (await fetch.actor(kent.node, surrey.uri("sue"))).domain == HOST
    website(network, "surrey.example", surrey, "sam", "sue")
    network.clock.move(timedelta(hours=1))
    assert await fetch.handle(kent.node, "sam", "surrey.example") is not None
    assert (await fetch.actor(kent.node, surrey.uri("sue"), fresh=True)).domain == "surrey.example"


async def test_a_handle_that_only_its_domain_claims_stays_what_its_own_host_says(network: Network) -> None:
    kent = await network.open("kent.example")
    surrey, devon = network.peer("surrey.example"), network.peer("devon.example")
    uri = surrey.person("sam")
    serve_finger(devon, "sam@devon.example", "sam@devon.example", uri)
    found = await fetch.handle(kent.node, "sam", "devon.example")
    assert found is not None
    assert (found.uri, found.domain) == (uri, "surrey.example")


async def test_a_subject_that_is_no_handle_is_refused(network: Network) -> None:
    kent = await network.open("kent.example")
    surrey = network.peer("surrey.example")
    uri = surrey.person("sam")
    serve_finger(surrey, "sam@surrey.example", "sam@10.0.0.1", uri)
    with pytest.raises(Malformed):
        await fetch.actor(kent.node, uri)


async def test_webfinger_may_point_on_only_to_a_host_on_the_list(
    kent: Council, network: Network, surrey: Peer
) -> None:
    kent.node.domains = {"surrey.example": HOST}
    network.router.add("surrey.example", Pointing("https://victim.example/.well-known/webfinger"))
    with pytest.raises(NotPermitted):
        await discovery.finger(kent.node, "surrey.example", "acct:sam@surrey.example")
    network.router.add("surrey.example", Pointing("https://["))
    with pytest.raises(Malformed):
        await discovery.finger(kent.node, "surrey.example", "acct:sam@surrey.example")
    assert asked(network, "victim.example") == 0
