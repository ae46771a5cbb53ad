"""One node with people of its own and of others, and a look at what it queued for the wire."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fedcop.actions import post
from fedcop.actions.post import Draft
from storage import actors, follows, notifications, peers, posts, visible
from storage.actors import Actor, NewActor
from storage.engine import Reader, Transaction
from storage.follows import NewFollow
from storage.ids import ActorId, PostId
from storage.notifications import Notification
from storage.pages import Page
from storage.posts import NewPost, Post
from storage.row import Row
from storage.visible import SYSTEM
from tests.support.network import KINDS, Council


class Sent(msgspec.Struct, frozen=True):
    """One activity as it waits for one inbox."""

    inbox: str
    document: dict[str, Any]
    body: bytes

    @property
    def form(self) -> str:
        """Say what it is: ``Create Page``, ``Announce Create Page``, or ``Announce`` of an id."""
        return _form(self.document)


def _form(document: Any) -> str:
    if not isinstance(document, dict):
        return ""
    return f"{document['type']} {_form(document.get('object'))}".strip()


class _Queued(Row):
    id: int
    inbox: str
    body: bytes


QUEUED = """
SELECT d.id, d.inbox, b.body FROM deliveries AS d JOIN bodies AS b ON b.id = d.body_id WHERE d.id > :after
 ORDER BY d.id
"""


@dataclass
class Scene(Council):
    """A council with neighbours that are only rows, and a view of its queue."""

    seen: int = field(default=0)

    async def remote(
        self, handle: str, host: str, *, kind: str = "group", software: str = "x", **more: Any
    ) -> Actor:
        """Give somebody of another node, whose host is a peer of a kind."""
        uri, now = f"https://{host}/users/{handle}", self.node.clock.now()
        given = {
            "type": "Person",
            "inbox": f"{uri}/inbox",
            "shared_inbox": f"https://{host}/inbox",
            "followers_uri": f"{uri}/followers",
            "findable": "hidden",  # as other software has it that recommends nobody
        } | more
        new = NewActor(
            uri=uri,
            handle=handle,
            host=host,
            domain=host,
            local=False,
            display_name=handle.title(),
            created_at=now,
            updated_at=now,
            fetched_at=now,
            **given,
        )
        actor_id = await self.node.store.write(actors.upsert, new, actor_id=ActorId(self.node.ids.next(now)))
        await self.node.store.write(
            peers.set_software, host, software=software, version="1", kind=kind, now=self.node.clock.now()
        )
        return await self.actor(actor_id)

    async def actor(self, actor_id: ActorId) -> Actor:
        """Give an actor as it is now."""
        found = await self.node.store.read(actors.find, SYSTEM, actor_id)
        assert found is not None
        return found

    async def joined(self, actor: Actor, target: Actor, *, accepted: bool = True, **more: Any) -> None:
        """Make somebody follow a person or be a member of a community."""
        now = self.node.clock.now()
        new = NewFollow(
            id=self.node.ids.next(now),
            follower_id=actor.id,
            target_id=target.id,
            uri=f"{actor.uri}/follows/{target.handle}",
            requested_at=now,
            accepted_at=now if accepted else None,
            **more,
        )
        await self.node.store.write(follows.add, new)

    async def theirs(self, author: Actor, *, number: int = 1, **more: Any) -> Post:
        """Give a post by somebody of another node, held here."""
        now, uri = self.node.clock.now(), f"https://{author.host}/posts/{number}"
        post_id = PostId(self.node.ids.next(now))
        given = {"type": "Note", "content": "<p>Hello</p>", "audience": "public", "root_id": post_id} | more
        new = NewPost(
            id=post_id,
            uri=uri,
            url=uri,
            host=author.host,
            local=False,
            author_id=author.id,
            published_at=now,
            **given,
        )
        assert await self.node.store.write(posts.add, new)
        return await self.held(post_id)

    async def write(self, author: Actor, text: str = "Hello", **more: Any) -> Post:
        """Publish a post and give it."""
        return await self.held(await post.publish(self.node, author, Draft(text=text, **more)))

    async def held(self, post_id: PostId) -> Post:
        """Give a post as it is now."""
        found = await self.node.store.read(posts.find, SYSTEM, post_id)
        assert found is not None
        return found

    async def sent(self) -> list[Sent]:
        """Give what was queued since the last time, in order."""
        rows = await self.node.store.read(_queued, self.seen)
        self.seen = max([self.seen, *[row.id for row in rows]])
        return [Sent(row.inbox, msgspec.json.decode(row.body), row.body) for row in rows]

    async def forms(self) -> list[tuple[str, str]]:
        """Give inbox and form of what was queued since the last time, sorted."""
        return sorted((sent.inbox, sent.form) for sent in await self.sent())

    async def delivered(self) -> None:
        """Let everything that waits have reached its inbox."""
        await self.node.store.write(_clear)

    async def notices(self, me: Actor) -> list[Notification]:
        """Give what a person was told, the latest first."""
        return await self.node.store.read(
            notifications.page, visible.person(me.id), me.id, Page(limit=40), types=KINDS
        )

    async def rows(self, sql: str, **parameters: Any) -> Sequence[Any]:
        """Give the first column of a statement, for what no function shows."""
        return await self.node.store.read(_values, sql, parameters)


async def _queued(read: Reader, after: int) -> list[_Queued]:
    return await read.all(_Queued, QUEUED, after=after)


async def _clear(tx: Transaction) -> None:
    for table in ("deliveries", "bodies", "queues"):
        await tx.execute(f"DELETE FROM {table}")


async def _values(read: Reader, sql: str, parameters: dict[str, Any]) -> list[Any]:
    return await read.values(sql, **parameters)
