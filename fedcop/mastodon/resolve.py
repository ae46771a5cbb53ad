"""A pasted address or a handle to what it means, asked of its own node when nobody here knows it.

    found = await resolve.found(node, "!floods@devon.example")     an actor, a post, or None

A search is not to fail because a peer is down, not allowed or talks nonsense: then nothing is found.
"""

import re
from urllib.parse import urlsplit

import msgspec

from activitypub.errors import RemoteFault
from activitypub.vocab import registry
from activitypub.vocab.actors import Actor as ActorDocument
from activitypub.vocab.objects import Post as PostDocument
from fedcop import fetch
from fedcop.errors import Refusal
from fedcop.node import Node
from storage import actors, posts, visible
from storage.engine import Reader
from storage.ids import ActorId, PostId

_HANDLE = re.compile(r"(?:acct:)?[@!]?([\w.-]{1,100})@([\w.-]{1,253}(?::\d{1,5})?)", re.IGNORECASE)


class Found(msgspec.Struct, frozen=True):
    """What an address means: an actor, a post, or neither."""

    actor_id: ActorId | None = None
    post_id: PostId | None = None


def handle_of(node: Node, text: str) -> tuple[str, str] | None:
    """Read ``name@host`` with whatever stands before it; None for anything else."""
    match = _HANDLE.fullmatch(text.strip())
    if match is None:
        return None
    name, domain = match.group(1).lower(), match.group(2).lower()
    return name, node.uris.domain if domain == node.uris.host else domain


def is_address(text: str) -> bool:
    """Tell whether somebody pasted an address."""
    try:
        return text.startswith(("https://", "http://")) and bool(urlsplit(text).netloc)
    except ValueError:  # brackets that hold no address
        return False


async def held(read: Reader, text: str) -> Found:
    """Give what an address of a page or an id means, as far as it is held here."""
    actor = await actors.find_by_uri(read, visible.SYSTEM, text)
    if actor is not None:
        return Found(actor_id=actor.id)
    post = await posts.find_by_uri(read, visible.SYSTEM, text)
    return Found(post_id=None if post is None else post.id)


async def found(node: Node, text: str) -> Found:
    """Give what a handle or an address means; what is not held is asked of its own node."""
    handle = handle_of(node, text)
    try:
        if handle is not None:
            actor = await fetch.handle(node, *handle)
            return Found(actor_id=None if actor is None else actor.id)
        return await _address(node, text)
    except (RemoteFault, Refusal, ValueError):
        return Found()


async def _address(node: Node, text: str) -> Found:
    here = await node.store.read(held, text)
    if here != Found() or node.uris.is_ours(text):
        return here
    document = await fetch.document(node, text)
    if document is None or document.id is None:
        return Found()
    node.memory.keep_document(document, now=node.clock.now())
    thing = registry.read(document)
    if isinstance(thing, ActorDocument):
        return Found(actor_id=(await fetch.actor(node, document.id)).id)
    if isinstance(thing, PostDocument):
        return Found(post_id=await fetch.post(node, document.id))
    return Found()
