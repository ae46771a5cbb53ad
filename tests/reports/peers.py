"""The servers that a case meets: they serve actors, keys, WebFinger and NodeInfo, and take what is posted.

peers.of("devon.example").documents["/notes/1"] = {...}
peers.serve("https://essex.example/gen/*", {"generator": "note N replies to N+1"})
"""

import fnmatch
import ipaddress
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from activitypub.wire import Request
from tests.reports import generators
from tests.support.speak import ACTIVITY, pem

ORIGINALS = {
    "devon.example": {"bea": "Person", "ben": "Person", "dee": "Person", "eve": "Person"},
    "essex.example": {"cal": "Person", "kim": "Person", "planning": "Group"},
    "surrey.example": {"sam": "Person"},
    "rogue.example": {"rex": "Person"},
}
SOFTWARE = {"essex.example": ("lemmy", "1.0")}
MASTODON = ("mastodon", "4.5")
NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/2.1"
OWN_KEYS = 12  # people beside the originals who get a key of their own; making one takes a while

Fill = Callable[[Any], Any]


@dataclass
class Reply:
    """What stands at an address; ``delay`` in seconds, None for never."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float | None = 0.0


@dataclass
class Rule:
    """How an inbox answers: ``replies`` in turn, the last for ever."""

    replies: list[Reply]

    def take(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class Peer:
    """One server."""

    def __init__(self, host: str, all_peers: "Peers") -> None:
        self.host = host
        self.base = f"https://{host}"
        self.down = False
        self.shared_inbox = True
        self.software = SOFTWARE.get(host, MASTODON)
        self.documents: dict[str, Any] = {}
        self.people: dict[str, str] = {}  # their names and actor documents' paths
        self.inbox: Rule | None = None  # of every inbox here
        self.inboxes: dict[str, Rule] = {}  # of one
        self._all = all_peers
        for name, kind in ORIGINALS.get(host, {}).items():
            self.add(name, kind)
        self.add("actor", "Application", path="/actor", handle=host)

    def uri(self, name: str) -> str:
        """Give the id of somebody here."""
        return self.base + self.people.get(name, f"/users/{name}")

    def add(
        self, name: str, kind: str = "Person", *, path: str = "", handle: str = "", key: str = "", **more: Any
    ) -> str:
        """Serve an actor, with WebFinger, and give its id."""
        path = path or (f"/c/{name}" if kind == "Group" else f"/users/{name}")
        self.people[name] = path
        uri = self.base + path
        self._all.keys.setdefault(uri, key or uri)
        self.documents[path] = {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": uri,
            "type": kind,
            "preferredUsername": handle or name,
            "name": name.title(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "url": uri,
            **({"attributedTo": f"{uri}/moderators"} if kind == "Group" else {}),
        } | more
        self._finger(handle or name, uri)
        return uri

    def _finger(self, handle: str, uri: str) -> None:
        subject = f"acct:{handle}@{self.host}"
        links = [{"rel": "self", "type": ACTIVITY, "href": uri}]
        self.documents[f"/.well-known/webfinger?resource={subject}"] = {"subject": subject, "links": links}

    def reply(self, request: Request) -> Reply:
        """Answer a request as this server would."""
        parts = urlsplit(request.url)
        path = parts.path + (f"?{unquote(parts.query)}" if parts.query else "")
        if request.method == "POST":
            rule = self.inboxes.get(parts.path) or self.inbox
            return rule.take() if rule else self._served(path, parts.path) or Reply(202)
        found = self._served(path, parts.path) or self._own(path) or self._own(parts.path)
        return found or Reply(404)

    def _served(self, *paths: str) -> Reply | None:
        """Give what a case serves here, which stands before what this server has by itself.

        An actor of this server is not hidden by an address with a star in it.
        """
        for pattern, served in self._all.served.items():
            for path in paths:
                url = self.base + path
                if url == pattern:
                    return self._all.made(served, pattern, url)
                if (
                    "*" in pattern
                    and path not in self.documents
                    and fnmatch.fnmatchcase(url, _literal(pattern))
                ):
                    return self._all.made(served, pattern, url)
        return None

    def _own(self, path: str) -> Reply | None:
        document = self.documents.get(path) or self._nodeinfo(path)
        if document is None:
            return None
        if isinstance(document, Reply):
            return document
        if path in self.people.values():
            document = self._actor(document)
        kind = "application/jrd+json" if "webfinger" in path else ACTIVITY
        return Reply(200, {"Content-Type": kind}, json.dumps(document).encode())

    def _actor(self, document: dict[str, Any]) -> dict[str, Any]:
        uri = document["id"]
        label = self._all.keys[uri]
        key = {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": pem(label)}
        endpoints = {"endpoints": {"sharedInbox": f"{self.base}/inbox"}} if self.shared_inbox else {}
        return {"publicKey": key} | endpoints | document

    def _nodeinfo(self, path: str) -> dict[str, Any] | None:
        name, version = self.software
        return {
            "/.well-known/nodeinfo": {"links": [{"rel": NODEINFO, "href": f"{self.base}/nodeinfo/2.1"}]},
            "/nodeinfo/2.1": {
                "version": "2.1",
                "software": {"name": name, "version": version},
                "protocols": ["activitypub"],
            },
        }.get(path)


class Peers:
    """Every server of a case, and the names that they have."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}  # an actor's id to the label of the key that it has
        self.served: dict[str, dict[str, Any]] = {}
        self.fill: Fill = lambda value: value
        self.addresses: dict[str, list[str]] = {}
        self._hosts: dict[str, Peer] = {}
        for host in ORIGINALS:
            self.open(host)

    def open(self, host: str) -> Peer:
        """Give the server of a host, a new one if there was none."""
        return self._hosts.get(host) or self._hosts.setdefault(host, Peer(host, self))

    def of(self, host: str) -> Peer | None:
        """Give the server of a host, or None."""
        return self._hosts.get(host)

    def all(self) -> list[Peer]:
        return list(self._hosts.values())

    def addresses_of(self, host: str) -> list[str]:
        """Give to what a name resolves: a public address of its own, unless a case says otherwise."""
        try:
            return [str(ipaddress.ip_address(host.strip("[]")))]
        except ValueError:
            number = zlib.crc32(host.encode()) % 65_000
            return self.addresses.get(host, [f"93.184.{number // 256}.{1 + number % 250}"])

    def serve(self, url: str, what: dict[str, Any]) -> None:
        """Let something stand at an address instead of what would; ``*`` stands for any text."""
        self.served[url] = what
        host = urlsplit(url).hostname
        if host and "*" not in host:
            self.open(host)

    def key_of(self, uri: str) -> str:
        """Give the label of an actor's key; beyond a few people a server has one key for all."""
        if uri not in self.keys and len(self.keys) < OWN_KEYS + sum(map(len, ORIGINALS.values())):
            self.keys[uri] = uri
        return self.keys.get(uri) or f"{urlsplit(uri).hostname} shared"

    def find(self, name: str) -> str | None:
        """Give the id of whom a name means: ``bea``, ``bea@devon.example`` or the id itself."""
        if name.startswith("https://"):
            return name
        name, _, host = name.lstrip("@").partition("@")
        if host:
            return self.open(host).uri(name)
        return next((peer.uri(name) for peer in self.all() if name in peer.people), None)

    def ensure(self, uri: str) -> None:
        """See to it that somebody who is named by their id has a document, unless the case serves one."""
        parts = urlsplit(uri)
        peer = self.open(parts.hostname or "")
        covered = any(fnmatch.fnmatchcase(uri, _literal(pattern)) for pattern in self.served)
        if parts.path not in peer.documents and not covered:
            name = re.sub(r"\W", "", parts.path.rsplit("/", 1)[-1]) or "somebody"
            kind = "Group" if re.match(r"/(c|m|groups?|communit(y|ies))/", parts.path) else "Person"
            peer.add(name, kind, path=parts.path, key=self.key_of(uri))

    def made(self, served: dict[str, Any], pattern: str, url: str) -> Reply:
        """Give what a case serves at an address."""
        delay = served.get("delay_s", 0.0)
        if served.get("never") or served.get("status") == "never":
            delay = None
        if "generator" in served:
            kind, body, status = generators.make(served["generator"], pattern, url)
            return Reply(
                served.get("status", status), {"Content-Type": kind} | served.get("headers", {}), body, delay
            )
        body = self.fill(served.get("body", ""))
        headers = self.fill(served.get("headers") or {})
        if not isinstance(body, str):
            headers = {"Content-Type": ACTIVITY} | headers
            return Reply(served.get("status", 200), headers, json.dumps(body).encode(), delay)
        return Reply(served.get("status", 200), headers, body.encode(), delay)


def _literal(pattern: str) -> str:
    """Give a pattern in which nothing but the star is special."""
    return re.sub(r"([\[?])", r"[\1]", pattern)
