"""One node with a community, and two foreign servers: one like Mastodon, one that understands communities."""

from dataclasses import dataclass
from typing import Any

import pytest

from fedcop import fetch
from storage import received
from storage.actors import Actor
from storage.received import Count
from tests.support.network import Council, Network
from tests.support.speak import PUBLIC, Peer


@dataclass
class Scene:
    """Kent's community makers with its facilitator fin and member ada, and peers that may talk with it."""

    network: Network
    kent: Council
    surrey: Peer
    lemmy: Peer
    fin: Actor
    ada: Actor
    makers: Actor

    async def arrives(self, peer: Peer, activity: dict[str, Any]) -> None:
        """Let a peer send an activity to the shared inbox, and everything that follows from it happen."""
        assert await peer.post(self.kent.url("/inbox"), activity) == 202
        await self.network.settle()

    async def join(self, peer: Peer, name: str) -> str:
        """Let a person of a peer join the community; give the person's id."""
        uri = peer.uri(name)
        follow = {"id": f"{uri}/follow", "type": "Follow", "actor": uri, "object": self.makers.uri}
        await self.arrives(peer, follow)
        return uri

    async def planning(self) -> Actor:
        """Let ada join the community of the lemmy server, and give its row."""
        uri = self.lemmy.uri("planning")
        found = await fetch.actor(self.kent.node, uri)
        await self.kent.follow(self.ada, found)
        await self.network.settle()
        (asked,) = self.lemmy.sent("Follow")
        answer = {"id": f"{uri}/accept", "type": "Accept", "actor": uri, "object": asked}
        await self.arrives(self.lemmy, answer)
        self.network.router.take()
        return found

    async def outcomes(self) -> dict[str, int]:
        """Give how many received activities ended in which way."""
        counts: list[Count] = await self.kent.node.store.read(received.counts)
        return {count.state: count.n for count in counts}


@pytest.fixture
async def scene(kent: Council, network: Network) -> Scene:
    surrey = network.peer("surrey.example")
    for name in ("sam", "bea"):
        surrey.person(name)
    lemmy = network.peer("lemmy.example", software="lemmy")
    lemmy.person("cal")
    planning = lemmy.uri("planning")
    lemmy.person(
        "planning", type="Group", attributedTo=f"{planning}/moderators", featured=f"{planning}/featured"
    )
    fin, ada = await kent.person("fin"), await kent.person("ada")
    makers = await kent.community("makers", fin)
    return Scene(network, kent, surrey, lemmy, fin, ada, makers)


def note(peer: Peer, number: int, text: str, **more: Any) -> dict[str, Any]:
    """Give a public note by sam, or whoever ``attributedTo`` says."""
    return {
        "id": f"{peer.base}/notes/{number}",
        "type": "Note",
        "attributedTo": peer.uri("sam"),
        "to": [PUBLIC],
        "cc": [],
        "content": f"<p>{text}</p>",
        "published": "2026-03-02T11:00:00Z",
    } | more


def create(document: dict[str, Any]) -> dict[str, Any]:
    """Give the Create of a post."""
    return {
        "id": f"{document['id']}/activity",
        "type": "Create",
        "actor": document["attributedTo"],
        "to": document["to"],
        "cc": document["cc"],
        "object": document,
    }


def act(peer: Peer, kind: str, number: int, about: Any, *, by: str = "sam", **more: Any) -> dict[str, Any]:
    """Give an activity of somebody at a peer."""
    return {
        "id": f"{peer.base}/activities/{number}",
        "type": kind,
        "actor": peer.uri(by),
        "object": about,
    } | more


def announced(peer: Peer, number: int, inner: Any, *, by: str = "planning") -> dict[str, Any]:
    """Give the Announce by which a community passes something on."""
    uri = peer.uri(by)
    return {
        "id": f"{peer.base}/announces/{number}",
        "type": "Announce",
        "actor": uri,
        "to": [PUBLIC],
        "cc": [f"{uri}/followers"],
        "object": inner,
    }
