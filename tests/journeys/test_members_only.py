"""A community that only its members read, from its opening to somebody's leaving."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from fedcop import fetch
from fedcop.actions import allowlist, invite, like, moderate, own_post, post
from fedcop.actions.post import Draft
from fedcop.errors import NotPermitted
from fedcop.fetch import documents
from fedcop.workers import pull, upkeep
from storage import abandoned, media, memberships
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.support import closed
from tests.support.closed import Closed
from tests.support.network import Council, Network, titles


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Closed]:
    made = await closed.opened(network)
    yield made
    await made.close()


async def test_what_a_member_writes_reaches_the_members_of_every_node(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.devon, shelter.dee, "Heron at the weir")
    assert begun.audience == "members"
    for council, person in (
        (shelter.kent, shelter.kay),
        (shelter.devon, shelter.dee),
        (shelter.essex, shelter.eva),
    ):
        assert titles(await council.home(person)) == ["Heron at the weir"], council.host
    for council, person in ((shelter.kent, shelter.ned), (shelter.devon, shelter.dan)):
        assert titles(await council.home(person)) == []
    assert [line for line in shelter.network.fetches() if "/posts/" in line or "/activities/" in line] == []


async def test_all_that_is_done_in_a_thread_stays_among_the_members(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.kent, shelter.kay, "Heron at the weir")
    answer = await shelter.reply(shelter.essex, shelter.eva, begun.uri, "Two herons", audience="public")
    assert answer.audience == "members"
    for council in shelter.network:
        held = await council.post(answer.uri)
        assert held is not None, council.host
        assert (held.audience, held.title, held.content) == ("members", "", answer.content)
    at_devon = await shelter.devon.post(answer.uri)
    assert at_devon is not None
    await like.like(shelter.devon.node, shelter.dee, at_devon.id)
    shelter.network.clock.move(timedelta(seconds=2))
    await post.edit(shelter.essex.node, shelter.eva, answer.id, Draft(text="Three herons"))
    await moderate.pin(shelter.kent.node, shelter.fin, begun.id)
    await moderate.lock(shelter.kent.node, shelter.fin, begun.id)
    await shelter.network.settle()
    for council in shelter.network:
        held, root = await council.post(answer.uri), await council.post(begun.uri)
        assert held is not None
        assert root is not None
        assert (held.likes_count, "Three" in held.content) == (1, True), council.host
        assert (root.locked, root.pinned_at is not None, root.replies_count) == (True, True, 1)
    await own_post.delete(shelter.essex.node, shelter.eva, answer.id)
    await shelter.network.settle()
    for council in shelter.network:
        held = await council.post(answer.uri)
        assert held is not None
        assert held.removed_at is not None, council.host


async def test_nothing_on_the_wire_is_addressed_to_everybody(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.devon, shelter.dee, "Heron at the weir")
    await shelter.reply(shelter.kent, shelter.kay, begun.uri, "Two herons")
    at_essex = await shelter.essex.post(begun.uri)
    assert at_essex is not None
    await like.like(shelter.essex.node, shelter.eva, at_essex.id)
    at_kent = await shelter.kent.post(begun.uri)
    assert at_kent is not None
    await moderate.lock(shelter.kent.node, shelter.fin, at_kent.id)
    await moderate.remove_post(shelter.kent.node, shelter.fin, at_kent.id)
    await shelter.network.settle()
    posted = [request for request in shelter.network.router.seen if request.method == "POST"]
    assert len(posted) > 8
    assert [request.body for request in posted if b"Public" in request.body] == []


async def test_who_joins_later_reads_what_was_said_before(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.devon, shelter.dee, "Heron at the weir")
    answer = await shelter.reply(shelter.essex, shelter.eva, begun.uri, "Two herons")
    shelter.network.clock.move(timedelta(days=45))  # older than a proof is believed otherwise
    surrey = await shelter.network.open("surrey.example")
    sal = await surrey.person("sal")
    await shelter.join(surrey, sal)
    assert titles(await surrey.home(sal)) == ["Heron at the weir"]
    held = await surrey.post(answer.uri)
    assert held is not None
    assert (held.content, held.audience) == (answer.content, "members")
    assert [line for line in shelter.network.fetches() if "/posts/" in line] == []


async def test_what_a_left_community_said_goes_and_comes_back_with_who_joins_again(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.devon, shelter.dee, "Heron at the weir", picture=True)
    own = await shelter.reply(shelter.essex, shelter.eva, begun.uri, "Two herons")
    deeper = await shelter.reply(shelter.devon, shelter.dee, own.uri, "Three herons")
    await shelter.leave(shelter.essex, shelter.eva)
    assert titles(await shelter.essex.home(shelter.eva)) == ["<p>Two herons</p>"]
    assert await upkeep.work(shelter.essex.node) > 0
    assert await shelter.essex.post(begun.uri) is None
    assert await shelter.essex.post(deeper.uri) is None
    kept = await shelter.essex.post(own.uri)
    assert kept is not None
    assert (kept.parent_id, kept.root_id, kept.replies_count) == (None, kept.id, 0)
    await shelter.join(shelter.essex, shelter.eva)
    root, below = await shelter.essex.post(begun.uri), await shelter.essex.post(deeper.uri)
    kept = await shelter.essex.post(own.uri)
    assert root is not None
    assert below is not None
    assert kept is not None
    assert (kept.parent_id, below.parent_id, below.root_id) == (root.id, kept.id, root.id)


async def test_what_still_waits_for_a_node_goes_nowhere_once_its_last_member_is_out(shelter: Closed) -> None:
    shelter.network.router.down.add("essex.example")
    begun = await shelter.begin(shelter.kent, shelter.kay, "Heron at the weir")
    eva = await shelter.kent.known(shelter.eva)
    await moderate.ban(shelter.kent.node, shelter.fin, shelter.shelter, eva)
    shelter.network.router.down.clear()
    shelter.network.router.take()
    shelter.network.clock.move(timedelta(hours=7))
    await shelter.network.settle()
    assert await shelter.essex.post(begun.uri) is None
    sent = [one.body for one in shelter.network.router.seen if one.url.startswith("https://essex.example")]
    assert [body for body in sent if b"Heron" in body] == []


async def test_a_node_that_is_refused_the_members_hides_what_it_holds(shelter: Closed) -> None:
    await shelter.begin(shelter.kent, shelter.kay, "Heron at the weir")
    await allowlist.deny(shelter.kent.node, "essex.example", by="t")
    shelter.network.clock.move(timedelta(days=1))
    assert titles(await shelter.essex.home(shelter.eva)) == ["Heron at the weir"]
    await pull.work(shelter.essex.node)
    assert titles(await shelter.essex.home(shelter.eva)) == []
    shelter.network.clock.move(timedelta(hours=13))
    assert await upkeep.work(shelter.essex.node) > 0
    assert await shelter.essex.node.store.read(abandoned.communities, shelter.network.clock.now(), 9) == []


async def test_a_picture_goes_to_members_and_their_nodes_only(shelter: Closed) -> None:
    begun = await shelter.begin(shelter.devon, shelter.dee, "Heron at the weir", picture=True)
    # How often devon asks kent who belongs to it: essex joined after devon last did.
    shelter.network.clock.move(timedelta(minutes=11))
    (sent,) = await shelter.devon.node.store.read(media.of_post, SYSTEM, begun.id)
    for council, person in ((shelter.essex, shelter.eva), (shelter.kent, shelter.kay)):
        reader = await shelter.client(council, person)
        (shown,) = (await reader.get("/api/v1/timelines/home")).json()
        (file,) = shown["reblog"]["media_attachments"]
        assert shown["reblog"]["visibility"] == "private"
        stranger = await shelter.client(council, None)
        address = file["url"].removeprefix(council.url(""))
        assert (await stranger.get(address)).status_code == 200  # the seal stands for the reader
        assert (await stranger.get(address.partition("?")[0])).status_code == 404
    asked = [one for one in shelter.network.router.seen if f"/media/{sent.id}" in one.url]
    assert [one.url for one in asked] == [f"https://devon.example/media/{sent.id}/original"] * 2
    assert all(one.header("signature") for one in asked)
    surrey = await shelter.network.open("surrey.example")
    assert (await documents.get(surrey.node, asked[0].url)).status == 404
    anybody = await shelter.client(shelter.devon, None)
    assert (await anybody.get(f"/media/{sent.id}/original")).status_code == 404


async def test_who_is_invited_joins_at_once_and_nobody_else(network: Network) -> None:
    made = await closed.opened(network)
    weir = await made.kent.community("weir", made.fin, visibility="members", join_mode="invite")
    for person in (made.ned, await made.kent.known(made.dee)):
        await invite.invite(made.kent.node, made.fin, weir, person)
    await network.settle()
    assert "mention" in await made.kent.told(made.ned)
    assert "mention" in await made.devon.told(made.dee)
    dee = await made.client(made.devon, made.dee)
    (told,) = (await dee.get("/api/v1/notifications?types[]=mention")).json()
    assert "https://kent.example/communities/weir" in told["status"]["content"]
    for council, person in ((made.devon, made.dee), (made.essex, made.eva)):
        await fetch.actor(council.node, weir.uri)
        await council.follow(person, weir)
    await made.kent.follow(made.ned, weir)
    await network.settle()
    joined = [
        await is_member(council, weir, person)
        for council, person in ((made.kent, made.ned), (made.devon, made.dee), (made.essex, made.eva))
    ]
    assert joined == [True, True, False]
    with pytest.raises(NotPermitted, match="by invitation only"):
        await made.kent.follow(made.kay, weir)
    await made.close()


async def is_member(council: Council, community: Actor, person: Actor) -> bool:
    found = await council.known(community)
    return await council.node.store.read(memberships.is_member, found.id, person.id)


async def test_other_software_is_told_why_it_may_not_join(shelter: Closed) -> None:
    peer = shelter.network.peer("mastodon.example")
    mo = peer.person("mo")
    follow_ = {"id": f"{mo}/f", "type": "Follow", "actor": mo, "object": shelter.shelter.uri}
    for _ in range(2):
        assert await peer.post(shelter.kent.url("/inbox"), follow_) == 202
        await shelter.network.settle()
        follow_ = follow_ | {"id": f"{mo}/f2"}
    reject, _ = peer.sent("Reject")
    assert "Lemmy 1.0 or later" in reject["summary"]
    (note,) = peer.sent("Create")
    assert note["object"]["to"] == [mo]
    assert "wanted fedcop" in note["object"]["content"]
    assert peer.sent("Accept") == []


@pytest.mark.parametrize(("version", "joins"), [("1.0", True), ("0.19.5", False), ("x", False)])
async def test_lemmy_may_join_from_the_version_that_keeps_such_a_community(
    shelter: Closed, version: str, joins: bool
) -> None:
    peer = shelter.network.peer("lemmy.example", software="lemmy")
    peer.put("/nodeinfo/2.1", {"version": "2.1", "software": {"name": "lemmy", "version": version}})
    cal = peer.person("cal")
    follow_ = {"id": f"{cal}/f", "type": "Follow", "actor": cal, "object": shelter.shelter.uri}
    assert await peer.post(shelter.kent.url("/inbox"), follow_) == 202
    await shelter.network.settle()
    assert bool(peer.sent("Accept")) == joins
    await shelter.begin(shelter.kent, shelter.kay, "Heron at the weir")
    assert bool(peer.sent("Announce")) == joins
