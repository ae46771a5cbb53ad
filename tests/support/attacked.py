"""A node that is attacked, and the two servers from which it is: one of them understands communities."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.sig import proof
from activitypub.sig.keys import PrivateKey
from fedcop import fetch
from storage import actors, received
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.support.network import Council, Network
from tests.support.speak import Peer


class Scene:
    """Kent with ada, who leads the community makers; surrey with sam and bea; lemmy with its community."""

    def __init__(self, network: Network, kent: Council, ada: Actor, makers: Actor) -> None:
        self.network, self.kent, self.ada, self.makers = network, kent, ada, makers
        self.surrey = network.peer("surrey.example")
        self.lemmy = network.peer("lemmy.example", software="lemmy")
        self.sam, self.bea, self.cal = (
            self.surrey.person("sam"),
            self.surrey.person("bea"),
            self.lemmy.person("cal"),
        )

    async def send(self, peer: Peer, activity: dict[str, Any], *, path: str = "/inbox", **how: Any) -> int:
        """Let a peer send an activity and everything follow from it; give what the inbox answered."""
        status = await peer.post(self.kent.url(path), activity, **how)
        await self.network.settle()
        return status

    async def known(self, uri: str) -> Actor:
        found = await self.kent.node.store.read(actors.find_by_uri, SYSTEM, uri)
        assert found is not None
        return found

    async def stored(self) -> int:
        """Give how many activities were accepted."""
        return sum(count.n for count in await self.kent.node.store.read(received.counts))

    def proved(self, activity: dict[str, Any]) -> dict[str, Any]:
        """Give an activity with the proof of sam, whose document lists the key."""
        key = PrivateKey(Ed25519PrivateKey.from_private_bytes(b"s" * 32))
        key_id = f"{self.sam}#ed25519-key"
        listed = {"id": key_id, "controller": self.sam, "publicKeyMultibase": key.public_text}
        self.surrey.documents["/users/sam"]["assertionMethod"] = [listed | {"type": "Multikey"}]
        context = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"]
        now = self.network.clock.now()
        return proof.make({"@context": context} | activity, key_id=key_id, created=now, sign=key.sign)

    async def joins_planning(self) -> Actor:
        """Let ada join the community of the lemmy server."""
        uri = self.lemmy.person("planning", type="Group", attributedTo=f"{self.lemmy.uri('planning')}/mods")
        found = await fetch.actor(self.kent.node, uri)
        await self.kent.follow(self.ada, found)
        await self.network.settle()
        (asked,) = self.lemmy.sent("Follow")
        await self.send(self.lemmy, {"id": f"{uri}/a", "type": "Accept", "actor": uri, "object": asked})
        self.network.router.take()
        return found
