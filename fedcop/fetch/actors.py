"""Actors of other nodes: fetched from their own origin, their handles confirmed by WebFinger, kept a day."""

from datetime import datetime, timedelta

from activitypub import vocab
from activitypub.document import Document
from activitypub.errors import Malformed, WrongOrigin
from activitypub.origin import ensure_same_origin, host_of, same_origin
from activitypub.vocab import registry
from fedcop.as2 import actors as as2_actors
from fedcop.errors import NotFound, PeerTrouble, Withheld
from fedcop.fetch import handles
from fedcop.fetch.discovery import stub
from fedcop.fetch.documents import document, ensure_allowed
from fedcop.fetch.handles import Confirmed
from fedcop.node import Node
from fedcop.rules import canonical
from storage import absent, actors, keys
from storage.actors import Actor, NewActor
from storage.engine import Transaction
from storage.ids import ActorId
from storage.keys import PublicKeyRow
from storage.visible import SYSTEM

FRESH_FOR = timedelta(days=1)


async def actor(node: Node, uri: str, *, fresh: bool = False) -> Actor:
    """Give the actor with this id: held and younger than a day, else fetched from its own origin.

    Raises ``NotFound`` when it is not there, ``NotPermitted`` when its host is not on the list,
    ``RemoteFault`` or ``PeerTrouble`` when it cannot be had; one that is held is given even so.
    """
    held = await node.store.read(actors.find_by_uri, SYSTEM, uri)
    if held is not None and (held.local or (not fresh and _is_fresh(node, held))):
        return held
    if node.uris.is_ours(uri):
        raise NotFound(f"{uri} is nobody here")
    ensure_allowed(node, host_of(uri))
    try:
        return await node.memory.once(f"actor {uri}", lambda: _current(node, uri, fresh=fresh))
    except PeerTrouble:
        if held is None:
            raise
        return held


async def handle(node: Node, name: str, domain: str) -> Actor | None:
    """Give the actor behind ``@name@domain``, looked up by WebFinger if need be; None when there is none."""
    name, domain = name.lower(), canonical(domain)
    held = await node.store.read(actors.find_by_handle, SYSTEM, name, domain)
    if held is not None and (held.local or _is_fresh(node, held)):
        return held
    if domain in (node.uris.domain, node.uris.host):
        return None
    try:
        found = await handles.confirmed(node, name, domain)
        return await _behind(node, found) if found is not None else held
    except PeerTrouble:
        if held is None:
            raise
        return held
    except NotFound:
        return None


async def _current(node: Node, uri: str, *, fresh: bool) -> Actor:
    """Give an actor as it is now; looked for once more, since a fetch may have ended a moment ago."""
    held = await node.store.read(actors.find_by_uri, SYSTEM, uri)
    if held is not None and not fresh and _is_fresh(node, held):
        return held
    return await _fetched(node, uri, held, None)


def _is_fresh(node: Node, held: Actor) -> bool:
    return held.fetched_at is not None and node.clock.now() - held.fetched_at < FRESH_FOR


async def _behind(node: Node, handle: Confirmed) -> Actor:
    """Give the actor to which a handle leads; its document must bear the name, and its host the handle."""
    uri = handle.uri
    if node.uris.is_ours(uri):
        raise WrongOrigin(f"@{handle.name}@{handle.domain} claims {uri}, which is ours")
    held = await node.store.read(actors.find_by_uri, SYSTEM, uri)
    ensure_allowed(node, host := host_of(uri))
    domain = handle.domain if host in handle.hosts else None
    found = await node.memory.once(f"actor {uri}", lambda: _fetched(node, uri, held, domain))
    if found.handle != handle.name:
        raise WrongOrigin(f"@{handle.name}@{handle.domain} leads to {uri}, which calls itself {found.handle}")
    return found


async def _fetched(node: Node, uri: str, held: Actor | None, domain: str | None) -> Actor:
    """Fetch, check and store an actor; ``domain`` is that of a handle confirmed already."""
    got = node.memory.take_document(uri, now=node.clock.now()) or await _document(node, uri, held)
    if got is None:
        raise NotFound(f"{uri} is not there")
    found = registry.read(got)
    if not isinstance(found, vocab.Actor):
        raise Malformed(f"{uri} is a {got.type}; wanted an actor")
    return await store_actor(node, found, held=held, domain=domain)


async def _document(node: Node, uri: str, held: Actor | None) -> Document | None:
    """Fetch an actor's document, or the stub of one not met before whose node does not allow us."""
    try:
        return await document(node, uri)
    except Withheld:
        if held is not None:
            raise
        return await stub(node, uri)


async def store_actor(
    node: Node, found: vocab.Actor, *, held: Actor | None = None, domain: str | None = None
) -> Actor:
    """Store an actor as its origin states it, with its keys, and give the row."""
    _ensure_whole(found)
    if domain is None:
        domain = _kept_domain(node, found, held) or await handles.domain_of(node, found)
    now = node.clock.now()
    new = as2_actors.actor_from(found, domain=domain, now=now)
    listed = _keys_of(found, now)
    row = await node.store.write(_store, new, ActorId(node.ids.next(now)), listed)
    for key in listed:
        node.memory.keys.pop(key.key_id)  # the next use takes the text just stored
    return row


def _kept_domain(node: Node, found: vocab.Actor, held: Actor | None) -> str | None:
    """Give the domain of a handle that was confirmed before; None when it has to be asked for."""
    if held is None or held.handle != found.preferred_username.lower():
        return None
    # That the node's handles end elsewhere became known only after this one was stored.
    return None if held.domain == held.host and held.host in node.domains.values() else held.domain


def _ensure_whole(found: vocab.Actor) -> None:
    """Raise for an actor without what an actor must have, or whose inbox is elsewhere."""
    if not found.inbox or not found.preferred_username:
        raise Malformed(f"{found.id} has no inbox or no name, which an actor must have")
    inboxes = [found.inbox]
    if found.endpoints is not None and found.endpoints.shared_inbox:
        inboxes.append(found.endpoints.shared_inbox)
    # An inbox elsewhere would make us send to whoever the actor's author chooses.
    ensure_same_origin(found.id, *inboxes)


def _keys_of(found: vocab.Actor, now: datetime) -> list[PublicKeyRow]:
    """Give the keys that belong to an actor by their owner and origin; at most ten, as Mastodon reads."""
    rsa = [(key.id, key.owner, "rsa", key.public_key_pem) for key in found.public_keys]
    ed25519 = [
        (key.id, key.controller, "ed25519", key.public_key_multibase) for key in found.assertion_method
    ]
    host = host_of(found.id)
    return [
        PublicKeyRow(key_id, owner, host, kind, public, now)
        for key_id, owner, kind, public in [*rsa, *ed25519][:10]
        if owner == found.id and same_origin(key_id, found.id)
    ]


async def _store(tx: Transaction, new: NewActor, actor_id: ActorId, listed: list[PublicKeyRow]) -> Actor:
    kept = await actors.upsert(tx, new, actor_id=actor_id)
    for key in listed:
        await keys.put_public(tx, key)
    await absent.clear(tx, new.uri)
    row = await actors.find(tx, SYSTEM, kept)
    if row is None:
        raise RuntimeError(f"{new.uri} is not there although it was just stored")
    return row
