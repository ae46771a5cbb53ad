"""The whole conversation with two servers on Fedify, over real sockets and https, asserted on both sides.

``plain`` says in its NodeInfo that it is a microblog, ``group`` that it is a server of communities. bo of
each is a member of ``@roads`` here; the one knocks with RFC 9421 first, the other with draft-cavage. Whatever
came to an inbox of theirs Fedify checked by its own code: who signed it (``signer``), whose proof it carries.
"""

import json
from typing import Any

import pytest

from tests.peers.conftest import SCHEMES, Kent
from tests.peers.fedify_server import Fedify, until

pytestmark = pytest.mark.slow

Peers = dict[str, Fedify]

KINDS = ["plain", "group"]


def of(kind: str, uri: str) -> Any:
    """Give what picks an activity about something by its type, wrapped in an Announce or not."""

    def wanted(activity: dict[str, Any]) -> bool:
        inner = activity["object"] if activity["type"] == "Announce" else activity
        return isinstance(inner, dict) and inner["type"] == kind and about(inner) == uri

    return wanted


def about(activity: dict[str, Any]) -> object:
    """Give the id of what an activity is about."""
    held = activity["object"]
    return (
        held["object"]
        if isinstance(held, dict) and activity["type"] == "Undo"
        else (held["id"] if isinstance(held, dict) else held)
    )


def boosted(uri: str) -> Any:
    """Give what picks the plain Announce of a post."""
    return lambda activity: activity["type"] == "Announce" and activity["object"] == uri


def thread(kent: Kent, text: str) -> dict[str, Any]:
    """Let ana begin a thread in the community."""
    return kent.post("ana", f"@roads {text}")


def contribution(peer: Fedify, kent: Kent, text: str, **more: Any) -> str:
    """Let bo of a peer post to the community as its kind does: by mention, or a Page with a title."""
    titled = {"title": text} if peer.software == "lemmy" and "answers" not in more else {}
    return str(peer.do("post", who="bo", scheme=SCHEMES[peer.name], text=text,
                       mentions=[kent.roads], **titled, **more))  # fmt: skip


# What it reads of us


def test_fedify_finds_a_community_by_its_handle_and_the_node_by_nodeinfo(kent: Kent, peers: Peers) -> None:
    finger = peers["plain"].do("web_finger", resource=f"acct:roads@{kent.domain}")
    about_us = peers["plain"].do("node_info", url=kent.origin)

    assert finger["subject"] == f"acct:roads@{kent.domain}"
    assert [link["href"] for link in finger["links"] if link["rel"] == "self"] == [
        f"{kent.origin}/communities/roads"
    ]
    assert (about_us["software"]["name"], about_us["protocols"]) == ("fedcop", ["activitypub"])


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/communities/roads", "Group", "Roads"),
        ("/people/ana", "Person", "Ana"),
        ("/actor", "Application", "Kent"),
    ],
)
def test_fedify_reads_our_actors_with_both_their_keys(
    kent: Kent, peers: Peers, path: str, kind: str, name: str
) -> None:
    uri = f"{kent.origin}{path}"
    read = peers["group"].do("look_up", who="bo", name=uri)

    assert (read["id"], read["type"], read["name"]) == (uri, kind, name)
    assert read["keys"] == [f"{uri}#main-key", f"{uri}#ed25519-key"]
    assert read["undefined"] == []


def test_fedify_counts_the_members_of_a_community_and_walks_through_its_outbox(
    kent: Kent, peers: Peers
) -> None:
    post = thread(kent, "Salt is late")
    peers["group"].received(of("Create", post["uri"]))
    community = peers["group"].do("look_up", who="bo", name=kent.roads)

    assert peers["group"].do("look_up", who="bo", name=community["followers"])["count"] >= len(peers)
    items = peers["group"].do("items", who="bo", name=community["outbox"])
    assert (items[0]["type"], items[0]["by"]) == ("Announce", community["id"])
    assert peers["group"].do("look_up", who="bo", name=post["uri"])["undefined"] == []
    assert (items[0]["object"]["type"], items[0]["object"]["by"]) == ("Create", f"{kent.origin}/people/ana")


# Signatures


@pytest.mark.parametrize("scheme", SCHEMES.values())
def test_a_signed_request_is_answered_and_a_spoilt_one_refused(kent: Kent, peers: Peers, scheme: str) -> None:
    post = kent.post("ana", f"Signed {scheme}")["uri"]

    def status(**more: Any) -> int:
        return int(peers["plain"].do("get", who="bo", url=post, **more)["status"])

    assert status(scheme=scheme) == 200
    assert status(scheme=scheme, spoilt=True) == 401
    assert status(scheme=None) == 401


@pytest.mark.parametrize("kind", KINDS)
def test_what_fedify_signs_by_either_scheme_is_taken_at_the_first_knock(
    kent: Kent, peers: Peers, kind: str
) -> None:
    knocks = [sent for sent in peers[kind].seen("sent") if sent["method"] == "POST"]

    assert {(sent["scheme"], sent["status"]) for sent in knocks} == {(SCHEMES[peers[kind].name], 202)}


@pytest.mark.parametrize("kind", KINDS)
def test_fedify_believes_our_draft_cavage_signature_of_an_accept(kent: Kent, peers: Peers, kind: str) -> None:
    accept = peers[kind].received(lambda activity: activity["type"] == "Accept")

    assert (accept["scheme"], accept["signer"]) == ("cavage", f"{kent.origin}/communities/roads")
    assert accept["activity"]["actor"] == accept["signer"]


# Our community: what each kind of peer gets


def test_a_microblog_gets_a_thread_as_a_boost_and_reads_it_at_its_address(kent: Kent, peers: Peers) -> None:
    post = thread(kent, "Grit for the winter\n\nWho has some left?")
    boost = peers["plain"].received(boosted(post["uri"]))
    heard = until(lambda: [one for one in peers["plain"].seen("heard") if one["named"] == post["uri"]])[0][
        "object"
    ]

    assert boost["signer"] == f"{kent.origin}/communities/roads"
    assert (heard["type"], heard["name"]) == ("Page", "Grit for the winter")
    assert "Who has some left?" in heard["content"]
    assert (heard["by"], heard["audience"]) == (
        f"{kent.origin}/people/ana",
        f"{kent.origin}/communities/roads",
    )


def test_a_server_of_communities_gets_a_thread_wrapped_with_its_author_s_proof(
    kent: Kent, peers: Peers
) -> None:
    post = thread(kent, "Kerbs\n\nDropped ones.")
    wrapped = peers["group"].received(of("Create", post["uri"]))

    assert (wrapped["signer"], wrapped["proof_inside"]) == (
        f"{kent.origin}/communities/roads", f"{kent.origin}/people/ana",
    )  # fmt: skip
    assert wrapped["activity"]["object"]["object"]["name"] == "Kerbs"
    assert not [one for one in peers["group"].seen("received") if boosted(post["uri"])(one["activity"])]


def test_a_reply_reaches_servers_of_communities_only(kent: Kent, peers: Peers) -> None:
    post = thread(kent, "Signs")
    reply = kent.post("ben", "We have some", in_reply_to_id=post["id"])
    wrapped = peers["group"].received(of("Create", reply["uri"]))
    peers["plain"].received(boosted(thread(kent, "After the signs")["uri"]))

    assert wrapped["activity"]["object"]["object"]["inReplyTo"] == post["uri"]
    assert wrapped["proof_inside"] == f"{kent.origin}/people/ben"
    assert reply["uri"] not in json.dumps(peers["plain"].seen("received"))


def test_an_edit_and_a_removal_reach_both_kinds(kent: Kent, peers: Peers) -> None:
    ana, roads = f"{kent.origin}/people/ana", f"{kent.origin}/communities/roads"
    post = thread(kent, "Drains")
    uri = post["uri"]
    for peer in peers.values():
        peer.received(boosted(uri) if peer is peers["plain"] else of("Create", uri))
    kent.ask("ana", "PUT", f"/api/v1/statuses/{post['id']}", status="@roads Gullies")
    edits = {kind: peer.received(of("Update", uri)) for kind, peer in peers.items()}
    kent.ask("ana", "DELETE", f"/api/v1/statuses/{post['id']}")
    removals = {kind: peer.received(of("Delete", uri)) for kind, peer in peers.items()}
    undone = peers["plain"].received(lambda a: a["type"] == "Undo" and a["object"]["object"] == uri)

    assert [(one["signer"], one["proof"]) for one in (edits["plain"], removals["plain"])] == [(ana, ana)] * 2
    assert edits["plain"]["activity"]["object"]["name"] == "Gullies"
    assert {one["proof_inside"] or one["proof"] for one in (edits["group"], removals["group"])} == {ana}
    assert (undone["signer"], undone["activity"]["object"]["type"]) == (roads, "Announce")


# Our community: what its members elsewhere do


@pytest.mark.parametrize("kind", KINDS)
def test_a_post_from_there_is_shown_here_and_passed_on_with_the_proof_that_it_came_with(
    kent: Kent, peers: Peers, kind: str
) -> None:
    text = f"How wide is a lane of {kind}"
    uri = contribution(peers[kind], kent, text)
    shown = kent.arrived("ana", uri)
    passed_on = peers["group"].received(of("Create", uri))

    assert text in shown["content"]
    assert shown["account"]["acct"] == f"bo@{peers[kind].domain}"
    assert uri in [status["uri"] for status in timeline(kent)]
    assert passed_on["proof_inside"] == f"{peers[kind].origin}/users/bo"
    assert peers["plain"].received(boosted(uri))


def timeline(kent: Kent) -> list[dict[str, Any]]:
    """Give the posts of the community as ana sees them."""
    community = kent.account("ana", kent.roads)["id"]
    entries = kent.ask("ana", "GET", f"/api/v1/accounts/{community}/statuses")
    return [entry["reblog"] or entry for entry in entries]


@pytest.mark.parametrize("kind", KINDS)
def test_a_reply_from_there_stands_in_the_thread_and_tells_whom_it_answers(
    kent: Kent, peers: Peers, kind: str
) -> None:
    post = thread(kent, f"Lamps for {kind}")
    uri = contribution(peers[kind], kent, "Ours are green", answers=post["uri"])
    passed_on = peers["group"].received(of("Create", uri))
    context = kent.ask("ana", "GET", f"/api/v1/statuses/{post['id']}/context")
    notified = kent.ask("ana", "GET", "/api/v1/notifications")

    assert [reply["uri"] for reply in context["descendants"]] == [uri]
    assert uri in [one["status"]["uri"] for one in notified if one["type"] == "mention"]
    assert passed_on["proof_inside"] == f"{peers[kind].origin}/users/bo"


@pytest.mark.parametrize("kind", KINDS)
def test_a_like_from_there_counts_until_it_is_taken_back(kent: Kent, peers: Peers, kind: str) -> None:
    post = thread(kent, f"Likes of {kind}")
    by = {"who": "bo", "scheme": SCHEMES[peers[kind].name], "name": kent.roads}

    def likes() -> int:
        return int(kent.ask("ana", "GET", f"/api/v1/statuses/{post['id']}")["favourites_count"])

    like = peers[kind].do("like", id=post["uri"], **by)
    until(lambda: likes() == 1)
    assert (
        peers["group"].received(of("Like", post["uri"]))["proof_inside"] == f"{peers[kind].origin}/users/bo"
    )

    peers[kind].do("undo", id=like, **by)
    until(lambda: likes() == 0)


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_and_a_removal_from_there_are_followed_here_and_passed_on(
    kent: Kent, peers: Peers, kind: str
) -> None:
    uri = contribution(peers[kind], kent, f"First words of {kind}")
    kent.arrived("ana", uri)
    by = {"who": "bo", "scheme": SCHEMES[peers[kind].name], "id": uri, "mentions": [kent.roads]}
    peers[kind].do("edit", text="Second words", **by)
    until(lambda: "Second words" in (kent.find("ana", uri) or {"content": ""})["content"])
    peers[kind].do("remove", **by)
    until(lambda: kent.find("ana", uri) is None)

    author = f"{peers[kind].origin}/users/bo"
    for done in ("Update", "Delete"):
        assert peers["group"].received(of(done, uri))["proof_inside"] == author
    assert peers["plain"].received(lambda a: a["type"] == "Undo" and a["object"]["object"] == uri)


@pytest.mark.parametrize("kind", KINDS)
def test_a_like_from_here_reaches_the_author_there(kent: Kent, peers: Peers, kind: str) -> None:
    uri = contribution(peers[kind], kent, f"Something to like at {kind}")
    kent.ask("ana", "POST", f"/api/v1/statuses/{kent.arrived('ana', uri)['id']}/favourite")
    like = peers[kind].received(of("Like", uri))

    assert (like["proof_inside"] or like["proof"] or like["signer"]) == f"{kent.origin}/people/ana"


# Last, since the way of signing that they ask for is kept from now on


@pytest.mark.parametrize(("kind", "nonce"), [("plain", None), ("group", "bm9uY2U")])
def test_who_answers_401_to_draft_cavage_is_asked_again_by_rfc_9421_and_then_always(
    kent: Kent, peers: Peers, kind: str, nonce: str | None
) -> None:
    peer, uris = peers[kind], []
    peer.do("demand", rfc9421=True, nonce=nonce)
    try:
        for text in ("Second knock", "First knock"):
            uris.append(thread(kent, text)["uri"])
            peer.received(boosted(uris[-1]) if kind == "plain" else of("Create", uris[-1]))
    finally:
        peer.do("demand")
    knocks = [one for one in peer.seen("received") if any(uri in json.dumps(one["activity"]) for uri in uris)]
    second = knocks[1]

    assert [(one["scheme"], one["status"]) for one in knocks] == [
        ("cavage", 401), ("rfc9421", 202), ("rfc9421", 202),
    ]  # fmt: skip
    assert second["signer"] == f"{kent.origin}/communities/roads"
    assert (f'nonce="{nonce}"' in second["input"]) == (nonce is not None)
    assert ('"@authority"' in second["input"]) == (nonce is not None)
