"""A poll in a community of three councils, from its question to its end."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from fedcop import fetch
from fedcop.actions import follow, post, vote
from fedcop.actions.draft import PollDraft
from fedcop.actions.post import Draft
from fedcop.errors import Invalid
from fedcop.workers import due
from storage import activities, notifications, polls, visible
from storage.actors import Actor
from storage.ids import PostId
from storage.pages import Page
from storage.polls import Poll
from storage.visible import SYSTEM
from tests.support import closed
from tests.support.closed import Closed
from tests.support.network import Council, Network

ASKED = PollDraft(options=("North depot", "South depot"), seconds=3600)


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Closed]:
    made = await closed.opened(network)
    yield made
    await made.close()


async def member(council: Council, name: str, domain: str = "kent.example", slug: str = "floods") -> Actor:
    person = await council.person(name)
    community = await fetch.handle(council.node, slug, domain)
    assert community is not None
    await follow.follow(council.node, person, community)
    return person


async def held_at(council: Council, uri: str) -> tuple[PostId, Poll]:
    found = await council.post(uri)
    assert found is not None, council.host
    poll = await council.node.store.read(polls.find, SYSTEM, found.id)
    assert poll is not None, council.host
    return found.id, poll


async def counts(council: Council, uri: str) -> list[int]:
    return [option.votes_count for option in (await held_at(council, uri))[1].options]


async def pass_time(network: Network, **span: float) -> None:
    network.clock.move(timedelta(**span))
    for council in network:
        await due.work(council.node)
    await network.settle()


async def told_of_end(council: Council, person: Actor) -> int:
    page = Page(limit=40)
    viewer = visible.person(person.id)
    found = await council.node.store.read(notifications.page, viewer, person.id, page, types=("poll",))
    return len(found)


async def test_votes_of_three_councils_are_counted_where_the_poll_was_asked(three_nodes: Network) -> None:
    kent, devon, essex = three_nodes
    fin = await kent.person("fin")
    await kent.community("floods", fin)
    dee, eva = await member(devon, "dee"), await member(essex, "eva")
    await three_nodes.settle()
    asked = await devon.publish(dee, "@floods@kent.example Which depot?", poll=ASKED)
    uri = await devon.uri_of(asked)
    await three_nodes.settle()
    three_nodes.router.take()

    for council, person, choice in ((kent, fin, 0), (essex, eva, 1)):
        post_id, _ = await held_at(council, uri)
        await vote.vote(council.node, person, post_id, [choice])
    await three_nodes.settle()
    sent = [line for line in three_nodes.router.take() if line.startswith("POST")]
    # Each vote goes to its author and nowhere else; nothing else is told yet.
    assert sent == ["POST https://devon.example/people/dee/inbox"] * 2
    assert await counts(devon, uri) == [1, 1]

    await pass_time(three_nodes, seconds=59)
    assert [line for line in three_nodes.router.take() if line.startswith("POST")] == []
    await pass_time(three_nodes, seconds=2)
    assert len([line for line in three_nodes.router.take() if line.startswith("POST")]) > 0
    for council in three_nodes:
        assert await counts(council, uri) == [1, 1], council.host
        found = await council.post(uri)
        assert found is not None
        assert (found.edited_at, found.type, found.title) == (None, "Question", "Which depot?")
    assert (await held_at(kent, uri))[1].voters_count == 2

    # Until somebody votes again, nothing is told; then it ends.
    await pass_time(three_nodes, minutes=5)
    assert [line for line in three_nodes.router.take() if line.startswith("POST")] == []
    await pass_time(three_nodes, hours=1)
    for council, person in ((devon, dee), (kent, fin), (essex, eva)):
        assert await told_of_end(council, person) == 1, council.host
        with pytest.raises(Invalid, match="already ended"):
            await vote.vote(council.node, person, (await held_at(council, uri))[0], [0])


async def test_a_poll_that_many_vote_in_keeps_one_update(two_nodes: Network) -> None:
    kent, devon = two_nodes
    fin = await kent.person("fin")
    await kent.community("floods", fin)
    dee = await member(devon, "dee")
    await two_nodes.settle()
    asked = await kent.publish(fin, "@floods Which depot?", poll=ASKED)
    uri = await kent.uri_of(asked)
    await two_nodes.settle()
    await vote.vote(devon.node, dee, (await held_at(devon, uri))[0], [0])
    await two_nodes.settle()
    await pass_time(two_nodes, minutes=1)
    await vote.vote(kent.node, await kent.person("gil"), asked, [1])
    await pass_time(two_nodes, minutes=1)
    assert await counts(devon, uri) == [1, 1]
    kept = await kent.node.store.read(activities.of_post, asked)
    assert [one.type for one in kept] == ["Create", "Update"]


async def test_an_edit_that_asks_something_else_begins_anew_everywhere(two_nodes: Network) -> None:
    kent, devon = two_nodes
    fin, dee = await kent.person("fin"), await devon.person("dee")
    found = await fetch.handle(devon.node, "fin", "kent.example")
    assert found is not None
    await follow.follow(devon.node, dee, found)
    await two_nodes.settle()
    asked = await kent.publish(fin, "Which depot?", poll=ASKED)
    uri = await kent.uri_of(asked)
    await two_nodes.settle()
    await vote.vote(devon.node, dee, (await held_at(devon, uri))[0], [0])
    await two_nodes.settle()
    assert await counts(kent, uri) == [1, 0]
    two_nodes.clock.move(timedelta(seconds=2))
    other = PollDraft(options=("East", "West"), seconds=3600)
    await post.edit(kent.node, fin, asked, Draft(text="Which one?", poll=other))
    await two_nodes.settle()
    for council in two_nodes:
        _, poll = await held_at(council, uri)
        assert [(option.title, option.votes_count) for option in poll.options] == [("East", 0), ("West", 0)]


async def test_hidden_totals_do_not_leave_the_node_before_the_end(two_nodes: Network) -> None:
    kent, devon = two_nodes
    fin = await kent.person("fin")
    await kent.community("floods", fin)
    dee = await member(devon, "dee")
    await two_nodes.settle()
    hidden = PollDraft(options=("A", "B"), seconds=3600, hide_totals=True)
    uri = await kent.uri_of(await kent.publish(fin, "@floods Which?", poll=hidden))
    await two_nodes.settle()
    await vote.vote(devon.node, dee, (await held_at(devon, uri))[0], [0])
    await two_nodes.settle()
    two_nodes.router.take()
    await pass_time(two_nodes, minutes=2)
    assert [line for line in two_nodes.router.take() if line.startswith("POST")] == []
    await pass_time(two_nodes, hours=1)
    assert await counts(devon, uri) == [1, 0]


async def test_a_poll_among_members_stays_among_them(shelter: Closed) -> None:
    asked = await shelter.devon.publish(
        shelter.dee, f"@{shelter.shelter.handle}@kent.example Where do we meet?", poll=ASKED
    )
    uri = await shelter.devon.uri_of(asked)
    await shelter.network.settle()
    for council, person, choice in (
        (shelter.kent, shelter.kay, 0),
        (shelter.essex, shelter.eva, 1),
    ):
        await vote.vote(council.node, person, (await held_at(council, uri))[0], [choice])
    await shelter.network.settle()
    await pass_time(shelter.network, minutes=1)
    for council in shelter.network:
        assert await counts(council, uri) == [1, 1], council.host
    posted = [request.body for request in shelter.network.router.seen if request.method == "POST"]
    assert [body for body in posted if b"Where do we meet" in body and b"Public" in body] == []


async def test_who_is_no_member_neither_sees_nor_votes_in_a_poll_among_members(shelter: Closed) -> None:
    asked = await shelter.devon.publish(shelter.dee, "@shelter@kent.example Where do we meet?", poll=ASKED)
    uri = await shelter.devon.uri_of(asked)
    await shelter.network.settle()
    for council, person in ((shelter.kent, shelter.ned), (shelter.devon, shelter.dan), (shelter.kent, None)):
        client = await shelter.client(council, person)
        path = f"/api/v1/polls/{(await held_at(council, uri))[0]}"
        refused = [await client.get(path), await client.post(f"{path}/votes", json={"choices": [0]})]
        assert {one.status_code for one in refused} <= {401, 404}, council.host
        assert [one for one in refused if "depot" in one.text] == []
    assert await counts(shelter.devon, uri) == [0, 0]
