"""A community that only its members read, of three councils: who belongs to it and who does not."""

from dataclasses import dataclass, field

import httpx

from fedcop import fetch
from fedcop.actions import follow, token, upload
from fedcop.server.app import build
from storage import posts
from storage.actors import Actor
from storage.posts import Post
from storage.visible import SYSTEM
from tests.support import described
from tests.support.network import Council, Network
from tests.support.pictures import png

SCOPES = "read write follow push"


@dataclass
class Closed:
    """Kent's community shelter: fin leads it; kay, devon's dee and essex's eva are members.

    ned of kent and dan of devon are not, though a member is on their node.
    """

    network: Network
    kent: Council
    devon: Council
    essex: Council
    fin: Actor
    kay: Actor
    ned: Actor
    dee: Actor
    dan: Actor
    eva: Actor
    shelter: Actor
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def join(self, council: Council, person: Actor) -> None:
        """Let somebody ask to join, and everything that follows from it happen."""
        await fetch.actor(council.node, self.shelter.uri)
        await council.follow(person, self.shelter)
        await self.network.settle()

    async def leave(self, council: Council, person: Actor) -> None:
        """Let somebody leave."""
        await follow.unfollow(council.node, person, await council.known(self.shelter))
        await self.network.settle()

    async def begin(self, council: Council, author: Actor, text: str, *, picture: bool = False) -> Post:
        """Let a member begin a thread, and let it reach everybody."""
        files = []
        if picture:
            files.append((await upload.take(council.node, author, png(), description=text)).id)
        post_id = await council.publish(author, f"@shelter@kent.example {text}", media=tuple(files))
        await self.network.settle()
        return await self.held(council, post_id)

    async def reply(self, council: Council, author: Actor, to: str, text: str, **more: str) -> Post:
        """Let a member answer a post, named by its id, and let that reach everybody."""
        parent = await council.post(to)
        assert parent is not None, f"{to} is not held at {council.host}"
        post_id = await council.publish(author, text, in_reply_to=parent.id, **more)
        await self.network.settle()
        return await self.held(council, post_id)

    async def held(self, council: Council, post_id: int) -> Post:
        found = await council.node.store.read(posts.find, SYSTEM, posts.PostId(post_id))
        assert found is not None
        return found

    async def client(self, council: Council, person: Actor | None) -> httpx.AsyncClient:
        """Give a client of a node's API and pages, signed in as somebody or as nobody."""
        headers = {}
        if person is not None:
            secret = await token.create(council.node, person.handle, scopes=SCOPES, app_name="t", by="t")
            headers["authorization"] = f"Bearer {secret}"
        transport = described.Described(app=build(council.node))
        made = httpx.AsyncClient(
            transport=transport, base_url=council.node.config.node.base_url, headers=headers
        )
        self.clients.append(made)
        return made

    async def close(self) -> None:
        for client in self.clients:
            await client.aclose()


async def opened(network: Network, *, pages: bool = True) -> Closed:
    """Give the community with its members, before anybody has said anything."""
    web = {"web": {"public_pages": pages}, "client_api": {"anonymous": pages}}
    kent, devon, essex = [await network.open(f"{name}.example", **web) for name in ("kent", "devon", "essex")]
    for council in network:
        network.router.add(council.host, build(council.node))
    fin, kay, ned = [await kent.person(name) for name in ("fin", "kay", "ned")]
    dee, dan = await devon.person("dee"), await devon.person("dan")
    eva = await essex.person("eva")
    shelter = await kent.community("shelter", fin, visibility="members")
    closed = Closed(network, kent, devon, essex, fin, kay, ned, dee, dan, eva, shelter)
    await kent.follow(kay, shelter)
    await closed.join(devon, dee)
    await closed.join(essex, eva)
    network.router.take()
    return closed
