"""The public key behind a key id: from memory, from the store, or fetched once (federation.md 2.3)."""

from datetime import datetime, timedelta

from activitypub import fetching
from activitypub.document import Document
from activitypub.errors import RemoteFault, Unsigned
from activitypub.fetching import KeyFound
from activitypub.origin import ensure_same_origin, host_of
from activitypub.sig import keys as sig_keys
from fedcop.errors import PeerTrouble, Withheld
from fedcop.fetch.discovery import stub
from fedcop.fetch.documents import document, ensure_allowed
from fedcop.memory import HeldKey
from fedcop.node import Node
from storage import keys
from storage.keys import PublicKeyRow

# A key is asked for again at most this often, however many requests fail with it.
AGAIN_AFTER = timedelta(minutes=5)
# A look-up that failed is not repeated sooner; below Mastodon's five minutes, so that we recover first.
FAILED_FOR = timedelta(minutes=1)
# Keys of one host asked for within a minute. Anybody may claim a key there, and each claim costs its host an
# answer; beyond this whoever sends is told to come again, so nothing is lost.
MOST_LOOK_UPS = 300
MINUTE = timedelta(minutes=1)


async def key(node: Node, key_id: str, *, fresh: bool = False) -> HeldKey:
    """Give the key and its owner's id; with ``fresh`` ask its origin again, since a signature failed.

    Raises ``Unsigned`` when there is no such key or it may not be asked for again yet, ``PeerTrouble``
    when its origin gives no answer.
    """
    if not fresh:
        held = node.memory.keys.get(key_id) or await _stored(node, key_id)
        if held is not None:
            return held
    ensure_allowed(node, host_of(key_id))
    now = node.clock.now()
    if fresh and not node.memory.may_try(f"key {key_id}", now=now, every=AGAIN_AFTER):
        raise Unsigned(f"{key_id} was asked for again less than {AGAIN_AFTER} ago")
    if (fault := node.memory.failure(key_id, now=now)) is not None:
        raise fault
    if not fresh and (found := node.memory.keys.get(key_id)) is not None:
        return found  # a fetch ended while the store was asked
    _ensure_few(node, host_of(key_id), now)
    return await node.memory.once(f"key {key_id}", lambda: _fetched(node, key_id))


def _ensure_few(node: Node, host: str, now: datetime) -> None:
    name = f"key {host}"
    if node.memory.asked.wait(name, most=MOST_LOOK_UPS, within=MINUTE, now=now):
        raise PeerTrouble(host, f"was asked for {MOST_LOOK_UPS} keys within a minute; come again")
    node.memory.asked.add(name, within=MINUTE, now=now)


async def _stored(node: Node, key_id: str) -> HeldKey | None:
    row = await node.store.read(keys.find_public, key_id)
    if row is None:
        return None
    held = HeldKey(key=_parsed(row.kind, row.public), owner=row.owner, fetched_at=row.fetched_at)
    node.memory.keys.put(key_id, held)
    return held


async def _fetched(node: Node, key_id: str) -> HeldKey:
    try:
        found = await _found(node, key_id)
    except (RemoteFault, PeerTrouble) as error:
        # A key that cannot be believed makes a signature that does not hold, whatever was wrong with it.
        fault = Unsigned(str(error)) if isinstance(error, RemoteFault) else error
        node.memory.keep_failure(key_id, fault, until=node.clock.now() + FAILED_FOR)
        raise fault from error
    now = node.clock.now()
    held = HeldKey(key=_parsed(found.kind, found.public), owner=found.owner, fetched_at=now)
    row = PublicKeyRow(key_id, found.owner, host_of(key_id), found.kind, found.public, now)
    await node.store.write(keys.put_public, row)
    node.memory.keys.put(key_id, held)
    return held


async def _found(node: Node, key_id: str) -> KeyFound:
    """Read the key from its own document, and from its owner's when that document only claims an owner."""
    found = fetching.key_from(await _document(node, key_id.partition("#")[0]), key_id)
    if isinstance(found, KeyFound):
        return found
    ensure_same_origin(found.owner, key_id)
    found = fetching.key_from(await _document(node, found.owner), key_id)
    if not isinstance(found, KeyFound):
        raise Unsigned(f"{key_id} is not among the keys of the actor that it names")
    return found


async def _document(node: Node, uri: str) -> Document:
    try:
        found = await document(node, uri)
    except Withheld:
        return await stub(node, uri)
    if found is None:
        raise Unsigned(f"{uri} holds no key: it is not there")
    # Whoever signs is about to be an author here: the same document gives both, one request less.
    node.memory.keep_document(found, now=node.clock.now())
    return found


def _parsed(kind: str, public: str) -> sig_keys.PublicKey:
    return sig_keys.public_from_pem(public) if kind == "rsa" else sig_keys.public_from_multikey(public)
