"""Councils whose nodes know each other: who is findable in one is found in the others, and gone as fast."""

from datetime import timedelta

import pytest

from activitypub.wire import Request
from fedcop.actions import access, allowlist, community, describe, leave, profile
from fedcop.actions.describe import Description
from fedcop.actions.profile import Changes
from fedcop.knowledge import one_box, reasons
from fedcop.knowledge.one_box import Page
from fedcop.node import Node
from fedcop.workers import directory as worker
from storage import actors, directory, findable, follows, visible
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY

DIRECTORIES = ("/directory/people", "/directory/communities", "/directory/people/page/1")


async def meet(network: Network) -> None:
    """Let the nodes find each other, follow each other, and read each other's directories."""
    for _ in range(3):
        for council in network:
            await worker.work(council.node)
        await network.settle()


async def found(at: Council, by: Actor) -> list[str]:
    """Give the handles of whoever from elsewhere is in the directory that somebody sees."""
    listed = await at.node.store.scan(
        findable.directory, visible.person(by.id), newest=True, local=False, skipped=0, limit=80
    )
    return sorted(f"{one.handle}@{one.host}" for one in listed if not one.local)


async def searched(at: Council, by: Actor, text: str) -> list[str]:
    """Give whom somebody finds by words of their profiles, and a reason for each."""
    results = await at.node.store.scan(
        one_box.look, visible.person(by.id), text, at.node.clock.now(), Page(limit=5), home=at.host
    )
    return [
        f"{one.row.handle}: {', '.join(reasons.said(one.reasons, results.words, 'en'))}"
        for one in results.people
    ]


async def held(node: Node, host: str) -> list[str]:
    rows = await node.store.scan(directory.theirs, SYSTEM, host, "people")
    return sorted(one.uri.rpartition("/")[2] for one in rows)


@pytest.fixture
async def met(three_nodes: Network) -> Network:
    """Kent, devon and essex, which know each other; fin, ben and eve are there."""
    for council, name in zip(three_nodes, ("fin", "ben", "eve"), strict=True):
        await council.person(name)
    await meet(three_nodes)
    return three_nodes


async def of(council: Council, name: str) -> Actor:
    person = await council.node.store.read(actors.find_by_handle, SYSTEM, name, council.host)
    assert person is not None
    return person


async def own(node: Node) -> Actor:
    """Give the actor of a node."""
    actor = await node.store.read(actors.find, SYSTEM, node.actor_id)
    assert actor is not None
    return actor


async def test_nodes_follow_each_other_and_nobody_else_follows_them(met: Network) -> None:
    for council in met:
        others = [one for one in met if one is not council]
        for other in others:
            target = await council.known(await own(other.node))
            held = await council.node.store.read(follows.find, council.node.actor_id, target.id)
            assert held is not None
            assert held.state == "accepted"


async def test_who_makes_herself_findable_is_found_elsewhere_and_gone_as_fast(met: Network) -> None:
    kent, devon, essex = met
    ben, eve = await of(devon, "ben"), await of(essex, "eve")
    ada = await kent.person("ada")
    assert await found(devon, ben) == []
    ada = await profile.update(kent.node, ada, Changes(note="Sustainable drainage", discoverable=True))
    await met.settle()
    assert await found(devon, ben) == ["ada@kent.example"]
    assert await found(essex, eve) == ["ada@kent.example"]
    row = await devon.known(ada)
    assert "drainage" in row.summary
    assert await searched(devon, ben, "drainage") == ["ada: “drainage” in the text"]
    ada = await profile.update(kent.node, ada, Changes(note="Flood gauges"))
    await met.settle()
    assert "gauges" in (await devon.known(ada)).summary
    ada = await profile.update(kent.node, ada, Changes(discoverable=False))
    await met.settle()
    assert await found(devon, ben) == await found(essex, eve) == []
    assert (await devon.known(ada)).summary == ""
    assert await searched(devon, ben, "gauges") == []


async def test_a_node_that_was_away_catches_up(met: Network) -> None:
    kent, devon, _ = met
    ben, ada, ann = await of(devon, "ben"), await kent.person("ada"), await kent.person("ann")
    await profile.update(kent.node, ada, Changes(discoverable=True))
    await met.settle()
    met.router.down.add("devon.example")
    await profile.update(kent.node, ada, Changes(discoverable=False))
    await profile.update(kent.node, ann, Changes(discoverable=True))
    await met.settle()
    met.router.down.clear()
    assert await found(devon, ben) == ["ada@kent.example"]
    met.clock.move(timedelta(days=1))
    await worker.work(devon.node)
    assert await found(devon, ben) == ["ann@kent.example"]


async def test_only_who_changed_is_read_and_of_the_same_nothing(met: Network) -> None:
    kent, devon, _ = met
    ada = await kent.person("ada")
    await profile.update(kent.node, ada, Changes(discoverable=True))
    await met.settle()
    met.clock.move(timedelta(days=1))
    met.router.take()
    await worker.work(devon.node)
    asked = [line for line in met.fetches() if "kent.example/directory" in line]
    assert asked == [f"GET {kent.url('/directory/people')}", f"GET {kent.url('/directory/communities')}"]


async def test_communities_are_listed_but_for_those_that_members_alone_read_and_closed_ones(
    met: Network,
) -> None:
    kent, devon, _ = met
    fin, ben = await of(kent, "fin"), await of(devon, "ben")
    await kent.community("floods", fin)
    await kent.community("sealed", fin, visibility="members")
    await met.settle()
    assert await found(devon, ben) == ["floods@kent.example"]
    await community.close(kent.node, "floods", by="test")
    await met.settle()
    assert await found(devon, ben) == []


async def test_what_a_listed_community_says_of_itself_is_told_and_of_others_nothing(met: Network) -> None:
    kent, devon, _ = met
    fin = await of(kent, "fin")
    floods, sealed = [
        await kent.community(slug, fin, visibility=visibility)
        for slug, visibility in (("floods", "public"), ("sealed", "members"))
    ]
    for one in (floods, sealed):
        await describe.describe(kent.node, fin, one, Description(summary="Gauges and pumps"))
    await met.settle()
    assert "Gauges" in (await devon.known(floods)).summary
    assert not await devon.knows(sealed.uri)


async def test_who_is_suspended_or_deleted_is_gone_elsewhere_and_comes_back_with_the_account(
    met: Network,
) -> None:
    kent, devon, _ = met
    fin, ben, ada = await of(kent, "fin"), await of(devon, "ben"), await kent.person("ada")
    ada = await profile.update(kent.node, ada, Changes(discoverable=True))
    await met.settle()
    await access.suspend(kent.node, fin, ada)
    await met.settle()
    assert await found(devon, ben) == []
    await access.unsuspend(kent.node, fin, await of(kent, "ada"))
    await met.settle()
    assert await found(devon, ben) == ["ada@kent.example"]
    await leave.delete_person(kent.node, "ada", by="test")
    await met.settle()
    assert await found(devon, ben) == []
    assert await held(devon.node, "kent.example") == []


async def test_nothing_is_passed_on(met: Network) -> None:
    kent, devon, essex = met
    ada = await profile.update(kent.node, await kent.person("ada"), Changes(discoverable=True))
    await met.settle()
    assert await devon.knows(ada.uri)
    pages = await devon.node.store.scan(
        directory.page, visible.node("essex.example"), "people", limit=50, skipped=0
    )
    assert pages == []
    assert await held(devon.node, essex.host) == []


async def follows_of(council: Council, other: Council) -> str | None:
    """Give the state in which a node holds that it follows another."""
    held = await council.node.store.read(
        follows.find, council.node.actor_id, (await council.known(await own(other.node))).id
    )
    return held.state if held is not None else None


async def test_two_nodes_that_were_parted_follow_each_other_again(met: Network) -> None:
    kent, devon, _ = met
    ben, ada = await of(devon, "ben"), await kent.person("ada")
    await allowlist.deny(kent.node, "devon.example", by="test")
    await meet(met)
    assert await follows_of(kent, devon) is None
    assert await follows_of(devon, kent) == "accepted", "nobody told it"
    met.clock.move(timedelta(hours=1))
    await allowlist.forget(kent.node, "devon.example", by="test")
    await meet(met)
    assert await follows_of(kent, devon) == "accepted"
    await profile.update(kent.node, ada, Changes(discoverable=True))
    await met.settle()
    assert await found(devon, ben) == ["ada@kent.example"]


async def test_a_node_that_lists_us_no_more_is_forgotten_at_once_and_asked_once_a_day(met: Network) -> None:
    kent, devon, _ = met
    ben = await of(devon, "ben")
    ada = await profile.update(kent.node, await kent.person("ada"), Changes(note="Pumps", discoverable=True))
    await met.settle()
    await allowlist.deny(kent.node, "devon.example", by="test")
    met.clock.move(timedelta(days=1))
    await worker.work(devon.node)
    assert await found(devon, ben) == []
    assert (await devon.known(ada)).summary == ""
    for day in range(3):
        met.router.take()
        for _ in range(2):
            await worker.work(devon.node)
            await met.settle()
        sent = [line for line in met.router.take() if line.startswith("POST ")]
        assert sent == (["POST https://kent.example/actor/inbox"] if day != 1 else []), day
        met.clock.move(timedelta(days=1) if day else timedelta(hours=5))
    await allowlist.forget(kent.node, "devon.example", by="test")
    await meet(met)
    assert await found(devon, ben) == ["ada@kent.example"]


async def test_a_node_that_could_not_be_asked_what_it_runs_is_followed_back(network: Network) -> None:
    kent = await network.open("kent.example")
    await worker.work(kent.node)
    devon = await network.open("devon.example")
    await worker.work(devon.node)
    await network.settle()
    await worker.work(kent.node)
    await network.settle()
    assert await follows_of(kent, devon) == await follows_of(devon, kent) == "accepted"


async def test_a_node_that_gives_no_answer_holds_up_no_other_and_keeps_what_it_said(met: Network) -> None:
    kent, devon, essex = met
    ben = await of(devon, "ben")
    for council in (kent, essex):
        who = await of(council, {"kent.example": "fin", "essex.example": "eve"}[council.host])
        await profile.update(council.node, who, Changes(discoverable=True))
    await met.settle()
    met.clock.move(timedelta(days=1))
    met.router.down.add("kent.example")
    await worker.work(devon.node)
    assert await found(devon, ben) == ["eve@essex.example", "fin@kent.example"]
    due = await devon.node.store.read(directory.due, met.clock.now() + timedelta(hours=1), 9)
    assert [one.host for one in due] == ["kent.example"], "sooner than in a day"


async def test_a_node_off_the_list_is_refused_and_what_it_listed_goes(met: Network) -> None:
    kent, devon, essex = met
    eve, ben = await of(essex, "eve"), await of(devon, "ben")
    await profile.update(kent.node, await kent.person("ada"), Changes(discoverable=True))
    await profile.update(devon.node, ben, Changes(discoverable=True))
    await met.settle()
    await allowlist.deny(kent.node, "essex.example", by="test")
    assert "ada@kent.example" in await found(essex, eve)
    met.clock.move(timedelta(days=1))
    await worker.work(essex.node)
    assert await found(essex, eve) == ["ben@devon.example"]
    await profile.update(essex.node, eve, Changes(discoverable=True))
    await met.settle()
    await worker.work(kent.node)
    assert await held(kent.node, "essex.example") == []


async def test_the_directory_answers_allowed_nodes_alone(met: Network) -> None:
    kent = next(iter(met))
    surrey, rogue = met.peer("surrey.example"), met.peer("rogue.example")
    sam, rex = surrey.person("sam"), rogue.person("rex")
    for path in DIRECTORIES:
        assert (await surrey.get(kent.url(path), by=sam)).status == 200
        assert (await rogue.get(kent.url(path), by=rex)).status == 403
        unsigned = Request(method="GET", url=kent.url(path), headers=(("accept", ACTIVITY),))
        assert (await met.router.send(unsigned)).status == 401
    assert (await surrey.get(kent.url("/directory/cats"), by=sam)).status == 404
    assert (await surrey.get(kent.url("/directory/people/page/2"), by=sam)).status == 404
