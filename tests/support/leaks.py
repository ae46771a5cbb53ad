"""A members-only community, all that was said there, and those who try to get at it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import msgspec

from activitypub.wire import Request
from fedcop.actions import like, moderate
from fedcop.fetch import documents
from storage import bookmarks, entries, tags
from storage.engine import Reader
from storage.posts import Post
from tests.support.closed import Closed
from tests.support.network import Council
from tests.support.speak import ACTIVITY, Peer

WORDS = ("heron", "weir", "egret", "kingfisher", "otterhaven")

SAID = """
SELECT uri FROM posts WHERE audience = 'members'
UNION SELECT CAST(id AS TEXT) FROM posts WHERE audience = 'members'
UNION SELECT CAST(id AS TEXT) FROM entries WHERE audience = 'members'
UNION SELECT uri FROM activities WHERE audience = 'members'
UNION SELECT wrapped_by FROM activities WHERE audience = 'members' AND wrapped_by IS NOT NULL
UNION SELECT m.name FROM media AS m JOIN posts AS p ON p.id = m.post_id
       WHERE p.audience = 'members' AND m.name IS NOT NULL
"""


@dataclass
class Leaky:
    """The community shelter with two threads, after eva of essex and kit of kent have left it.

    ``first`` is devon's dee's, with a picture and a tag, and kay's ``answer`` in it; ``late`` came after they
    had left. sam is of a server of other software, sal of a fedcop node without a member.
    """

    closed: Closed
    surrey: Council
    mastodon: Peer
    sam: str
    first: Post
    answer: Post
    late: Post
    sealed: dict[str, str]
    announce: bytes
    create: dict[str, Any]
    http: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    @property
    def kent(self) -> Council:
        return self.closed.kent

    async def row(self, council: Council, post: Post) -> int:
        """Give the row id of a post at a node; 1 where it is not held."""
        held = await council.post(post.uri)
        return held.id if held is not None else 1

    async def signed(self, url: str) -> str:
        """Ask as sam's server, with a signature that holds."""
        return text_of(await self.mastodon.get(url, by=self.sam))

    async def unsigned(self, url: str) -> str:
        """Ask as a server without a signature."""
        request = Request(method="GET", url=url, headers=(("accept", ACTIVITY),))
        return text_of(await self.closed.network.router.send(request))

    async def as_node(self, council: Council, url: str) -> str:
        """Ask as a fedcop node, which asks itself for nothing."""
        if council.node.uris.is_ours(url):
            return ""
        return text_of(await documents.get(council.node, url))

    async def secrets(self) -> list[str]:
        """Give every word, id and name that nobody outside is to see."""
        found = [*WORDS]
        for council in self.closed.network:
            found += await council.node.store.read(_said)
        return found


def text_of(answer: Any) -> str:
    """Give all that an answer says: its headers and its body."""
    headers = " ".join(f"{name}: {value}" for name, value in dict(answer.headers).items())
    body = answer.body if hasattr(answer, "body") else answer.content
    return f"{headers} {body.decode('utf-8', 'replace')}"


async def _said(read: Reader) -> list[str]:
    return await read.values(SAID)


Attempt = Callable[[Leaky], Awaitable[list[str]]]


@dataclass(frozen=True)
class Tried:
    """One attempt: who makes it, at what, and what they get."""

    who: str
    what: str
    answer: str
    run: Attempt


class Attempts(list[Tried]):
    """Attempts of a file, each declared beside what it does."""

    def by(self, who: str, what: str, answer: str) -> Callable[[Attempt], Attempt]:
        def declare(run: Attempt) -> Attempt:
            self.append(Tried(who, what, answer, run))
            return run

        return declare

    def table(self) -> list[str]:
        return [f"| {one.what} | {one.who} | {one.answer} |" for one in self]


async def opened(closed: Closed) -> Leaky:
    """Let everything be said and everybody leave who is to have left."""
    kent, devon, essex, network = closed.kent, closed.devon, closed.essex, closed.network
    kit = await kent.person("kit")
    await kent.follow(kit, closed.shelter)
    first = await closed.begin(
        devon, closed.dee, "Heron at the weir @ned@kent.example #otterhaven", picture=True
    )
    at_kent = await kent.post(first.uri)
    at_essex = await essex.post(first.uri)
    assert at_kent is not None
    assert at_essex is not None
    answer = await closed.reply(
        kent, closed.kay, first.uri, "An egret, @dan@devon.example and @eva@essex.example"
    )
    for council, person, post in ((kent, kit, at_kent), (essex, closed.eva, at_essex)):
        await like.like(council.node, person, post.id)
        await council.node.store.write(bookmarks.add, post.id, person.id, post.id)
    for council, person in ((kent, kit), (kent, closed.ned), (essex, closed.eva), (devon, closed.dan)):
        now = council.node.clock.now()
        await council.node.store.write(tags.follow, council.node.ids.next(now), person.id, "otterhaven")
    await moderate.pin(kent.node, closed.fin, at_kent.id)
    await network.settle()
    sealed = {}
    for name, council, person in (("kit", kent, kit), ("eva", essex, closed.eva)):
        client = await closed.client(council, person)
        shown = (await client.get("/api/v1/timelines/home")).json()
        (file,) = next(one["reblog"]["media_attachments"] for one in shown if one["reblog"])
        sealed[name] = file["url"].removeprefix(council.url(""))
    announce = next(
        one.body
        for one in network.router.seen
        if one.url.startswith("https://essex.example") and b"Heron" in one.body
    )
    await closed.leave(kent, kit)
    await closed.leave(essex, closed.eva)
    late = await closed.begin(kent, closed.kay, "Kingfisher")
    surrey = await network.open("surrey.example", client_api={"anonymous": True})
    mastodon = network.peer("mastodon.example")
    leaky = Leaky(
        closed=closed, surrey=surrey, mastodon=mastodon, sam=mastodon.person("sam"),
        first=first, answer=answer, late=late, sealed=sealed,
        announce=announce, create=msgspec.json.decode(announce)["object"],
    )  # fmt: skip
    for name, council, who in (
        ("anybody", kent, None),
        ("anybody at devon", devon, None),
        ("ned", kent, closed.ned),
        ("kit", kent, kit),
        ("dan", devon, closed.dan),
        ("eva", essex, closed.eva),
    ):
        leaky.http[name] = await closed.client(council, who)
    network.router.take()
    # While the clock stands, two nodes may give the same id: what is written from here on has none of those.
    network.clock.move(timedelta(seconds=1))
    return leaky


async def entry_of(council: Council, leaky: Leaky, post: Post) -> int:
    """Give the id under which a client sees the announce of a post."""
    shelter, held = await council.known(leaky.closed.shelter), await council.post(post.uri)
    found = held and await council.node.store.read(entries.find, shelter.id, held.id)
    return found.id if found else 1


def body(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()
