"""What a person reads, in a client, of what other servers send to the inbox of the person's node."""

import json
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette

from fedcop import fetch, mastodon
from fedcop.actions import token
from storage import follows, posts
from storage.actors import Actor
from storage.engine import Reader
from storage.follows import NewFollow
from storage.visible import SYSTEM
from tests.support import described
from tests.support.network import Council, Network
from tests.support.speak import signed

OUTCOME = "SELECT state || ': ' || outcome FROM received WHERE uri = :uri"


@dataclass
class Reading:
    """Ada of kent with her client."""

    network: Network
    kent: Council
    ada: Actor
    secret: str
    app: Starlette

    async def follow(self, uri: str) -> Actor:
        """Let ada follow somebody elsewhere, who accepted that; give the row."""
        found, now = await fetch.actor(self.kent.node, uri), self.network.clock.now()
        new = NewFollow(
            id=self.kent.node.ids.next(now),
            follower_id=self.ada.id,
            target_id=found.id,
            uri=f"{self.ada.uri}/follows/{found.id}",
            requested_at=now,
            accepted_at=now,
        )
        await self.kent.node.store.write(follows.add, new)
        return found

    async def send(self, activity: Any, *, by: str) -> int:
        """Let somebody sign and send an activity, and everything follow; give what the inbox answered."""
        body = json.dumps(activity).encode()
        now = self.network.clock.now()
        request = signed("POST", self.kent.url("/inbox"), body, key_id=f"{by}#main-key", by=by, now=now)
        answer = await self.network.router.send(request)
        await self.network.settle()
        return answer.status

    async def outcome(self, uri: str) -> str:
        """Give how an activity ended, and why."""

        async def ended(read: Reader) -> list[Any]:
            return await read.values(OUTCOME, uri=uri)

        return str(next(iter(await self.kent.node.store.read(ended)), "not stored"))

    async def status(self, uri: str) -> dict[str, Any] | None:
        """Give a post as the client reads it; None when it is not held."""
        post = await self.kent.node.store.read(posts.find_by_uri, SYSTEM, uri)
        found: dict[str, Any] | None = None
        if post is not None:
            found = await self.get(f"/api/v1/statuses/{post.id}")
        return found

    async def get(self, path: str) -> Any:
        """Give the JSON of a GET that is to succeed."""
        transport = described.Described(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=self.kent.url("")) as client:
            response = await client.get(path, headers={"authorization": f"Bearer {self.secret}"})
        assert response.status_code == 200, response.text
        return response.json()


async def reading(network: Network, kent: Council) -> Reading:
    """Give ada of kent with her client."""
    ada = await kent.person("ada")
    secret = await token.create(kent.node, "ada", scopes="read", app_name="reader", by="test")
    app = Starlette(routes=mastodon.routes(kent.node))
    app.state.node = kent.node
    return Reading(network, kent, ada, secret, app)
