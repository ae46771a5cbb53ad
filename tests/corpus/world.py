"""The servers behind the corpus: each document at its id, with the actors and parents that it names.

Where the corpus has the document of an actor, that is served, with a key of ours; others are made up. Some
of Lemmy's documents come from machines of its developers, with plain http: no node takes that, so their
addresses are read as https.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from tests.corpus.test_corpus import CORPUS, KINDS
from tests.support.network import Network
from tests.support.speak import PUBLIC, Peer, pem

POSTS = ("Page", "Note", "Article", "Question", "Event", "Video")
_COMMUNITY = re.compile(r"/(?:c|communities|category|video-channels)/[^/]+$")


def opened(name: str) -> dict[str, Any]:
    """Give a document as it is sent."""
    found: dict[str, Any] = json.loads(
        (CORPUS / f"{name}.json").read_bytes().replace(b"http://", b"https://")
    )
    return found


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def id_of(value: Any) -> str:
    return str(value["id"] if isinstance(value, dict) else value)


def post_in(document: dict[str, Any]) -> dict[str, Any] | None:
    """Give the post that a document is or holds."""
    while document.get("type") not in POSTS:
        inner = document.get("object")
        if not isinstance(inner, dict):
            return None
        document = inner
    return document


def author_of(post: dict[str, Any]) -> str:
    """Give who wrote a post: of a person and a channel, the person."""
    authors = many(post["attributedTo"])
    people = [one for one in authors if not (isinstance(one, dict) and one["type"] == "Group")]
    return id_of((people or authors)[0])


def communities_of(post: dict[str, Any]) -> list[str]:
    """Give the communities that a post names."""
    named = [id_of(one) for key in ("audience", "to", "cc") for one in many(post.get(key))]
    return list(
        dict.fromkeys(uri for uri in named if uri in many(post.get("audience")) or _is_community(uri))
    )


def _is_community(uri: str) -> bool:
    return bool(_COMMUNITY.search(uri)) and not uri.endswith("/followers")


class World:
    """Every host of the corpus, in one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.peers: dict[str, Peer] = {}
        self.held = {id_of(found): found for name in KINDS if (found := opened(name)).get("inbox")}
        self.handles: dict[str, str] = {}

    def peer(self, uri: str) -> Peer:
        host = urlsplit(uri).netloc
        if host not in self.peers:
            self.peers[host] = self.network.peer(host)
        return self.peers[host]

    def put(self, document: dict[str, Any]) -> None:
        """Serve a document at its id."""
        parts = urlsplit(document["id"])
        path = parts.path or "/"
        self.peer(document["id"]).put(f"{path}?{parts.query}" if parts.query else path, document)

    def actor(self, uri: str, *, type: str = "Person") -> str:
        """Serve an actor, and give the handle under which it is shown."""
        if uri not in self.handles:
            document = self.held.get(uri) or self._made_up(uri, type)
            key = {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": pem(uri)}
            self.put(document | {"publicKey": key})
            name = str(document["preferredUsername"])
            links = [{"rel": "self", "type": "application/activity+json", "href": uri}]
            host = urlsplit(uri).netloc
            resource = f"acct:{name.lower()}@{host}"
            self.peer(uri).put(
                f"/.well-known/webfinger?resource={resource}", {"subject": resource, "links": links}
            )
            self.handles[uri] = f"{name.lower()}@{host}"
        return self.handles[uri]

    def _made_up(self, uri: str, type: str) -> dict[str, Any]:
        name = re.sub(r"\W+", "", urlsplit(uri).path + urlsplit(uri).query)[-28:]
        base = f"https://{urlsplit(uri).netloc}/made-up/{name}"
        return {"id": uri, "type": type, "preferredUsername": name, "inbox": f"{base}/inbox",
                "outbox": f"{base}/outbox", "followers": f"{uri}/followers"}  # fmt: skip

    def parent(self, uri: str) -> None:
        """Serve what a post answers: the corpus' own post where it has it, else one made up."""
        found = next((post for name in KINDS if (post := post_in(opened(name))) and post["id"] == uri), None)
        if found is None:
            author = f"https://{urlsplit(uri).netloc}/made-up/parent"
            found = {"id": uri, "type": "Note", "attributedTo": author, "to": [PUBLIC], "cc": [],
                     "content": "<p>What is answered</p>", "published": "2020-01-01T00:00:00Z"}  # fmt: skip
        for community in communities_of(found):
            self.actor(community, type="Group")
        self.actor(author_of(found))
        self.put(found)
