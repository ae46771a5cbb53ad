from datetime import timedelta

import httpx
import pytest

from fedcop.server.app import build
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer

FINGER = "/.well-known/webfinger?resource=acct:{}@kent.example"


class Stranger:
    """Somebody who asks from an address."""

    def __init__(self, council: Council) -> None:
        self.app = build(council.node)

    async def get(self, path: str, address: str = "192.0.2.1") -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, client=(address, 4000))
        async with httpx.AsyncClient(transport=transport, base_url="https://kent.example") as http:
            return await http.get(path, headers={"accept": ACTIVITY})

    async def miss(self, path: str, times: int, address: str = "192.0.2.1") -> None:
        for number in range(times):
            assert (await self.get(path.format(f"nobody{number}"), address)).status_code == 404


@pytest.fixture
async def stranger(kent: Council) -> Stranger:
    await kent.person("ada")
    return Stranger(kent)


async def test_who_asks_for_many_that_are_not_here_waits(network: Network, stranger: Stranger) -> None:
    await stranger.miss(FINGER, 30)
    network.clock.move(timedelta(seconds=10))
    await stranger.miss("/people/{}", 15)
    await stranger.miss("/communities/{}", 15)
    for path in (FINGER.format("ada"), "/people/ada"):
        answer = await stranger.get(path)
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "50"
    assert (await stranger.get(FINGER.format("ada"), "192.0.2.2")).status_code == 200
    assert (await stranger.get("/actor")).status_code == 200
    network.clock.move(timedelta(seconds=50))
    assert (await stranger.get("/people/ada")).status_code == 200


async def test_who_asks_for_people_that_are_here_never_waits(stranger: Stranger) -> None:
    for _ in range(61):
        assert (await stranger.get(FINGER.format("ada"))).status_code == 200
        assert (await stranger.get("/people/ada")).status_code == 200


async def test_a_network_of_ipv6_counts_as_one(stranger: Stranger) -> None:
    await stranger.miss(FINGER, 60, "2001:db8::1")
    assert (await stranger.get("/people/ada", "2001:db8::2")).status_code == 429
    assert (await stranger.get("/people/ada", "2001:db8:0:1::1")).status_code == 200


async def test_a_node_that_signs_is_not_held_up(kent: Council, network: Network, stranger: Stranger) -> None:
    surrey = Peer("surrey.example", network.router, network.clock)
    sam = surrey.person("sam")
    await stranger.miss("/people/{}", 60, "127.0.0.1")
    assert (await surrey.get(kent.url("/people/ada"), by=sam)).status == 200
    network.clock.move(timedelta(minutes=1))
    for number in range(60):
        assert (await surrey.get(kent.url(f"/people/nobody{number}"), by=sam)).status == 404
    assert (await stranger.get("/people/ada", "127.0.0.1")).status_code == 200
