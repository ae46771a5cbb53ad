import pytest

from fedcop.errors import NotPermitted, PeerTrouble
from fedcop.fetch import discovery
from tests.support.network import Council, Network


async def test_who_is_there_and_who_is_not(kent: Council, network: Network) -> None:
    surrey = network.peer("surrey.example")
    uri = surrey.person("sam")
    found = await discovery.finger(kent.node, "surrey.example", "acct:sam@surrey.example")
    assert found is not None
    assert found.self_uri == uri
    assert await discovery.finger(kent.node, "surrey.example", "acct:nobody@surrey.example") is None


async def test_no_answer_is_trouble_and_a_host_that_is_not_allowed_is_not_asked(
    kent: Council, network: Network
) -> None:
    surrey = network.peer("surrey.example")
    surrey.status["/.well-known/webfinger"] = 500
    with pytest.raises(PeerTrouble):
        await discovery.finger(kent.node, "surrey.example", "acct:sam@surrey.example")
    network.router.take()
    with pytest.raises(NotPermitted):
        await discovery.finger(kent.node, "rogue.example", "acct:rex@rogue.example")
    assert network.router.take() == []


async def test_these_requests_are_not_signed(kent: Council, network: Network) -> None:
    network.peer("surrey.example").person("sam")
    await discovery.finger(kent.node, "surrey.example", "acct:sam@surrey.example")
    (asked,) = network.router.seen
    assert asked.header("signature") is None
    assert (asked.header("user-agent") or "").startswith("fedcop/")


async def test_only_loopback_names_may_go_without_tls_and_only_if_so_configured(network: Network) -> None:
    kent = await network.open("kent.example", outbound={"plain_http": True})
    assert discovery.base_of(kent.node, "devon.localhost:8002") == "http://devon.localhost:8002"
    assert discovery.base_of(kent.node, "devon.example") == "https://devon.example"
    devon = await network.open("devon.example")
    assert discovery.base_of(devon.node, "kent.localhost:8001") == "https://kent.localhost:8001"
