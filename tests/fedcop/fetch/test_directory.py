from typing import Any

import pytest

from fedcop import fetch
from fedcop.errors import Withheld
from storage import directory
from storage.visible import SYSTEM
from tests.support.network import Council, Network
from tests.support.speak import Peer


@pytest.fixture
def essex(network: Network) -> Peer:
    return network.peer("essex.example", software="fedcop")


def lists(peer: Peer, *items: Any, path: str = "/directory/people", **more: Any) -> None:
    """Let a node serve a directory with these entries."""
    uri = f"{peer.base}{path}"
    peer.put(
        path, {"id": uri, "type": "OrderedCollection", "totalItems": len(items), "first": f"{uri}/page/1"}
    )
    page = {
        "id": f"{uri}/page/1",
        "type": "OrderedCollectionPage",
        "partOf": uri,
        "orderedItems": list(items),
    }
    peer.put(f"{path}/page/1", page | more)
    for other in {"/directory/people", "/directory/communities"} - {path}:
        if other not in peer.documents:
            lists(peer, path=other)


def person(peer: Peer, name: str, **more: Any) -> dict[str, Any]:
    uri = peer.person(name, **({"discoverable": True, "updated": "2026-03-01T09:00:00Z"} | more))
    document: dict[str, Any] = peer.documents[uri.removeprefix(peer.base)]
    return document


async def held(kent: Council, kind: directory.Kind = "people") -> list[str]:
    rows = await kent.node.store.read(directory.theirs, SYSTEM, "essex.example", kind)
    return sorted(one.uri.rpartition("/")[2] for one in rows)


async def test_entries_are_taken_as_they_stand_and_nobody_is_asked_for(
    network: Network, kent: Council, essex: Peer
) -> None:
    lists(essex, person(essex, "cal"), person(essex, "kim"))
    network.router.take()
    await fetch.directory(kent.node, "essex.example", whole=True)
    assert await held(kent) == ["cal", "kim"]
    assert [line for line in network.fetches() if "/users/" in line] == []


async def test_what_is_foreign_hidden_or_broken_is_left_out_and_the_rest_taken(
    network: Network, kent: Council, essex: Peer
) -> None:
    surrey = network.peer("surrey.example")
    foreign = person(surrey, "sam")
    hidden = person(essex, "hid", discoverable=False)
    bare = {"id": essex.uri("bare"), "type": "Person", "discoverable": True}
    elsewhere = person(essex, "els") | {"inbox": "https://rogue.example/inbox"}
    group = person(essex, "grp") | {"type": "Group"}
    lists(essex, "no", foreign, hidden, bare, elsewhere, group, person(essex, "cal"))
    await fetch.directory(kent.node, "essex.example", whole=True)
    assert await held(kent) == ["cal"]
    assert not await kent.knows(foreign["id"])


async def test_who_is_no_longer_there_is_let_go_of_when_all_of_it_is_read(kent: Council, essex: Peer) -> None:
    cal, kim = person(essex, "cal"), person(essex, "kim")
    lists(essex, cal, kim)
    await fetch.directory(kent.node, "essex.example", whole=True)
    lists(essex, cal)
    await fetch.directory(kent.node, "essex.example", whole=False)
    assert await held(kent) == ["cal"], "the digest said that something was missed"
    lists(essex, {"id": cal["id"], "type": "Tombstone", "deleted": "2026-03-02T09:00:00Z"})
    await fetch.directory(kent.node, "essex.example", whole=False)
    assert await held(kent) == []


async def test_another_nodes_tombstone_ends_nobody(network: Network, kent: Council, essex: Peer) -> None:
    lists(essex, person(essex, "cal"))
    await fetch.directory(kent.node, "essex.example", whole=True)
    surrey = network.peer("surrey.example", software="fedcop")
    lists(surrey, {"id": essex.uri("cal"), "type": "Tombstone"})
    await fetch.directory(kent.node, "surrey.example", whole=True)
    assert await held(kent) == ["cal"]


async def test_pages_of_another_origin_are_not_read(network: Network, kent: Council, essex: Peer) -> None:
    lists(essex, person(essex, "cal"), next="https://surrey.example/directory/people/page/2")
    network.peer("surrey.example")
    network.router.take()
    await fetch.directory(kent.node, "essex.example", whole=True)
    assert [line for line in network.fetches() if "surrey.example/directory" in line] == []


async def test_a_node_that_does_not_let_us_read_is_said_to(kent: Council, essex: Peer) -> None:
    lists(essex)
    essex.status["/directory/people"] = 403
    with pytest.raises(Withheld):
        await fetch.directory(kent.node, "essex.example", whole=True)
