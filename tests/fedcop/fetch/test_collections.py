"""What is in a collection, as different servers page theirs."""

from typing import Any

import pytest

from activitypub.document import Document
from activitypub.errors import RemoteFault
from fedcop import fetch
from fedcop.errors import PeerTrouble
from fedcop.fetch import collections
from tests.support.network import Council, Network
from tests.support.speak import Peer

URI = "https://surrey.example/things"


@pytest.fixture
def surrey(network: Network) -> Peer:
    return network.peer("surrey.example")


def page(path: str, kind: str = "OrderedCollectionPage", **more: Any) -> dict[str, Any]:
    return {"id": f"https://surrey.example{path}", "type": kind} | more


async def read(kent: Council, **how: Any) -> list[str | None]:
    found = await fetch.items(kent.node, URI, **how)
    return [item.id if isinstance(item, Document) else item for item in found]


async def test_all_in_one_document(kent: Council, surrey: Peer) -> None:
    surrey.put("/things", page("/things", "OrderedCollection", orderedItems=["a", {"id": "b"}, 7, "c"]))
    assert await read(kent) == ["a", "b", "c"]
    surrey.put("/things", page("/things", "Collection", items="a"))
    assert await read(kent) == ["a"], "one alone need be no list"


async def test_pages_as_nodebb_has_them(kent: Council, network: Network, surrey: Peer) -> None:
    surrey.put("/things", page("/things", "OrderedCollection", first=f"{URI}?page=1", last=f"{URI}?page=2"))
    first = page("/things?page=1", orderedItems=["a"], first=f"{URI}?page=1", next=f"{URI}?page=2")
    surrey.put("/things?page=1", first)
    surrey.put("/things?page=2", page("/things?page=2", orderedItems=["b"], prev=f"{URI}?page=1"))
    assert await read(kent) == ["a", "b"]
    assert len(network.fetches()) == 3


async def test_a_first_page_inside_the_collection_as_mastodon_has_it(kent: Council, surrey: Peer) -> None:
    first = {"type": "CollectionPage", "next": f"{URI}?page=true", "partOf": URI, "items": ["a"]}
    surrey.put("/things", page("/things", "Collection", first=first))
    surrey.put("/things?page=true", page("/things?page=true&x", "CollectionPage", items=["b"]))
    assert await read(kent) == ["a", "b"], "a page need not bear the address under which it is given"


async def test_pages_have_an_end(kent: Council, network: Network, surrey: Peer) -> None:
    for number in range(100):
        path = f"/things?{number}" if number else "/things"
        surrey.put(path, page(path, orderedItems=[f"{number}"], next=f"{URI}?{number + 1}"))
    assert len(await read(kent)) == len(network.fetches()) == collections.MOST_PAGES + 1
    assert await read(kent, most=3) == ["0", "1", "2"]
    assert len(network.fetches()) == 3
    surrey.put("/things", page("/things", orderedItems=["a"], next=URI))
    assert await read(kent) == ["a"], "a page that is its own next one is read once"


async def test_no_page_leads_to_another_server(kent: Council, network: Network, surrey: Peer) -> None:
    devon = network.peer("devon.example")
    devon.put("/things", page("/things", orderedItems=["z"]))
    surrey.put("/things", page("/things", orderedItems=["a"], next="https://devon.example/things"))
    assert await read(kent) == ["a"]
    assert not [line for line in network.fetches() if "devon" in line]


async def test_what_came_before_a_page_that_fails_counts(kent: Council, surrey: Peer) -> None:
    surrey.put("/things", page("/things", orderedItems=["a"], next=f"{URI}/2"))
    surrey.status["/things/2"] = 500
    assert await read(kent) == ["a"]
    surrey.status["/things"] = 500
    with pytest.raises(PeerTrouble):
        await read(kent)


async def test_only_a_collection_is_read(kent: Council, surrey: Peer) -> None:
    surrey.put("/things", page("/things", "Note", items=["a"]))
    with pytest.raises(RemoteFault, match="wanted a collection"):
        await read(kent)
    del surrey.documents["/things"]
    assert await read(kent) == []
