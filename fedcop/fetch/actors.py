"""Actors of other nodes: fetched from their own origin, their handles confirmed by WebFinger, kept a day."""

from datetime import datetime, timedelta

from activitypub import vocab
from activitypub.discovery import webfinger
from activitypub.errors import Malformed, WrongOrigin
from activitypub.origin import ensure_same_origin, host_of, same_origin
from activitypub.vocab import registry
from fedcop.as2 import actors as as2_actors
from fedcop.errors import NotFound, NotPermitted, PeerTrouble
from fedcop.fetch.discovery import finger
from fedcop.fetch.documents import document, ensure_allowed
from fedcop.node import Node
from fedcop.rules import canonical
from storage import actors, keys
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
    ensure_allowed(node, host_of(uri))
    try:
        return await node.memory.once(f"actor {uri}", lambda: _fetched(node, uri, held, None))
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
        found = await _confirmed(node, name, domain)
        return await _behind(node, *found) if found is not None else held
    except PeerTrouble:
        if held is None:
            raise
        return held
    except NotFound:
        return None


def _is_fresh(node: Node, held: Actor) -> bool:
    return held.fetched_at is not None and node.clock.now() - held.fetched_at < FRESH_FOR


async def _confirmed(node: Node, name: str, domain: str) -> tuple[str, str, str] | None:
    """Ask who a handle is: name, domain and id, after at most one step to the domain it prefers."""
    for _ in range(2):
        jrd = await finger(node, domain, f"acct:{name}@{domain}")
        if jrd is None or not jrd.self_uri:
            return None
        preferred, preferred_domain = webfinger.split(jrd.subject)
        preferred, preferred_domain = preferred.lower(), canonical(preferred_domain)
        if (preferred, preferred_domain) == (name, domain):
            return name, domain, jrd.self_uri
        name, domain = preferred, preferred_domain
    raise WrongOrigin(f"WebFinger of {domain} names yet another handle than {name}@{domain}")


async def _behind(node: Node, name: str, domain: str, uri: str) -> Actor:
    """Give the actor to which a confirmed handle leads; its document must bear the name."""
    if node.uris.is_ours(uri):
        raise WrongOrigin(f"@{name}@{domain} claims {uri}, which is ours")
    held = await node.store.read(actors.find_by_uri, SYSTEM, uri)
    ensure_allowed(node, host_of(uri))
    found = await node.memory.once(f"actor {uri}", lambda: _fetched(node, uri, held, domain))
    if found.handle != name:
        raise WrongOrigin(f"@{name}@{domain} leads to {uri}, which calls itself {found.handle}")
    return found


async def _fetched(node: Node, uri: str, held: Actor | None, domain: str | None) -> Actor:
    """Fetch, check and store an actor; ``domain`` is that of a handle confirmed already."""
    got = node.memory.take_document(uri, now=node.clock.now()) or await document(node, uri)
    if got is None:
        raise NotFound(f"{uri} is not there")
    found = registry.read(got)
    if not isinstance(found, vocab.Actor):
        raise Malformed(f"{uri} is a {got.type}; wanted an actor")
    return await store_actor(node, found, held=held, domain=domain)


async def store_actor(
    node: Node, found: vocab.Actor, *, held: Actor | None = None, domain: str | None = None
) -> Actor:
    """Store an actor as its origin states it, with its keys, and give the row."""
    _ensure_whole(found)
    if domain is None:
        same = held is not None and held.handle == found.preferred_username.lower()
        domain = held.domain if held is not None and same else await _domain_of(node, found)
    now = node.clock.now()
    new = as2_actors.actor_from(found, domain=domain, now=now)
    listed = _keys_of(found, now)
    row = await node.store.write(_store, new, ActorId(node.ids.next(now)), listed)
    for key in listed:
        node.memory.keys.pop(key.key_id)  # the next use takes the text just stored
    return row


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
    row = await actors.find(tx, SYSTEM, kept)
    if row is None:
        raise RuntimeError(f"{new.uri} is not there although it was just stored")
    return row


async def _domain_of(node: Node, found: vocab.Actor) -> str:
    """Give the domain of an actor's handle, confirmed by WebFinger from both ends.

    Without an answer it is the host of the id: a host may always speak for handles at itself.
    """
    host, name = host_of(found.id), found.preferred_username.lower()
    if found.type == "Application":
        return host  # nobody addresses a node by handle
    try:
        confirmed = await _confirmed(node, name, host)
    except (PeerTrouble, NotPermitted):
        return host
    if confirmed is None:
        return host
    if (confirmed[0], confirmed[2]) != (name, found.id):
        raise WrongOrigin(f"@{confirmed[0]}@{confirmed[1]} is {confirmed[2]} and not {found.id}")
    return confirmed[1]
