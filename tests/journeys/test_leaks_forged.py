"""Activities that are forged, repeated or widened to get at a members-only community: none opens anything."""

import json
from datetime import timedelta
from typing import Any

import pytest

from fedcop import fetch
from storage import communities, memberships
from storage.visible import SYSTEM
from tests.support.leaks import Attempts, Leaky, Tried
from tests.support.network import Council, titles
from tests.support.speak import PUBLIC, Peer

ATTEMPTS = Attempts()
SHELTER = "https://kent.example/communities/shelter"

SERVER = "a server of other software"
MEMBER = "a hostile member, of Lemmy 1.0"


@ATTEMPTS.by(SERVER, "a Follow of its own", "Reject, with the reason")
async def follow_of_its_own(leaky: Leaky) -> list[str]:
    await send(leaky, act(leaky, "Follow", SHELTER))
    return [*_told(leaky), *await _members(leaky)]


@ATTEMPTS.by(SERVER, "a Follow in the name of a member, signed with its own key", "401")
async def follow_in_anothers_name(leaky: Leaky) -> list[str]:
    forged = act(leaky, "Follow", SHELTER) | {"actor": leaky.closed.dan.uri}
    status = await leaky.mastodon.post(leaky.kent.url("/inbox"), forged, by=leaky.sam)
    return ["" if status == 401 else "LEAK", *await _members(leaky)]


@ATTEMPTS.by(SERVER, "an Accept of somebody's Follow, in place of the community", "ignored")
async def accept_by_another(leaky: Leaky) -> list[str]:
    asked = {
        "id": f"{leaky.closed.dan.uri}/f",
        "type": "Follow",
        "actor": leaky.closed.dan.uri,
        "object": SHELTER,
    }
    await leaky.mastodon.post(leaky.closed.devon.url("/inbox"), act(leaky, "Accept", asked))
    await leaky.closed.network.settle()
    return [*await _homes(leaky), *await _members(leaky)]


@ATTEMPTS.by(SERVER, "an Invite into the community", "refused: only it invites")
async def invite_by_another(leaky: Leaky) -> list[str]:
    await send(leaky, act(leaky, "Invite", SHELTER) | {"target": leaky.closed.ned.uri})
    await send(leaky, act(leaky, "Invite", SHELTER) | {"target": leaky.sam})
    await send(leaky, act(leaky, "Follow", SHELTER))
    return [*_told(leaky), *await _members(leaky)]


@ATTEMPTS.by(SERVER, "an Add of itself to the facilitators", "ignored")
async def add_itself(leaky: Leaky) -> list[str]:
    await send(leaky, act(leaky, "Add", leaky.sam) | {"target": f"{SHELTER}/facilitators"})
    listed = await leaky.kent.node.store.read(communities.facilitators_of, SYSTEM, leaky.closed.shelter.id)
    return ["" if [one.handle for one in listed] == ["fin"] else "LEAK", *_told(leaky)]


@ATTEMPTS.by(SERVER, "a Move of a member to itself", "401, or refused")
async def move_of_a_member(leaky: Leaky) -> list[str]:
    dee = leaky.closed.dee.uri
    leaky.mastodon.documents["/users/sam"]["alsoKnownAs"] = [dee]
    forged = act(leaky, "Move", dee) | {"actor": dee, "target": leaky.sam}
    await leaky.mastodon.post(leaky.kent.url("/inbox"), forged, by=leaky.sam)
    await send(leaky, act(leaky, "Move", dee) | {"target": leaky.sam})
    return [*_told(leaky), *await _members(leaky)]


@ATTEMPTS.by(SERVER, "a Move of the community to a group of its own", "401")
async def move_of_the_community(leaky: Leaky) -> list[str]:
    forged = act(leaky, "Move", SHELTER) | {"actor": SHELTER, "target": leaky.sam}
    status = await leaky.mastodon.post(leaky.closed.devon.url("/inbox"), forged, by=leaky.sam)
    return ["" if status == 401 else "LEAK"]


@ATTEMPTS.by(SERVER, "a boost of a post, to a colleague of a member who follows it", "nothing is shown")
async def boost(leaky: Leaky) -> list[str]:
    sam = await fetch.actor(leaky.kent.node, leaky.sam)
    await leaky.kent.follow(leaky.closed.ned, sam)
    for post in (leaky.first, leaky.answer, leaky.late):
        more = {"to": [PUBLIC], "cc": [f"{leaky.sam}/followers"]}
        await send(leaky, act(leaky, "Announce", post.uri) | more)
    return [*_told(leaky), *await _homes(leaky)]


@ATTEMPTS.by(SERVER, "a like, a reply and a report of a post", "nothing is told")
async def deeds(leaky: Leaky) -> list[str]:
    uri = leaky.answer.uri
    await send(leaky, act(leaky, "Like", uri))
    await send(leaky, act(leaky, "Flag", [uri]))
    note = reply(leaky, uri, to=[PUBLIC], cc=[SHELTER])
    await send(leaky, act(leaky, "Create", note) | {"to": [PUBLIC], "cc": [SHELTER]})
    # What comes back is what was sent: the Create, echoed in a Reject.
    told = [one for one in _told(leaky) if "notes/" not in one]
    held = await leaky.kent.post(leaky.answer.uri)
    return [*told, "" if held is not None and held.likes_count == 0 else "LEAK"]


@ATTEMPTS.by(SERVER, "a Delete, an Update, an Undo of somebody else's post", "refused")
async def changes(leaky: Leaky) -> list[str]:
    uri = leaky.answer.uri
    for kind in ("Delete", "Lock"):
        await send(leaky, act(leaky, kind, uri))
    newer = reply(leaky, uri, to=[PUBLIC], cc=[]) | {"id": uri, "attributedTo": leaky.closed.kay.uri}
    await send(leaky, act(leaky, "Update", newer))
    held = await leaky.kent.post(uri)
    same = held is not None and (held.content, held.audience) == (leaky.answer.content, "members")
    return [*_told(leaky), "" if same else "LEAK"]


@ATTEMPTS.by("a node whose last member has left", "the Announce of before, repeated to others", "401")
async def announce_repeated(leaky: Leaky) -> list[str]:
    again = json.loads(leaky.announce)
    status = await leaky.mastodon.post(leaky.surrey.url("/inbox"), again, by=leaky.sam)
    return ["" if status == 401 else "LEAK", *await _nowhere(leaky, leaky.surrey)]


@ATTEMPTS.by(
    "a community of its own making", "the Announce of before, passed on as if it were its own", "refused"
)
async def announce_passed_on(leaky: Leaky) -> list[str]:
    gossip = leaky.mastodon.person("gossip", type="Group")
    sal = await leaky.surrey.person("sal")
    await leaky.surrey.follow(sal, await fetch.actor(leaky.surrey.node, gossip))
    await leaky.closed.network.settle()
    (asked,) = [one for one in leaky.mastodon.sent("Follow") if one["object"] == gossip]
    answer = {"id": f"{gossip}/a", "type": "Accept", "actor": gossip, "object": asked}
    await leaky.mastodon.post(leaky.surrey.url("/inbox"), answer)
    passed = {
        "id": f"{gossip}/p",
        "type": "Announce",
        "actor": gossip,
        "to": [PUBLIC],
        "object": leaky.create,
    }
    for council in (leaky.surrey, leaky.closed.essex):
        await leaky.mastodon.post(council.url("/inbox"), passed)
    await leaky.closed.network.settle()
    return [*await _nowhere(leaky, leaky.surrey), str(titles(await leaky.surrey.home(sal)))]


@ATTEMPTS.by("the author's node", "a Create to a node beside the community", "refused")
async def create_beside(leaky: Leaky) -> list[str]:
    await leaky.closed.join(leaky.closed.essex, leaky.closed.eva)
    note = reply(leaky, leaky.first.uri, to=[SHELTER, f"{SHELTER}/followers"], cc=[])
    created = act(leaky, "Create", note) | {"to": note["to"], "cc": []}
    await leaky.mastodon.post(leaky.closed.essex.url("/inbox"), created)
    await leaky.closed.network.settle()
    await leaky.closed.leave(leaky.closed.essex, leaky.closed.eva)
    return ["" if await leaky.closed.essex.post(note["id"]) is None else "LEAK"]


@ATTEMPTS.by(MEMBER, "a post there that addresses everybody", "Reject, and nobody gets it")
async def widened_create(leaky: Leaky) -> list[str]:
    cal = await _lemmy(leaky)
    note = _page(cal, 1, to=[SHELTER, PUBLIC])
    await _from(leaky, cal, "Create", note, to=note["to"])
    rejected = [one["object"]["id"] for one in cal.sent("Reject")]
    await _gone(leaky, cal)
    return [
        "" if rejected == [f"{cal.base}/activities/Create1"] else "LEAK",
        *await _nowhere(leaky, leaky.kent, note),
    ]


@ATTEMPTS.by(MEMBER, "an Update that widens its post", "refused, and not passed on")
async def widened_update(leaky: Leaky) -> list[str]:
    cal = await _lemmy(leaky)
    note = _page(cal, 2, to=[SHELTER, f"{SHELTER}/followers"])
    await _from(leaky, cal, "Create", note, to=note["to"])
    wider = note | {"to": [SHELTER, PUBLIC], "content": "<p>Wider</p>", "updated": "2099-01-01T00:00:00Z"}
    leaky.closed.network.router.take()
    await _from(leaky, cal, "Update", wider, to=wider["to"])
    held = await leaky.kent.post(note["id"])
    sent = [one for one in leaky.closed.network.router.seen if b"Wider" in one.body and "/inbox" in one.url]
    await _gone(leaky, cal)
    same = held is not None and (held.audience, "Wider" in held.content) == ("members", False)
    return ["" if same and len(sent) == 1 else "LEAK", *await _homes(leaky)]


@ATTEMPTS.by(
    MEMBER, "an activity around a narrow post that addresses everybody", "refused, and not passed on"
)
async def widened_around(leaky: Leaky) -> list[str]:
    cal = await _lemmy(leaky)
    note = _page(cal, 3, to=[SHELTER, f"{SHELTER}/followers"])
    await _from(leaky, cal, "Create", note, to=[PUBLIC])
    await _gone(leaky, cal)
    return await _nowhere(leaky, leaky.kent, note)


@ATTEMPTS.by(
    MEMBER, "a public reply to a post there, to its own followers elsewhere", "Reject; nowhere in the thread"
)
async def public_reply(leaky: Leaky) -> list[str]:
    cal = await _lemmy(leaky)
    note = _page(cal, 4, to=[PUBLIC], type="Note", inReplyTo=leaky.answer.uri)
    await _from(leaky, cal, "Create", note, to=note["to"])
    await _gone(leaky, cal)
    return await _nowhere(leaky, leaky.kent, note)


@ATTEMPTS.by(
    "the community's node, were it taken over", "its document says that everybody reads it", "not believed"
)
async def opened_wide(leaky: Leaky) -> list[str]:
    devon = leaky.closed.devon
    group = leaky.mastodon.person("club", type="Group", manuallyApprovesFollowers=True)
    first = await fetch.actor(devon.node, group)
    leaky.mastodon.documents["/users/club"]["manuallyApprovesFollowers"] = False
    again = await fetch.actor(devon.node, group, fresh=True)
    return ["" if (first.approves, again.approves) == (True, True) else "LEAK"]


def act(leaky: Leaky, kind: str, about: Any) -> dict[str, Any]:
    number = len(leaky.mastodon.received) + len(leaky.closed.network.router.seen)
    uri = f"{leaky.mastodon.base}/activities/{kind}{number}"
    return {"id": uri, "type": kind, "actor": leaky.sam, "object": about}


def reply(leaky: Leaky, to_post: str, *, to: list[str], cc: list[str]) -> dict[str, Any]:
    return {
        "id": f"{leaky.mastodon.base}/notes/{len(leaky.closed.network.router.seen)}",
        "type": "Note", "attributedTo": leaky.sam, "inReplyTo": to_post, "content": "<p>x</p>",
        "published": "2026-03-02T11:00:00Z", "to": to, "cc": cc,
    }  # fmt: skip


async def send(leaky: Leaky, activity: dict[str, Any]) -> None:
    leaky.mastodon.received.clear()
    await leaky.mastodon.post(leaky.kent.url("/inbox"), activity)
    await leaky.closed.network.settle()


def _told(leaky: Leaky) -> list[str]:
    return [json.dumps(one) for one in leaky.mastodon.received]


async def _members(leaky: Leaky) -> list[str]:
    """Say whether anybody became a member who was none."""
    uris = await leaky.kent.node.store.read(memberships.uris, SYSTEM, leaky.closed.shelter.id)
    return ["" if {uri.rpartition("/")[2] for uri in uris} == {"fin", "kay", "dee"} else f"LEAK {uris}"]


async def _homes(leaky: Leaky) -> list[str]:
    ned = titles(await leaky.kent.home(leaky.closed.ned))
    return [str([ned, titles(await leaky.closed.devon.home(leaky.closed.dan))])]


async def _nowhere(leaky: Leaky, council: Council, note: dict[str, Any] | None = None) -> list[str]:
    uri = note["id"] if note is not None else leaky.create["object"]["id"]
    return ["" if await council.post(uri) is None else "LEAK"]


async def _lemmy(leaky: Leaky) -> Peer:
    """Let somebody of a server that may join do so."""
    peer = leaky.closed.network.peer("lemmy.example", software="lemmy")
    cal = peer.person("cal")
    number = leaky.closed.network.clock.now().timestamp()
    asked = {"id": f"{cal}/f{number}", "type": "Follow", "actor": cal, "object": SHELTER}
    await peer.post(leaky.kent.url("/inbox"), asked)
    await leaky.closed.network.settle()
    assert len(peer.sent("Accept")) == 1
    peer.received.clear()
    return peer


async def _gone(leaky: Leaky, cal: Peer) -> None:
    number = leaky.closed.network.clock.now().timestamp()
    undone = {
        "id": f"{cal.base}/f/{number}",
        "type": "Follow",
        "actor": cal.uri("cal"),
        "object": SHELTER,
    }
    await _from(leaky, cal, "Undo", undone, to=[SHELTER])


def _page(cal: Peer, number: int, *, to: list[str], **more: Any) -> dict[str, Any]:
    return {
        "id": f"{cal.base}/post/{number}", "type": "Page", "attributedTo": cal.uri("cal"), "name": "Wide",
        "content": "<p>x</p>", "audience": SHELTER, "published": "2026-03-02T11:00:00Z", "to": to, "cc": [],
    } | more  # fmt: skip


async def _from(leaky: Leaky, cal: Peer, kind: str, about: dict[str, Any], *, to: list[str]) -> None:
    number = about["id"].rpartition("/")[2]
    activity = {
        "id": f"{cal.base}/activities/{kind}{number}",
        "type": kind,
        "actor": cal.uri("cal"),
        "object": about,
    }
    assert await cal.post(leaky.kent.url("/inbox"), activity | {"to": to, "cc": []}) == 202
    await leaky.closed.network.settle()


@pytest.mark.parametrize("tried", ATTEMPTS, ids=lambda tried: tried.run.__name__)
@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_forged_opens_anything(leaky: Leaky, tried: Tried) -> None:
    leaky.closed.network.router.take()
    leaky.closed.network.clock.move(timedelta(minutes=20))
    answers = " ".join(await tried.run(leaky)).lower()
    assert "leak" not in answers
    assert [secret for secret in await leaky.secrets() if secret.lower() in answers] == []
