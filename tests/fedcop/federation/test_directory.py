import json
from typing import Any

import pytest

from activitypub.discovery.followers_sync import digest_of
from activitypub.wire import Request
from fedcop.actions import profile
from fedcop.actions.profile import Changes
from storage import copies
from storage.actors import Actor
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, Peer

PATHS = ("/directory/people", "/directory/people/page/1", "/directory/communities")


@pytest.fixture
def surrey(network: Network) -> Peer:
    peer = network.peer("surrey.example")
    peer.person("sam")
    return peer


async def seen(peer: Peer, url: str) -> dict[str, Any]:
    answer = await peer.get(url, by=peer.uri("sam"))
    assert (answer.status, answer.header("content-type")) == (200, ACTIVITY)
    found: dict[str, Any] = json.loads(answer.body)
    assert found["id"] == url
    return found


async def findable(kent: Council, name: str) -> Actor:
    person = await kent.person(name)
    return await profile.update(kent.node, person, Changes(note="Flood gauges", discoverable=True))


async def test_a_page_gives_the_documents_of_who_is_listed_and_the_reader_holds_them(
    kent: Council, surrey: Peer
) -> None:
    ada = await findable(kent, "ada")
    await kent.person("ben")
    page = await seen(surrey, kent.url("/directory/people/page/1"))
    (entry,) = page["orderedItems"]
    assert (entry["id"], entry["type"], entry["discoverable"]) == (ada.uri, "Person", True)
    assert "Flood gauges" in entry["summary"]
    assert entry["publicKey"]["owner"] == ada.uri
    assert "next" not in page
    held = await kent.node.store.read(copies.holders, ada.uri)
    assert [one.host for one in held] == ["surrey.example"]


async def test_the_log_says_which_node_was_given_how_many(
    kent: Council, surrey: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    await findable(kent, "ada")
    with caplog.at_level("INFO", logger="fedcop.federation"):
        await seen(surrey, kent.url("/directory/people/page/1"))
    (line,) = [one for one in caplog.records if one.getMessage() == "a directory was read"]
    told = vars(line)
    assert (told["peer"], told["address"], told["count"]) == (
        "surrey.example", kent.url("/directory/people"), 1
    )  # fmt: skip


async def test_the_collection_says_by_its_digest_who_is_listed(kent: Council, surrey: Peer) -> None:
    ada = await findable(kent, "ada")
    url = kent.url("/directory/people")
    answer = await surrey.get(url, by=surrey.uri("sam"))
    updated = (await seen(surrey, f"{url}/page/1"))["orderedItems"][0]["updated"]
    digest = digest_of([ada.uri + "\n" + updated])
    assert answer.header("etag") == f'"{digest}"'
    whole = json.loads(answer.body)
    assert (whole["type"], whole["totalItems"], whole["first"]) == ("OrderedCollection", 1, f"{url}/page/1")
    assert whole["attributedTo"] == kent.url("/actor")


async def test_who_is_gone_is_a_tombstone_without_a_word_of_theirs(kent: Council, surrey: Peer) -> None:
    ada = await findable(kent, "ada")
    await profile.update(kent.node, ada, Changes(discoverable=False))
    page = await seen(surrey, kent.url("/directory/people/page/1"))
    (entry,) = page["orderedItems"]
    assert entry.keys() == {"id", "type", "formerType", "deleted"}
    assert (entry["id"], entry["type"]) == (ada.uri, "Tombstone")


async def test_a_long_directory_comes_in_pages(kent: Council, surrey: Peer) -> None:
    for number in range(51):
        await findable(kent, f"p{number}")
    url = kent.url("/directory/people/page/1")
    first = await seen(surrey, url)
    second = await seen(surrey, first["next"])
    assert (len(first["orderedItems"]), len(second["orderedItems"])) == (50, 1)
    assert "next" not in second


async def test_it_answers_allowed_nodes_alone(network: Network, kent: Council, surrey: Peer) -> None:
    rogue = network.peer("rogue.example")
    rex = rogue.person("rex")
    for path in PATHS:
        assert (await surrey.get(kent.url(path), by=surrey.uri("sam"))).status == 200
        assert (await rogue.get(kent.url(path), by=rex)).status == 403
        unsigned = Request(method="GET", url=kent.url(path), headers=(("accept", ACTIVITY),))
        assert (await network.router.send(unsigned)).status == 401
    for path in ("/directory/cats", "/directory/people/page/2", "/directory/people/page/0"):
        assert (await surrey.get(kent.url(path), by=surrey.uri("sam"))).status == 404


async def test_a_stranger_is_told_nothing_where_signatures_are_not_asked_for(network: Network) -> None:
    kent = await network.open("kent.example", federation={"signed_fetch": False})
    unsigned = Request(method="GET", url=kent.url("/directory/people"), headers=(("accept", ACTIVITY),))
    assert (await network.router.send(unsigned)).status == 401
