from datetime import timedelta
from typing import Any

import pytest

from fedcop import fetch
from fedcop.actions import follow
from fedcop.workers import directory as worker
from storage import actors, directory, follows
from storage.visible import SYSTEM
from tests.support.network import Council, Network
from tests.support.speak import PUBLIC, Peer, pem


class Essex:
    """A node of another council as its wire shows it: its actor, its people, and what it says of them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.peer = network.peer("essex.example", software="fedcop")
        self.actor = f"{self.peer.base}/actor"
        document = self.peer.documents[self.path(self.peer.person("essex", type="Application"))]
        self.peer.put("/actor", document | {"id": self.actor, "inbox": f"{self.actor}/inbox"})
        key = {
            "id": f"{self.actor}#main-key", "owner": self.actor, "publicKeyPem": pem(self.actor)
        }  # fmt: skip
        self.peer.documents["/actor"]["publicKey"] = key

    def path(self, uri: str) -> str:
        return uri.removeprefix(self.peer.base)

    async def says(self, kent: Council, kind: str, uri: str, number: int, **more: Any) -> None:
        activity = {
            "id": f"{self.actor}/says/{number}", "type": kind, "actor": self.actor, "object": uri,
            "target": f"{self.peer.base}/directory/people", "to": [PUBLIC],
        } | more  # fmt: skip
        assert await self.peer.post(kent.url("/inbox"), activity) == 202
        await self.network.settle()


@pytest.fixture
async def essex(network: Network, kent: Council) -> Essex:
    return Essex(network)


async def followed(kent: Council, essex: Essex) -> None:
    """Let kent's node follow essex's, which accepts."""
    me = await kent.node.store.read(actors.find, SYSTEM, kent.node.actor_id)
    assert me is not None
    target = await fetch.actor(kent.node, fetch.node_actor_uri(kent.node, "essex.example"))
    held = await follow.follow(kent.node, me, target)
    await essex.network.settle()
    accept = {"object": {"id": held.uri, "type": "Follow", "actor": me.uri, "object": essex.actor}}
    await essex.says(kent, "Accept", held.uri, 0, **accept)


async def listed(kent: Council) -> list[str]:
    rows = await kent.node.store.read(directory.theirs, SYSTEM, "essex.example", "people")
    return [one.uri for one in rows]


async def test_whom_a_followed_node_lists_is_held_until_it_lists_them_no_more(
    kent: Council, essex: Essex
) -> None:
    await followed(kent, essex)
    cal = essex.peer.person("cal", discoverable=True, summary="<p>Gauges<script>x</script></p>")
    await essex.says(kent, "Add", cal, 1)
    assert await listed(kent) == [cal]
    row = await kent.node.store.read(actors.find_by_uri, SYSTEM, cal)
    assert row is not None
    assert row.summary == "<p>Gauges</p>"
    await essex.says(kent, "Remove", cal, 2)
    assert await listed(kent) == []


async def test_who_does_not_want_to_be_found_is_not_held(kent: Council, essex: Essex) -> None:
    await followed(kent, essex)
    await essex.says(kent, "Add", essex.peer.person("cal", discoverable=False), 1)
    await essex.says(kent, "Add", essex.peer.uri("nobody"), 2)
    assert await listed(kent) == []


async def test_nobody_elses_people_are_listed(network: Network, kent: Council, essex: Essex) -> None:
    await followed(kent, essex)
    sam = network.peer("surrey.example").person("sam", discoverable=True)
    await essex.says(kent, "Add", sam, 1)
    assert await kent.node.store.read(directory.theirs, SYSTEM, "surrey.example", "people") == []
    assert not await kent.knows(sam)


async def test_an_add_that_is_repeated_brings_back_nobody_who_is_not_to_be_found(
    kent: Council, essex: Essex
) -> None:
    await followed(kent, essex)
    cal = essex.peer.person("cal", discoverable=True)
    await essex.says(kent, "Add", cal, 1)
    essex.peer.person("cal", discoverable=False)
    await essex.says(kent, "Remove", cal, 2)
    for number in (1, 3):
        await essex.says(kent, "Add", cal, number)
        assert await listed(kent) == []
    row = await kent.node.store.read(actors.find_by_uri, SYSTEM, cal)
    assert row is not None
    assert row.findable == "hidden"


async def test_a_node_ends_the_listing_of_nobody_at_another(
    network: Network, kent: Council, essex: Essex
) -> None:
    await followed(kent, essex)
    cal = essex.peer.person("cal", discoverable=True)
    await essex.says(kent, "Add", cal, 1)
    surrey = network.peer("surrey.example", software="fedcop")
    sam = surrey.person("sam")
    for by, target in (
        (sam, f"{essex.peer.base}/directory/people"),
        (sam, f"{surrey.base}/directory/people"),
    ):
        remove = {"id": f"{by}/{target}", "type": "Remove", "actor": by, "object": cal, "target": target}
        assert await surrey.post(kent.url("/inbox"), remove) == 202
    await network.settle()
    assert await listed(kent) == [cal]


async def test_a_person_speaks_for_no_directory(kent: Council, essex: Essex) -> None:
    await followed(kent, essex)
    cal, kim = essex.peer.person("cal", discoverable=True), essex.peer.person("kim", discoverable=True)
    add = {
        "id": f"{cal}/1", "type": "Add", "actor": cal, "object": kim,
        "target": f"{essex.peer.base}/directory/people",
    }  # fmt: skip
    assert await essex.peer.post(kent.url("/inbox"), add) == 202
    await essex.network.settle()
    assert await listed(kent) == []


async def test_somebody_is_in_no_directory_but_that_of_their_kind(kent: Council, essex: Essex) -> None:
    await followed(kent, essex)
    await essex.says(kent, "Add", essex.peer.person("grp", type="Group", discoverable=True), 1)
    assert await listed(kent) == []


async def test_two_nodes_that_follow_each_other_anew_do_so_once(kent: Council, essex: Essex) -> None:
    await followed(kent, essex)
    wish = {"type": "Follow", "object": kent.url("/actor"), "target": None}
    for number in (1, 2, 3):
        await essex.says(kent, "Follow", kent.url("/actor"), number, **wish)
        await worker.work(kent.node)
        await essex.network.settle()
    assert len(essex.peer.sent("Accept")) == 3
    assert len(essex.peer.sent("Follow")) == 1, "it was followed just now"
    essex.network.clock.move(timedelta(hours=1))
    await essex.says(kent, "Follow", kent.url("/actor"), 4, **wish)
    await worker.work(kent.node)
    await essex.network.settle()
    assert len(essex.peer.sent("Follow")) == 2


async def test_a_node_that_is_not_followed_is_not_listened_to(kent: Council, essex: Essex) -> None:
    await essex.says(kent, "Add", essex.peer.person("cal", discoverable=True), 1)
    assert await listed(kent) == []


@pytest.mark.parametrize(
    ("software", "type", "path"),
    [
        ("mastodon", "Application", "/actor"),
        ("fedcop", "Person", "/actor"),
        ("fedcop", "Application", "/users/sam"),
    ],
)
async def test_only_the_actor_of_a_councils_node_follows_ours(
    network: Network, kent: Council, software: str, type: str, path: str
) -> None:
    surrey: Peer = network.peer("surrey.example", software=software)
    sam = surrey.base + path
    known = surrey.documents[surrey.person("sam", type=type).removeprefix(surrey.base)]
    key = {"id": f"{sam}#main-key", "owner": sam, "publicKeyPem": pem(sam)}
    surrey.put(path, known | {"id": sam, "inbox": f"{sam}/inbox", "publicKey": key})
    finger = surrey.documents["/.well-known/webfinger?resource=acct:sam@surrey.example"]
    finger["links"][0]["href"] = sam
    wish = {"id": f"{sam}/f", "type": "Follow", "actor": sam, "object": kent.url("/actor")}
    assert await surrey.post(kent.url("/inbox"), wish) == 202
    await network.settle()
    assert surrey.sent("Accept") == []
    found = await kent.node.store.read(actors.find_by_uri, SYSTEM, sam)
    assert found is not None
    assert await kent.node.store.read(follows.find, found.id, kent.node.actor_id) is None
