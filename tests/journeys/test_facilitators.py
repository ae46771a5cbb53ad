"""Facilitators of several nodes: what they remove and put back, close, appoint and decide, seen at each."""

from datetime import timedelta

import pytest

from fedcop import fetch
from fedcop.actions import describe, facilitate, follow, join, moderate, own_post
from fedcop.actions.describe import Description
from fedcop.errors import NotFound
from storage import communities, memberships, notifications, posts, visible
from storage.actors import Actor
from storage.pages import Page
from storage.visible import SYSTEM
from tests.support import closed
from tests.support.network import Council, Network


class Scene:
    """Kent's community floods, led by fin; ben of devon and cal of essex are members."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.kent, self.devon, self.essex = network
        self.fin: Actor
        self.ben: Actor
        self.cal: Actor

    async def begin(self, **more: str) -> str:
        """Let everybody join and ben begin a thread; give its id."""
        self.fin = await self.kent.person("fin")
        await self.kent.community("floods", self.fin, **more)
        self.ben, self.cal = await self.devon.person("ben"), await self.essex.person("cal")
        for council, person in ((self.devon, self.ben), (self.essex, self.cal)):
            await self.ask(council, person)
        await self.network.settle()
        post_id = await self.devon.publish(self.ben, "Which pumps?\n\n@floods@kent.example Two?")
        await self.network.settle()
        return await self.devon.uri_of(post_id)

    async def ask(self, council: Council, person: Actor) -> None:
        found = await fetch.handle(council.node, "floods", "kent.example")
        assert found is not None
        await follow.follow(council.node, person, found)

    async def floods(self, council: Council) -> Actor:
        found = await fetch.handle(council.node, "floods", "kent.example")
        assert found is not None
        return found

    async def texts(self, uri: str) -> list[str]:
        """Give what each node holds under an id."""
        found = [await council.post(uri) for council in self.network]
        return [one.content if one is not None else "-" for one in found]

    async def later(self) -> None:
        """Let what was put off be tried again."""
        await self.network.settle()
        self.network.clock.move(timedelta(minutes=1))
        await self.network.settle()


@pytest.fixture
async def scene(three_nodes: Network) -> Scene:
    return Scene(three_nodes)


async def test_what_was_removed_comes_back_at_every_node_as_it_was(scene: Scene) -> None:
    uri = await scene.begin()
    before = await scene.texts(uri)
    here = await scene.kent.post(uri)
    assert here is not None
    await moderate.remove_post(scene.kent.node, scene.fin, here.id, reason="Off topic")
    await scene.network.settle()
    assert await scene.texts(uri) == ["", "", ""]
    assert await scene.essex.home(scene.cal) == await scene.devon.home(scene.ben) == []

    await moderate.restore_post(scene.kent.node, scene.fin, here.id)
    await scene.later()
    assert await scene.texts(uri) == before
    assert len(await scene.essex.home(scene.cal)) == len(await scene.devon.home(scene.ben)) == 1
    await scene.devon.publish(scene.ben, "Three", in_reply_to=await _held(scene.devon, uri))
    await scene.network.settle()
    again = await scene.kent.post(uri)
    assert again is not None
    assert again.replies_count == 1


async def _held(council: Council, uri: str) -> int:
    found = await council.post(uri)
    assert found is not None
    return found.id


async def test_what_a_facilitator_removed_is_out_of_its_authors_reach_too(scene: Scene) -> None:
    uri = await scene.begin()
    here = await scene.kent.post(uri)
    assert here is not None
    await moderate.remove_post(scene.kent.node, scene.fin, here.id)
    await scene.network.settle()
    with pytest.raises(NotFound):  # what is removed is gone from their view, too
        await own_post.delete(scene.devon.node, scene.ben, await _held(scene.devon, uri))


async def test_a_facilitator_of_another_node_acts_there_and_it_takes_effect_everywhere(scene: Scene) -> None:
    uri = await scene.begin()
    ben = await scene.kent.known(scene.ben)
    await facilitate.appoint(scene.kent.node, scene.fin, await scene.floods(scene.kent), ben)
    await scene.network.settle()
    for council in (scene.devon, scene.essex):
        floods = await scene.floods(council)
        people = await council.node.store.read(communities.facilitators_of, SYSTEM, floods.id)
        assert [one.handle for one in people] == ["fin", "ben"]
    await moderate.lock(scene.devon.node, scene.ben, await _held(scene.devon, uri))
    await describe.describe(
        scene.devon.node, scene.ben, await scene.floods(scene.devon), Description(summary="Pumps")
    )
    await scene.network.settle()
    found = [await council.post(uri) for council in scene.network]
    assert [one.locked for one in found if one is not None] == [True, True, True]
    assert [(await scene.floods(council)).summary for council in scene.network] == ["<p>Pumps</p>"] * 3

    await moderate.remove_post(scene.devon.node, scene.ben, await _held(scene.devon, uri))
    await scene.network.settle()
    assert await scene.texts(uri) == ["", "", ""]


async def test_a_facilitator_of_another_node_decides_who_joins(scene: Scene) -> None:
    await scene.begin()
    ben = await scene.kent.known(scene.ben)
    await scene.kent.community("bids", scene.fin, join_mode="approval")
    bids = await fetch.handle(scene.kent.node, "bids", "kent.example")
    assert bids is not None
    await facilitate.appoint(scene.kent.node, scene.fin, bids, ben)
    await scene.network.settle()
    there = await fetch.handle(scene.essex.node, "bids", "kent.example")
    assert there is not None
    await follow.follow(scene.essex.node, scene.cal, there)
    await scene.network.settle()
    viewer = visible.person(scene.ben.id)
    waiting = await scene.devon.node.store.read(memberships.requests_for, viewer, scene.ben.id, Page(limit=9))
    assert [person.handle for _, person in waiting] == ["cal"]
    assert "follow_request" in await scene.devon.told(scene.ben)

    await join.decide(scene.devon.node, scene.ben, waiting[0][1].id, accept=True)
    await scene.network.settle()
    assert await scene.essex.node.store.read(memberships.is_member, there.id, scene.cal.id)
    assert await scene.devon.node.store.read(memberships.requests_count, viewer, scene.ben.id) == 0


async def test_a_post_that_is_not_taken_is_said_to_its_author(scene: Scene) -> None:
    await scene.begin()
    await scene.kent.community("bids", scene.fin, join_mode="approval")
    await fetch.handle(scene.devon.node, "bids", "kent.example")
    await scene.devon.publish(scene.ben, "Ours\n\n@bids@kent.example Look")
    await scene.network.settle()
    told = await scene.devon.node.store.read(
        notifications.page, visible.person(scene.ben.id), scene.ben.id, Page(limit=9), types=("mention",)
    )
    note = await scene.devon.node.store.read(posts.find, visible.person(scene.ben.id), told[0].post_id)
    assert note is not None
    assert "only members may post in the community bids" in note.content
    assert await scene.devon.node.store.read(posts.find, visible.STRANGER, note.id) is None


async def test_a_post_for_members_comes_back_at_its_community_and_its_author_and_is_asked_for_nowhere(
    network: Network,
) -> None:
    shelter = await closed.opened(network)
    try:
        begun = await shelter.begin(shelter.devon, shelter.dee, "Heron at the weir")
        at_kent = await shelter.held(shelter.kent, await _held(shelter.kent, begun.uri))
        await moderate.remove_post(shelter.kent.node, shelter.fin, at_kent.id)
        await network.settle()
        found = [await council.post(begun.uri) for council in network]
        assert [one.title for one in found if one is not None] == ["", "", ""]
        network.router.take()
        await moderate.restore_post(shelter.kent.node, shelter.fin, at_kent.id)
        await network.settle()
        found = [await council.post(begun.uri) for council in network]
        assert [(one.title, one.audience) for one in found if one is not None] == [
            ("Heron at the weir", "members"),
            ("Heron at the weir", "members"),
            ("", "members"),
        ]
        assert network.fetches() == []
    finally:
        await shelter.close()
