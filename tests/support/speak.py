"""A foreign server: it serves documents, keeps what it is sent, and signs as others do.

The signatures here are made with ``cryptography`` alone, so that what checks them is not also what made them.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.types import Receive, Scope, Send

from activitypub.wire import Request, Response
from fedcop.clock import Clock
from tests.support.hosts import HostRouter

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTIVITY = "application/activity+json"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Give a key, the same for a name all through a test run: making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(name: str) -> str:
    """Give the public half of a key."""
    return (
        key(name)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def signed(
    method: str,
    url: str,
    body: bytes,
    *,
    key_id: str,
    by: str,
    now: datetime,
    covering: tuple[str, ...] = (),
    **changed: str,
) -> Request:
    """Give a request signed in the draft-cavage way that Mastodon uses; ``changed`` replaces headers.

    ``covering`` names headers that are signed besides the usual ones.
    """
    parts = urlsplit(url)
    headers = {
        "host": parts.netloc,
        "date": now.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "accept": ACTIVITY,
    }
    covered = ["(request-target)", "host", "date"]
    if method == "POST":
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers |= {"digest": f"SHA-256={digest}", "content-type": ACTIVITY}
        covered += ["digest", "content-type"]
    covered += covering
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    target = f"{method.lower()} {parts.path}" + (f"?{parts.query}" if parts.query else "")
    base = "\n".join(f"{name}: {target if name == '(request-target)' else headers[name]}" for name in covered)
    signature = base64.b64encode(key(by).sign(base.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    names = " ".join(covered)
    headers["signature"] = (
        f'keyId="{key_id}",algorithm="rsa-sha256",headers="{names}",signature="{signature}"'
    )
    return Request(method=method, url=url, headers=tuple(headers.items()), body=body)


class Peer:
    """A server of other software, at a host of its own."""

    def __init__(self, host: str, router: HostRouter, clock: Clock, *, software: str = "mastodon") -> None:
        self.host = host
        self.base = f"https://{host}"
        self.router = router
        self.clock = clock
        self.documents: dict[str, Any] = {}
        self.received: list[dict[str, Any]] = []
        self.status: dict[str, int] = {}
        self.once: dict[str, Callable[[], None]] = {}  # what changes as a path is asked for
        self.put("/nodeinfo/2.1", {"version": "2.1", "software": {"name": software, "version": "1.0"}})
        self.put(
            "/.well-known/nodeinfo",
            {
                "links": [
                    {
                        "rel": "http://nodeinfo.diaspora.software/ns/schema/2.1",
                        "href": f"{self.base}/nodeinfo/2.1",
                    }
                ]
            },
        )
        router.add(host, self)

    def put(self, path: str, document: dict[str, Any]) -> None:
        """Serve a document at a path."""
        self.documents[path] = document

    def uri(self, name: str) -> str:
        return f"{self.base}/users/{name}"

    def person(self, name: str, *, type: str = "Person", **more: Any) -> str:
        """Serve an actor with its key and WebFinger, and give its id."""
        uri = self.uri(name)
        document = {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": uri,
            "type": type,
            "preferredUsername": name,
            "name": name.title(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "url": f"{self.base}/@{name}",
            "endpoints": {"sharedInbox": f"{self.base}/inbox"},
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": pem(uri)},
        }
        self.put(f"/users/{name}", document | more)
        self.put(
            f"/.well-known/webfinger?resource=acct:{name}@{self.host}",
            {
                "subject": f"acct:{name}@{self.host}",
                "links": [{"rel": "self", "type": ACTIVITY, "href": uri}],
            },
        )
        return uri

    async def post(self, url: str, activity: dict[str, Any], *, by: str | None = None, **changed: Any) -> int:
        """Sign an activity as its actor, or with another key, send it and give the status."""
        actor = activity["actor"]
        body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams"} | activity).encode()
        request = signed(
            "POST",
            url,
            body,
            key_id=f"{actor}#main-key",
            by=by or actor,
            now=self.clock.now(),
            **changed,
        )
        return (await self.router.send(request)).status

    async def get(self, url: str, *, by: str, **changed: str) -> Response:
        """Send a signed GET as one of the actors here."""
        request = signed("GET", url, b"", key_id=f"{by}#main-key", by=by, now=self.clock.now(), **changed)
        return await self.router.send(request)

    def sent(self, type: str) -> list[dict[str, Any]]:
        """Give the activities of a type that this server was sent."""
        return [activity for activity in self.received if activity["type"] == type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        status, answer = self._answer(scope["method"], path, scope["query_string"].decode(), body)
        content_type = b"application/jrd+json" if "webfinger" in path else ACTIVITY.encode()
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", content_type)]}
        )
        await send({"type": "http.response.body", "body": answer})

    def _answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, bytes]:
        if path in self.once:
            self.once.pop(path)()
        if path in self.status:
            return self.status[path], b""
        if method == "POST":
            self.received.append(json.loads(body))
            return 202, b""
        found = self.documents.get(f"{path}?{query}" if query else path)
        return (200, json.dumps(found).encode()) if found is not None else (404, b"")
