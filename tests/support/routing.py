"""A question in a community of one council, whoever may know of it in others, and the hours that pass."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fedcop import fetch
from fedcop.actions import ask, respond
from fedcop.actions.post import Draft
from fedcop.knowledge import working_time
from fedcop.workers import broker
from storage import actors, escalations, posts, practices, referrals, visible
from storage.actors import Actor
from storage.engine import Transaction
from storage.escalations import Step
from storage.ids import ActorId, PostId
from storage.posts import Post
from storage.practices import Practice
from storage.referrals import Referral
from storage.row import Row
from storage.visible import SYSTEM
from tests.support.network import Council, Network

SERVICE = "service/431"  # Pest control
TITLE = "Who has trapped rats in a listed barn?"

ASKED: dict[str, Any] = {"need": "They gnaw.", "community": "@pests@kent.example", "services": (SERVICE,)}

PUT = "UPDATE actors SET practice = :practice WHERE id = :actor_id"
NOTES = """
SELECT p.id FROM posts AS p JOIN mentions AS m ON m.post_id = p.id
 WHERE m.actor_id = :actor_id AND p.audience = 'direct' AND p.removed_at IS NULL ORDER BY p.id
"""


@dataclass
class Scene:
    """Kent's community pests: fin leads it, devon's dee asks, essex's eve knows and is no member.

    Where one node is alone, all three are of it; then they are of one council, and eve is a member.
    """

    network: Network
    kent: Council
    devon: Council
    essex: Council
    fin: Actor
    dee: Actor
    eve: Actor
    pests: Actor

    async def ask(self, title: str = TITLE, **more: Any) -> Post:
        """Let dee ask, and let the community's node have it."""
        post_id = await ask.publish(
            self.devon.node,
            self.dee,
            ask.Draft(**{**ASKED, "title": title, **more}),
        )
        await self.settle()
        return await here(self.kent, await self.devon.uri_of(post_id))

    async def hours(self, number: float) -> None:
        """Let so many working hours pass, at most eight at a time, and everything that follows happen."""
        clock = self.network.clock
        while number > 0:
            due = working_time.after(clock.now(), timedelta(hours=min(number, 8)), "england")
            clock.move(due - clock.now() + timedelta(seconds=1))
            await self.settle()
            number -= 8

    async def settle(self) -> None:
        """Run every node's workers until nothing is due at this moment."""
        await self.network.settle()
        while any([await broker.work(council.node) for council in self.network.councils]):
            await self.network.settle()

    async def asked(self, ask: Post) -> list[str]:
        """Give who was asked for an ask, and what came of it."""
        rows: list[Referral] = await self.kent.node.store.read(referrals.of_ask, ask.id)
        named = await self.kent.node.store.read(actors.by_ids, SYSTEM, [row.person_id for row in rows])
        return [f"{one.handle} {row.state}" for one, row in zip(named, rows, strict=True)]

    async def steps(self, ask: Post) -> list[str]:
        """Give the steps that were taken on an ask, with how many were asked."""
        steps: list[Step] = await self.kent.node.store.read(escalations.steps, ask.id)
        return [f"{one.step} {one.asked}" for one in steps]


async def opened(network: Network, **community: Any) -> Scene:
    """Open three nodes, a community and what its people know of each other."""
    kent, devon, essex = [await network.open(f"{name}.example") for name in ("kent", "devon", "essex")]
    fin, dee, eve = await kent.person("fin"), await devon.person("dee"), await essex.person("eve")
    pests = await kent.community("pests", fin, **community)
    await join(devon, dee, pests, network)
    await offers(kent, await met(kent, eve))
    return Scene(network, kent, devon, essex, fin, dee, eve, pests)


async def alone(kent: Council, network: Network, **community: Any) -> Scene:
    """Open one node with the same people, all of it: what stays within a node is told quicker."""
    fin, dee, eve = [await kent.person(name) for name in ("fin", "dee", "eve")]
    pests = await kent.community("pests", fin, **community)
    for person in (dee, eve):
        await kent.follow(person, pests)
    await offers(kent, eve)
    return Scene(network, kent, kent, kent, fin, dee, eve, pests)


async def join(council: Council, person: Actor, community: Actor, network: Network) -> None:
    """Let somebody of another node join an open community."""
    await fetch.actor(council.node, community.uri)
    await council.follow(person, community)
    await network.settle()


async def met(council: Council, person: Actor) -> Actor:
    """Let a node hold an actor of another, as from a directory."""
    found = await fetch.actor(council.node, person.uri)
    assert found is not None
    return found


async def offers(council: Council, person: Actor, *services: str) -> None:
    """Let a node know that somebody may be asked about services."""
    text = practices.text_of(Practice(offers=services or (SERVICE,)))
    await council.node.store.write(_offers, person.id, text)


async def _offers(tx: Transaction, actor_id: ActorId, text: str) -> None:
    await tx.execute(PUT, actor_id=actor_id, practice=text)
    await tx.execute("UPDATE actors SET findable = 'nodes' WHERE id = :actor_id", actor_id=actor_id)
    await practices.put(tx, actor_id, text)


async def here(council: Council, uri: str) -> Post:
    """Give the post that a node holds under an id."""
    found = await council.post(uri)
    assert found is not None, f"{uri} is not held at {council.host}"
    return found


async def notes(council: Council, person: Actor) -> list[Post]:
    """Give the direct notes that somebody got, the first first."""
    ids = await council.node.store.read(_note_ids, person.id)
    found = [await council.node.store.read(posts.find, visible.person(person.id), one) for one in ids]
    return [one for one in found if one is not None]


class _Id(Row, frozen=True):
    id: PostId


async def _note_ids(read: Any, actor_id: ActorId) -> list[PostId]:
    return [row.id for row in await read.all(_Id, NOTES, actor_id=actor_id)]


async def answer(council: Council, person: Actor, note: Post, text: str, **more: Any) -> PostId:
    """Let somebody answer a note privately, as a client does."""
    draft = Draft(text=text, audience="direct", in_reply_to=note.id, **more)
    return await respond.publish(council.node, person, draft)
