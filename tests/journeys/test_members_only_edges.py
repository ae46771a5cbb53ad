"""Where a members-only community touches what is not: answers elsewhere, old copies, peers that change."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from fedcop import fetch
from fedcop.actions import allowlist, invite, join, like, own_post, post
from fedcop.actions.post import Draft
from fedcop.fetch import documents
from fedcop.workers import pull
from storage import entries, follows, invited, notifications, peers
from storage.ids import NotificationId
from storage.notifications import NewNotification
from storage.posts import Post
from tests.support import closed
from tests.support.closed import Closed
from tests.support.network import Council, Network, titles
from tests.support.speak import Peer


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Closed]:
    made = await closed.opened(network)
    yield made
    await made.close()


def bodies_to(shelter: Closed, host: str) -> list[bytes]:
    """Give what was posted to a host since the last time."""
    seen = shelter.network.router.seen
    return [one.body for one in seen if one.method == "POST" and one.url.startswith(f"https://{host}")]


async def lemmy(shelter: Closed) -> Peer:
    """Let cal of a Lemmy server join."""
    peer = shelter.network.peer("lemmy.example", software="lemmy")
    cal = peer.person("cal")
    asked = {"id": f"{cal}/f", "type": "Follow", "actor": cal, "object": shelter.shelter.uri}
    assert await peer.post(shelter.kent.url("/inbox"), asked) == 202
    await shelter.network.settle()
    assert len(peer.sent("Accept")) == 1
    peer.received.clear()
    return peer


async def says(shelter: Closed, peer: Peer, number: int, *, inbox: str = "kent.example", **more: Any) -> str:
    """Let cal say something and give its id."""
    uri, cal = f"{peer.base}/post/{number}", peer.uri("cal")
    to = more.pop("to", [shelter.shelter.uri, f"{shelter.shelter.uri}/followers"])
    kind = more.pop("kind", "Create")
    document = {
        "id": uri, "type": "Page", "attributedTo": cal, "name": f"Page {number}", "content": "<p>x</p>",
        "published": "2026-03-02T11:00:00Z", "to": to, "cc": [],
    } | more  # fmt: skip
    activity = {"id": f"{uri}/{kind}/{inbox}", "type": kind, "actor": cal, "object": document}
    await peer.post(f"https://{inbox}/inbox", activity | {"to": to, "cc": []})
    await shelter.network.settle()
    return uri


async def held(council: Council, uri: str) -> Post:
    found = await council.post(uri)
    assert found is not None, f"{uri} is not held at {council.host}"
    return found


async def test_a_node_without_a_member_gets_no_outbox_and_no_thread(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.kent, shelter.kay, "Heron")
    answer = await shelter.reply(shelter.kent, shelter.kay, begun.uri, "Two herons")
    surrey = await shelter.network.open("surrey.example")
    outbox, threads = f"{shelter.shelter.uri}/outbox", f"{shelter.shelter.uri}/threads"
    for council, path, status in (
        (surrey, outbox, 404),
        (shelter.devon, outbox, 200),
        (surrey, f"{threads}/{begun.id}", 404),
        (shelter.devon, f"{threads}/{begun.id}", 200),
        (shelter.devon, f"{threads}/{answer.id}", 404),
    ):
        assert (await documents.get(council.node, path)).status == status, path
    other = await shelter.kent.community("weir", shelter.fin, visibility="members")
    path = f"{other.uri}/threads/{begun.id}"
    assert (await documents.get(shelter.devon.node, path)).status == 404


async def test_a_peer_that_became_something_else_gets_nothing_more(shelter: Closed) -> None:
    peer = await lemmy(shelter)
    await shelter.begin(shelter.kent, shelter.kay, "Heron")
    assert len(peer.sent("Announce")) == 1
    for kind in ("unknown", "plain"):
        await shelter.kent.node.store.write(peers.set_kind, "lemmy.example", kind)
        await shelter.begin(shelter.kent, shelter.kay, f"Heron {kind}")
    assert len(peer.sent("Announce")) == 1


async def test_a_like_and_an_edit_go_to_no_former_member_and_a_delete_does(shelter: Closed) -> None:
    theirs = await shelter.begin(shelter.devon, shelter.dee, "Heron")
    ours = await shelter.begin(shelter.kent, shelter.kay, "Egret")
    await shelter.leave(shelter.devon, shelter.dee)
    shelter.network.router.take()
    shelter.network.clock.move(timedelta(minutes=1))
    await like.like(shelter.kent.node, shelter.kay, (await held(shelter.kent, theirs.uri)).id)
    await post.edit(shelter.kent.node, shelter.kay, ours.id, Draft(text="@shelter@kent.example Two egrets"))
    await shelter.network.settle()
    assert bodies_to(shelter, "devon.example") == []
    assert len(bodies_to(shelter, "essex.example")) == 2
    await own_post.delete(shelter.kent.node, shelter.kay, ours.id)
    await shelter.network.settle()
    (gone,) = bodies_to(shelter, "devon.example")
    assert (b"Delete" in gone, b"egret" in gone.lower(), b"Public" in gone) == (True, False, False)


async def test_a_direct_answer_does_not_tell_what_it_answers(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.kent, shelter.kay, "Heron")
    answer = await shelter.reply(
        shelter.devon, shelter.dee, begun.uri, "@ned@kent.example look", audience="direct"
    )
    assert (answer.parent_id, answer.in_reply_to, answer.community_id) == (None, None, None)
    assert await shelter.kent.told(shelter.ned) == ["mention"]
    peer = await lemmy(shelter)
    more = {"type": "Note", "inReplyTo": begun.uri, "context": begun.context, "to": [shelter.ned.uri]}
    theirs = await held(shelter.kent, await says(shelter, peer, 1, **more))
    assert (theirs.audience, theirs.parent_id, theirs.in_reply_to, theirs.context) == (
        "direct",
        None,
        None,
        None,
    )


async def test_nothing_is_asked_for_by_its_id(shelter: Closed) -> None:
    peer = await lemmy(shelter)
    shelter.network.fetches()
    # No proof, and not of the community's origin: shown where it was said, and by no node that fetches.
    uri = await says(shelter, peer, 1)
    answer = await says(
        shelter, peer, 2, type="Note", inReplyTo=f"{peer.base}/post/99", audience=shelter.shelter.uri
    )
    await held(shelter.kent, uri)
    await held(shelter.kent, answer)
    assert await shelter.devon.post(uri) is None
    assert [line for line in shelter.network.fetches() if "/post/" in line] == []


async def test_only_the_community_changes_what_its_members_read(shelter: Closed) -> None:
    peer = await lemmy(shelter)
    devon = shelter.devon
    # As if kent had passed it on with a proof.
    cal = await fetch.actor(devon.node, peer.uri("cal"))
    found = await held(shelter.kent, await says(shelter, peer, 1))
    begun = await shelter.begin(shelter.kent, shelter.kay, "Heron")
    here = await held(devon, begun.uri)

    async def adopt(tx: Any) -> None:
        await tx.execute("UPDATE posts SET author_id = :a, uri = :u, host = 'lemmy.example' WHERE id = :p",
                         a=cal.id, u=found.uri, p=here.id)  # fmt: skip

    await devon.node.store.write(adopt)
    shelter.network.clock.move(timedelta(minutes=5))
    newer = {"kind": "Update", "content": "<p>Changed</p>", "updated": "2026-03-02T12:04:00Z"}
    await says(shelter, peer, 1, inbox="devon.example", **newer)
    assert (await held(devon, found.uri)).content == here.content


async def test_the_entry_of_the_community_is_for_members_and_counts_nowhere(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.devon, shelter.dee, "Heron")
    for council in shelter.network:
        community = await council.known(shelter.shelter)
        entry = await council.node.store.read(entries.find, community.id, (await held(council, begun.uri)).id)
        assert entry is not None
        assert (entry.audience, community.posts_count, community.last_post_at) == ("members", 0, None)


async def test_only_people_join(shelter: Closed) -> None:
    peer = shelter.network.peer("lemmy.example", software="lemmy")
    for kind in ("Application", "Group"):
        uri = peer.person(f"it{kind.lower()}", type=kind)
        asked = {"id": f"{uri}/f", "type": "Follow", "actor": uri, "object": shelter.shelter.uri}
        assert await peer.post(shelter.kent.url("/inbox"), asked) == 202
        await shelter.network.settle()
    assert (len(peer.sent("Reject")), peer.sent("Accept")) == (2, [])


async def test_nobody_is_told_of_what_they_may_not_see(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.kent, shelter.kay, "Heron")
    for person, told in ((shelter.ned, False), (shelter.fin, True)):
        new = NewNotification(
            id=NotificationId(shelter.kent.node.ids.next_notification(shelter.network.clock.now())),
            actor_id=person.id, type="mention", by_actor=shelter.kay.id, post_id=begun.id,
            target_id=None, created_at=shelter.network.clock.now(),
        )  # fmt: skip
        assert await shelter.kent.node.store.write(notifications.add, new) is told


async def test_a_like_counts_at_a_node_that_does_not_know_yet_who_joined(shelter: Closed) -> None:
    # devon asked who belongs to it before essex had anybody.
    begun = await shelter.begin(shelter.kent, shelter.kay, "Heron")
    await like.like(shelter.essex.node, shelter.eva, (await held(shelter.essex, begun.uri)).id)
    await shelter.network.settle()
    assert (await held(shelter.devon, begun.uri)).likes_count == 1
    # That the community passes it on says who may like.
    assert [line for line in shelter.network.fetches() if "is_follower" in line] == []


async def test_who_is_removed_is_invited_no_longer(shelter: Closed) -> None:
    weir = await shelter.kent.community("weir", shelter.fin, visibility="members", join_mode="invite")
    await invite.invite(shelter.kent.node, shelter.fin, weir, shelter.ned)
    await shelter.kent.follow(shelter.ned, weir)
    member = await shelter.kent.node.store.read(follows.find, shelter.ned.id, weir.id)
    assert member is not None
    await join.refuse(shelter.kent.node, weir, shelter.ned, member)
    assert not await shelter.kent.node.store.read(invited.is_invited, weir.id, shelter.ned.id)


async def test_who_joins_again_right_after_a_refusal_reads_at_once(shelter: Closed) -> None:
    await shelter.begin(shelter.kent, shelter.kay, "Heron")
    await allowlist.deny(shelter.kent.node, "essex.example", by="t")
    shelter.network.clock.move(timedelta(days=1))
    await pull.work(shelter.essex.node)
    await allowlist.forget(shelter.kent.node, "essex.example", by="t")
    assert titles(await shelter.essex.home(shelter.eva)) == []
    await shelter.leave(shelter.essex, shelter.eva)
    await shelter.join(shelter.essex, shelter.eva)
    assert titles(await shelter.essex.home(shelter.eva)) == ["Heron"]
