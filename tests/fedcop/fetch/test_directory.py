from typing import Any

import pytest

from fedcop import fetch
from fedcop.actions import leave
from fedcop.errors import ShutOut, Withheld
from storage import actors, directory
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
    part = person(essex, "prt") | {"id": essex.uri("prt#main")}
    lists(essex, "no", foreign, hidden, bare, elsewhere, group, part, person(essex, "cal"))
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


def bare(peer: Peer, name: str, /, **more: Any) -> dict[str, Any]:
    """Give an entry that stands on a page alone."""
    uri = peer.uri(name)
    base: dict[str, Any] = {
        "id": uri, "type": "Person", "preferredUsername": name, "inbox": f"{uri}/inbox",
        "discoverable": True, "updated": "2026-03-01T09:00:00Z", "webfinger": f"{name}@{peer.host}",
    }  # fmt: skip
    return base | more


async def read(kent: Council, peer: Peer, *items: Any) -> list[str]:
    """Let kent read a directory with these entries, and give those whom it holds then."""
    lists(peer, *items)
    await fetch.directory(kent.node, peer.host, whole=True)
    return await held(kent)


async def test_a_whole_council_is_read_without_a_question_about_each_of_its_people(
    network: Network, kent: Council, essex: Peer
) -> None:
    network.router.take()
    assert len(await read(kent, essex, *(bare(essex, f"p{number}") for number in range(9)))) == 9
    assert network.fetches() == [
        f"GET {essex.base}/directory/{path}"
        for path in ("people", "people/page/1", "communities", "communities/page/1")
    ]


async def test_nobody_is_shown_under_the_name_of_another_council_or_of_somebody_else(
    network: Network, kent: Council, essex: Peer
) -> None:
    ada = await kent.person("ada")
    surrey = network.peer("surrey.example", software="fedcop")
    names = {"ada": "ada@kent.example", "sam": "sam@surrey.example", "eve": "mayor@essex.example"}
    surrey.person("sam")
    entries = [bare(essex, name, webfinger=said) for name, said in names.items()]
    assert await read(kent, essex, *entries) == ["ada", "eve", "sam"]
    for name in names:
        row = await kent.node.store.read(actors.find_by_uri, SYSTEM, essex.uri(name))
        assert row is not None
        assert (row.handle, row.domain) == (name, "essex.example")
    assert (await kent.known(ada)).state == "active"


async def test_few_domains_are_asked_whether_a_council_is_theirs(
    network: Network, kent: Council, essex: Peer
) -> None:
    named = [f"{name}.example" for name in ("devon", "surrey", "mastodon", "lemmy", "rogue")]
    entries = [bare(essex, f"p{number}", webfinger=f"p{number}@{named[number % 5]}") for number in range(20)]
    network.router.take()
    assert len(await read(kent, essex, *entries)) == 20
    asked = [line for line in network.fetches() if any(f"https://{domain}/" in line for domain in named)]
    each = {f"GET https://{domain}/.well-known/webfinger?resource=acct:{domain}@{domain}" for domain in named}
    assert set(asked) <= each
    assert len(asked) == len(set(asked)) == 3


async def test_a_node_takes_no_handle_from_another_in_the_same_domain(
    network: Network, kent: Council, essex: Peer
) -> None:
    surrey = network.peer("surrey.example", software="fedcop")
    cal = essex.person("cal")
    for host in ("essex.example", "surrey.example"):
        # Both say that their handles end in essex.example; its WebFinger leads to essex alone.
        path = f"/.well-known/webfinger?resource=acct:cal@{host}"
        surrey.put(path, essex.documents["/.well-known/webfinger?resource=acct:cal@essex.example"])
    await fetch.actor(kent.node, cal)
    lists(surrey, bare(surrey, "cal", webfinger="cal@essex.example"))
    await fetch.directory(kent.node, "surrey.example", whole=True)
    row = await kent.node.store.read(actors.find_by_uri, SYSTEM, cal)
    assert row is not None
    assert (row.state, row.domain) == ("active", "essex.example")
    assert not await kent.knows(surrey.uri("cal"))


async def test_a_handle_that_somebody_has_goes_to_another_by_webfinger_alone(
    kent: Council, essex: Peer
) -> None:
    cal = await fetch.actor(kent.node, essex.person("cal"))
    new = bare(essex, "cal") | {"id": essex.uri("cal2"), "inbox": essex.uri("cal2/inbox")}
    assert await read(kent, essex, new) == []
    row = await kent.node.store.read(actors.find, SYSTEM, cal.id)
    assert row is not None
    assert row.state == "active"
    said = essex.documents["/.well-known/webfinger?resource=acct:cal@essex.example"]
    said["links"][0]["href"] = new["id"]
    assert await read(kent, essex, new) == ["cal2"]


async def test_what_a_page_says_of_somebody_is_cleaned_and_cut(kent: Council, essex: Peer) -> None:
    lines = [{"type": "PropertyValue", "name": "a", "value": "<script>x</script><b>b</b>"}] * 200
    entry = bare(
        essex, "cal", name="Cal\n<b>Mayor</b>" * 300, summary="<p onclick='x'>Hi<script>x</script></p>",
        url="javascript:alert(1)", icon={"type": "Image", "url": "javascript:alert(1)"},
        tag=[{"type": "Hashtag", "name": f"#t{number}"} for number in range(1500)], attachment=lines,
        followers="https://surrey.example/followers", endpoints={"sharedInbox": f"{essex.base}/inbox"},
    )  # fmt: skip
    assert await read(kent, essex, entry) == ["cal"]
    row = await kent.node.store.read(actors.find_by_uri, SYSTEM, entry["id"])
    assert row is not None
    assert (row.summary, row.url, row.icon, row.followers_uri) == ("<p>Hi</p>", entry["id"], None, None)
    assert len(row.display_name) <= 2048
    assert "\n" not in row.display_name
    values = [line.value for line in actors.fields_of(row)]
    assert set(values) == {"<b>b</b>"}
    assert len(values) <= 50


@pytest.mark.parametrize("flag", ["true", 1, None, [True], {}])
async def test_only_a_plain_yes_lets_somebody_be_found(kent: Council, essex: Peer, flag: Any) -> None:
    assert await read(kent, essex, bare(essex, "cal", discoverable=flag), bare(essex, "kim")) == ["kim"]


async def test_no_inbox_elsewhere_and_no_more_than_a_hundred_a_page(kent: Council, essex: Peer) -> None:
    shared = bare(essex, "els", endpoints={"sharedInbox": "https://rogue.example/inbox"})
    many = [bare(essex, f"p{number:03}") for number in range(120)]
    assert await read(kent, essex, shared, *many) == [f"p{number:03}" for number in range(99)]


async def test_a_directory_without_end_is_left_and_ends_nobody(kent: Council, essex: Peer) -> None:
    assert await read(kent, essex, bare(essex, "cal")) == ["cal"]
    lists(essex, bare(essex, "kim"), next=f"{essex.base}/directory/people/page/1")
    await fetch.directory(kent.node, "essex.example", whole=True)
    assert await held(kent) == ["cal", "kim"]


async def test_a_page_that_an_update_overtook_brings_nobody_back(
    network: Network, kent: Council, essex: Peer
) -> None:
    page = person(essex, "cal", summary="<p>Gauges</p>")
    hidden = person(essex, "cal", discoverable=False, updated="2026-03-01T09:00:01Z")
    await fetch.actor(kent.node, hidden["id"])
    assert await read(kent, essex, page) == []
    row = await kent.node.store.read(actors.find_by_uri, SYSTEM, page["id"])
    assert row is not None
    assert (row.findable, row.summary) == ("hidden", "")
    essex.documents.pop("/users/cal")
    person(essex, "cal", updated="2026-03-01T09:00:02Z")
    assert await read(kent, essex, page) == ["cal"], "their own document says what holds"


async def test_who_changes_while_the_pages_are_read_is_not_forgotten(kent: Council, essex: Peer) -> None:
    cal, kim = bare(essex, "cal"), bare(essex, "kim")
    assert await read(kent, essex, cal, kim) == ["cal", "kim"]
    later = f"{essex.base}/directory/people/page/2"
    lists(essex, kim, next=later)
    essex.put("/directory/people/page/2", {"id": later, "type": "OrderedCollectionPage", "orderedItems": []})
    essex.once["/directory/people/page/2"] = lambda: lists(essex, cal, kim)
    await fetch.directory(kent.node, "essex.example", whole=True)
    assert await held(kent) == ["cal", "kim"]


async def test_a_deleted_person_does_not_come_back_by_a_page(kent: Council, essex: Peer) -> None:
    cal = person(essex, "cal", summary="<p>Gauges</p>")
    row = await fetch.actor(kent.node, cal["id"])
    await kent.node.store.write(leave.forget_actor, row, kent.node.clock.now())
    assert await read(kent, essex, cal) == []
    after = await kent.node.store.read(actors.find, SYSTEM, row.id)
    assert after is not None
    assert (after.state, after.summary) == ("deleted", "")


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
    with pytest.raises(ShutOut):
        await fetch.directory(kent.node, "essex.example", whole=True)
    essex.status["/directory/people"] = 401
    with pytest.raises(Withheld) as fault:
        await fetch.directory(kent.node, "essex.example", whole=True)
    assert not isinstance(fault.value, ShutOut), (
        "a signature may be at fault, and nothing is let go of for it"
    )
