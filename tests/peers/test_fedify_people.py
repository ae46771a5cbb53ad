"""People of both sides, and a community that Fedify hosts and people here take part in."""

import json

import pytest

from tests.peers.conftest import SCHEMES, Kent
from tests.peers.fedify_server import Fedify, until

pytestmark = pytest.mark.slow

Peers = dict[str, Fedify]

KINDS = ["plain", "group"]


def follow(kent: Kent, who: str, handle: str) -> str:
    """Let somebody here follow somebody there, and wait for the Accept; give the account's id."""
    account_id = str(kent.account(who, handle)["id"])
    kent.ask(who, "POST", f"/api/v1/accounts/{account_id}/follow")
    until(
        lambda: kent.ask(who, "GET", "/api/v1/accounts/relationships", **{"id[]": account_id})[0]["following"]
    )
    return account_id


def home(kent: Kent, who: str) -> list[str]:
    """Give the ids of what stands in somebody's home timeline."""
    return [(one["reblog"] or one)["uri"] for one in kent.ask(who, "GET", "/api/v1/timelines/home")]


# People


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_there_is_followed_once_fedify_accepts_and_their_posts_come_home(
    kent: Kent, peers: Peers, kind: str
) -> None:
    peer = peers[kind]
    follow(kent, "ben", f"@cy@{peer.domain}")
    asked = peer.received(lambda activity: activity["type"] == "Follow")
    uri = peer.do("post", who="cy", scheme=SCHEMES[peer.name], text="For those who follow me", mentions=[])

    assert asked["signer"] == f"{kent.origin}/people/ben"
    until(lambda: uri in home(kent, "ben"))


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_there_follows_somebody_here_and_reads_their_posts(
    kent: Kent, peers: Peers, kind: str
) -> None:
    peer = peers[kind]
    by = {"who": "cy", "scheme": SCHEMES[peer.name], "name": kent.ana}
    request = peer.do("follow", **by)
    accept = peer.received(lambda a: a["type"] == "Accept" and a["object"]["id"] == request)
    post = kent.post("ana", f"Outside of any community, {kind}")
    create = peer.received(lambda a: a["type"] == "Create" and a["object"]["id"] == post["uri"])

    assert accept["signer"] == create["signer"] == f"{kent.origin}/people/ana"
    assert create["activity"]["object"]["type"] == "Note"

    peer.do("undo", id=request, **by)
    ana = kent.account("ana", kent.ana)["id"]
    until(
        lambda: (
            f"cy@{peer.domain}" not in json.dumps(kent.ask("ana", "GET", f"/api/v1/accounts/{ana}/followers"))
        )
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_direct_post_reaches_whom_it_names_and_carries_no_proof(
    kent: Kent, peers: Peers, kind: str
) -> None:
    post = kent.post("ana", f"@bo@{peers[kind].domain} Between us", visibility="direct")
    create = peers[kind].received(lambda a: a["type"] == "Create" and a["object"]["id"] == post["uri"])
    heard = until(lambda: [one for one in peers[kind].seen("heard") if one["named"] == post["uri"]])[0]

    assert (create["signer"], create["proof"]) == (f"{kent.origin}/people/ana", None)
    assert heard["object"]["to"] == [f"{peers[kind].origin}/users/bo"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_profile_is_told_and_still_has_its_keys(kent: Kent, peers: Peers, kind: str) -> None:
    ben = f"{kent.origin}/people/ben"
    peers[kind].do("look_up", who="bo", name=ben)
    kent.ask("ben", "PATCH", "/api/v1/accounts/update_credentials", display_name=f"Ben of {kind}")
    update = peers[kind].received(
        lambda a: (
            a["type"] == "Update" and a["object"]["id"] == ben and a["object"].get("name") == f"Ben of {kind}"
        )
    )
    heard = next(one["object"] for one in peers[kind].seen("heard") if one["id"] == update["activity"]["id"])

    assert update["signer"] == ben
    assert heard["keys"] == [f"{ben}#main-key", f"{ben}#ed25519-key"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_a_poll_and_a_block_are_read_by_fedify(kent: Kent, peers: Peers, kind: str) -> None:
    peer = peers[kind]
    bo, actor = kent.account("ben", f"@bo@{peer.domain}")["id"], f"{peer.origin}/users/bo"
    kent.ask("ben", "POST", "/api/v1/reports", account_id=bo, comment="Rude", forward="true")
    kent.post(
        "ana",
        f"@bo@{peer.domain} Which one #grit",
        **{"poll[options][]": ["Salt", "Sand"], "poll[expires_in]": 900},
    )
    kent.ask("ben", "POST", f"/api/v1/accounts/{bo}/block")
    flag = peer.received(lambda a: a["type"] == "Flag" and a["object"] == actor)
    poll = peer.received(lambda a: a["type"] == "Create" and a["object"]["type"] == "Question")
    block = peer.received(lambda a: a["type"] == "Block" and a["object"] == actor)

    assert flag["signer"] == f"{kent.origin}/actor"
    assert poll["signer"] == f"{kent.origin}/people/ana"
    assert block["signer"] == f"{kent.origin}/people/ben"


# A community that Fedify hosts


@pytest.fixture(scope="module")
def potholes(kent: Kent, peers: Peers) -> str:
    """Give the handle of a community there which ana has joined."""
    handle = f"@potholes@{peers['group'].domain}"
    follow(kent, "ana", handle)
    return handle


def test_a_post_from_here_reaches_their_community_proved_and_is_not_doubled_when_it_comes_back(
    kent: Kent, peers: Peers, potholes: str
) -> None:
    post = kent.post("ana", f"{potholes} Cold mix or hot")
    create = peers["group"].received(lambda a: a["type"] == "Create" and a["object"]["id"] == post["uri"])
    # What came later from the same community has arrived, so what came before it has been taken as well.
    kent.arrived(
        "ana", peers["plain"].do("post", who="bo", scheme="rfc9421", text="Hot", mentions=[potholes])
    )

    assert create["signer"] == create["proof"] == f"{kent.origin}/people/ana"
    assert create["activity"]["audience"] == f"{peers['group'].origin}/users/potholes"
    assert home(kent, "ana").count(post["uri"]) == 1


def test_what_their_community_passes_on_is_believed_by_its_proof_and_not_asked_for(
    kent: Kent, peers: Peers, potholes: str
) -> None:
    author = peers["plain"]
    uri = author.do("post", who="bo", scheme="rfc9421", text="Mind the gap", mentions=[potholes])
    shown = kent.arrived("ana", uri)

    assert "Mind the gap" in shown["content"]
    assert uri in home(kent, "ana")
    assert not [one for one in author.seen("asked") if one["url"] == uri]


def test_what_their_community_altered_is_not_believed(kent: Kent, peers: Peers, potholes: str) -> None:
    author = peers["plain"]
    peers["group"].do("demand", altering="<p>Words put into their mouth</p>")
    try:
        uri = author.do("post", who="bo", scheme="rfc9421", text="In my own words", mentions=[potholes])
        shown = kent.arrived("ana", uri)
    finally:
        peers["group"].do("demand")

    assert "In my own words" in shown["content"]
