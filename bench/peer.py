"""Foreign servers, all at one port of this process: their documents, their inboxes, their signatures.

async with Peer() as peer:
    ana = peer.person("devon", "ana")
    request = peer.create(site, ana, "<p>Hello</p>")     bytes, ready for ``load.fire``
"""

import asyncio
import itertools
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, cast

import httptools
import msgspec

from activitypub import sending
from activitypub.sig import keys
from bench.site import Site

ACTIVITY = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at a foreign server."""

    host: str
    name: str
    uri: str

    @property
    def followers(self) -> str:
        """Give the id of their followers."""
        return f"{self.uri}/followers"


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A request to an inbox."""

    host: str
    at: float
    body: bytes


class Peer:
    """Answers under every name below ``localhost``; hosts in ``silent`` take a connection and say nothing."""

    def __init__(self) -> None:
        self.key = keys.generate_rsa()
        self.documents: dict[tuple[str, str], bytes] = {}
        self.arrived: list[Arrived] = []
        self.silent: set[str] = set()
        self.given_up = 0  # requests to silent hosts whose sender closed the connection
        self.port = 0
        self._numbers = itertools.count(1)
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self), "127.0.0.1", 0, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()

    def host(self, name: str) -> str:
        """Give a host of this port."""
        return f"{name}.localhost:{self.port}"

    def person(self, server: str, name: str) -> Person:
        """Serve an actor with its key, and give who it is."""
        host = self.host(server)
        person = Person(host=host, name=name, uri=f"http://{host}/users/{name}")
        self._put(host, f"/users/{name}", {
            "@context": CONTEXT, "id": person.uri, "type": "Person", "preferredUsername": name,
            "name": name.title(), "summary": "<p>Works for a council.</p>", "url": f"http://{host}/@{name}",
            "inbox": f"{person.uri}/inbox", "outbox": f"{person.uri}/outbox", "followers": person.followers,
            "endpoints": {"sharedInbox": f"http://{host}/inbox"},
            "publicKey": {
                "id": f"{person.uri}#main-key", "owner": person.uri, "publicKeyPem": self.key.public_text,
            },
        })  # fmt: skip
        self._put(host, f"/.well-known/webfinger?resource=acct:{name}@{host}", {
            "subject": f"acct:{name}@{host}",
            "links": [{"rel": "self", "type": ACTIVITY, "href": person.uri}],
        })  # fmt: skip
        return person

    def create(self, site: Site, person: Person, content: str) -> bytes:
        """Give the signed request by which a new post of theirs comes to a node, as Mastodon writes it."""
        number, now = next(self._numbers), datetime.now(UTC)
        at, note = now.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{person.uri}/statuses/{number}"
        seen_by = {"to": [PUBLIC], "cc": [person.followers]}
        body = json.dumps({
            "@context": CONTEXT, "id": f"{note}/activity", "type": "Create", "actor": person.uri,
            "published": at, **seen_by,
            "object": {
                "id": note, "type": "Note", "summary": None, "inReplyTo": None, "published": at,
                "url": f"http://{person.host}/@{person.name}/{number}", "attributedTo": person.uri, **seen_by,
                "sensitive": False, "atomUri": note, "conversation": f"tag:{person.host},2026:{number}",
                "content": content, "contentMap": {"en": content}, "attachment": [],
                "tag": [{
                    "type": "Hashtag", "name": "#drainage", "href": f"http://{person.host}/tags/drainage",
                }],
                "replies": {"id": f"{note}/replies", "type": "Collection", "first": {
                    "type": "CollectionPage", "partOf": f"{note}/replies", "items": [],
                }},
            },
        }).encode()  # fmt: skip
        unsigned = sending.post(
            body, inbox=f"{site.base}/inbox", key_id=f"{person.uri}#main-key", now=now, user_agent="bench"
        )
        return written(unsigned.signed(self.key.sign(unsigned.base)).headers, "POST", "/inbox", body)

    def reached(self, since: int = 0) -> set[str]:
        """Give the hosts at which something arrived."""
        return {one.host for one in self.arrived[since:]}

    async def wait_for(self, count: int, *, seconds: float = 60.0) -> None:
        """Wait until so many requests have arrived; raise ``TimeoutError`` if they do not."""
        async with asyncio.timeout(seconds):
            while len(self.arrived) < count:  # noqa: ASYNC110 - nothing rings here for every request
                await asyncio.sleep(0.002)

    def _put(self, host: str, target: str, document: dict[str, Any]) -> None:
        self.documents[host, target] = json.dumps(document).encode()


def written(headers: Sequence[tuple[str, str]], method: str, target: str, body: bytes) -> bytes:
    """Write a request as it goes over the wire."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode("ascii") + body


class _Connection(asyncio.Protocol):
    """One connection: a request is read whole and answered at once."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._target = self._host = ""
        self._parts: list[bytes] = []
        self._waits = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._peer.given_up += self._waits

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._target = url.decode("ascii")

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"host":
            self._host = value.decode("ascii")

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        body, self._parts = b"".join(self._parts), []
        if self._host in self._peer.silent:
            self._waits = True
            return
        if self._parser.get_method() == b"POST":
            self._peer.arrived.append(Arrived(host=self._host, at=time.monotonic(), body=body))
            self._answer("202 Accepted", b"")
            return
        document = self._peer.documents.get((self._host, self._target))
        self._answer("404 Not Found" if document is None else "200 OK", document or b"")

    def _answer(self, status: str, body: bytes) -> None:
        assert self._transport is not None
        head = f"HTTP/1.1 {status}\r\nContent-Type: {ACTIVITY}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode("ascii") + body)
