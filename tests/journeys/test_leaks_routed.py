"""Routed asks of a community that only its members read reach members, and open nothing to anybody else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from fedcop.actions import refer
from fedcop.as2 import referrals as as2_referrals
from fedcop.errors import Refusal
from storage import posts, referrals, routed, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId
from storage.posts import Post
from tests.support import closed, routing
from tests.support.closed import Closed
from tests.support.leaks import Attempts
from tests.support.network import Council, Network
from tests.support.routing import Scene, notes

ATTEMPTS = Attempts()

SHELTER = "@shelter@kent.example"
ALL = "SELECT id FROM posts"


@dataclass
class Asked:
    """In kent's shelter dee asked twice, and eva, a member, was asked to answer both; then she left.

    The first she answered privately. ned of kent and dan of devon are no members and offer what is needed.
    """

    world: Closed
    scene: Scene
    first: Post
    second: Post

    async def seen(self, council: Council, person: Actor) -> list[str]:
        """Give all that somebody may see at a node of posts that are not public."""
        store = council.node.store
        ids = [PostId(number) for number in await store.read(_all)]
        found = [await store.read(posts.find, visible.person(person.id), one) for one in ids]
        return [f"{one.title} {one.content}" for one in found if one is not None and one.audience != "public"]


async def _all(read: Reader) -> list[int]:
    return await read.values(ALL)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def asked(made: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    """Let two asks go round, once for all attempts."""
    network = Network(made, tmp_path_factory.mktemp("routed"))
    world = await closed.opened(network)
    scene = Scene(
        network, world.kent, world.devon, world.essex, world.fin, world.dee, world.eva, world.shelter
    )
    for person in (world.ned, await routing.met(world.kent, world.dan), await world.kent.known(world.eva)):
        await routing.offers(world.kent, person)
    first = await scene.ask("Who has a heron at the weir?", community=SHELTER)
    second = await scene.ask("Who has an egret?", community=SHELTER)
    await scene.hours(26)
    note = (await notes(world.essex, world.eva))[0]
    await routing.answer(world.essex, world.eva, note, f"{SHELTER} Kingfisher, at otterhaven")
    await scene.settle()
    await world.leave(world.essex, world.eva)
    await scene.hours(60)
    yield Asked(world, scene, first, second)
    await world.close()
    await network.close()


@ATTEMPTS.by(
    "a member's neighbour who knows", "to be asked, by the clock or by a facilitator", "nobody asks them"
)
async def neighbours_are_not_asked(asked: Asked) -> list[str]:
    world, answers = asked.world, []
    for person in (world.ned, await world.kent.known(world.dan)):
        with pytest.raises(Refusal) as refusal:
            await refer.by_hand(world.kent.node, world.fin, asked.second.id, person)
        answers.append(refusal.value.text)
    for council, person in ((world.kent, world.ned), (world.devon, world.dan)):
        answers += await asked.seen(council, person)
    return answers


@ATTEMPTS.by(
    "a member who was asked and has left", "the thread, and an answer in it", "404, and nothing is published"
)
async def access_ends_with_membership(asked: Asked) -> list[str]:
    world = asked.world
    [_, note] = await notes(world.essex, world.eva)
    with pytest.raises(Refusal) as refusal:
        await routing.answer(world.essex, world.eva, note, f"{SHELTER} post Here")
    held = await world.essex.post(asked.second.uri)
    seen = None
    if held is not None:
        seen = await world.essex.node.store.read(posts.find, visible.person(world.eva.id), held.id)
    return [refusal.value.text, "leak" if seen is not None else ""]


@ATTEMPTS.by(
    "other members, and everybody else", "what somebody who was asked answers privately", "nothing is shown"
)
async def private_answers_stay_private(asked: Asked) -> list[str]:
    world = asked.world
    direct = [await asked.seen(world.kent, world.kay), await asked.seen(world.devon, world.dan)]
    return [text for texts in direct for text in texts if "ingfisher" in text]


@ATTEMPTS.by(
    "a hostile community, for a member's neighbour",
    "a routed ask of its own, for an ask there",
    "a note as any other",
)
async def others_cannot_ask_for_it(asked: Asked) -> list[str]:
    world = asked.world
    peer = asked.scene.network.peer("lemmy.example", software="lemmy")
    by = peer.person("planning", type="Group")
    note = {
        "id": f"{peer.base}/notes/1", "type": "Note", "attributedTo": by, "to": [world.dan.uri], "cc": [],
        "content": "<p>Look</p>",
        "tag": [
            {"type": "Mention", "href": world.dan.uri, "name": "@dan"},
            as2_referrals.link_of(asked.second.uri),
        ],
    }  # fmt: skip
    create = {"id": f"{by}/1", "type": "Create", "actor": by, "to": [world.dan.uri], "cc": [], "object": note}
    assert await peer.post(world.devon.url("/inbox"), create) == 202
    await asked.scene.network.settle()
    held = await world.devon.post(asked.second.uri)
    assert held is not None, "a member of devon has it"
    admitted = await world.devon.node.store.read(routed.admits, held.id, world.dan.id)
    return [*await asked.seen(world.devon, world.dan), "leak" if admitted else ""]


@pytest.mark.parametrize("tried", ATTEMPTS, ids=lambda tried: tried.run.__name__)
@pytest.mark.asyncio(loop_scope="module")
async def test_nobody_outside_gets_a_byte(asked: Asked, tried: object) -> None:
    run: Callable[[Asked], Awaitable[list[str]]] = tried.run  # type: ignore[attr-defined]
    answers = " ".join(await run(asked)).lower()
    assert [word for word in ("leak", "heron", "egret", "kingfisher", "otterhaven") if word in answers] == []


@pytest.mark.asyncio(loop_scope="module")
async def test_members_are_asked(asked: Asked) -> None:
    store = asked.world.kent.node.store
    rows = [await store.read(referrals.of_ask, ask.id) for ask in (asked.first, asked.second)]
    assert [len(some) for some in rows] == [1, 1]
    assert [one.state for some in rows for one in some] == ["answered", "open"]
    told = [note.content for note in await notes(asked.world.devon, asked.world.dee)]
    assert any("Kingfisher, at otterhaven" in text for text in told)
