"""Our own keys, encrypted, and others' as they were fetched."""

from datetime import datetime

from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row


class PrivateKeyRow(Row, frozen=True):
    """A key of one of our actors; ``secret`` is encrypted with the node's key file."""

    actor_id: ActorId
    kind: str
    key_id: str
    secret: bytes
    public: str


class OwnKey(Row, frozen=True):
    """The public half of a key of ours, as an actor document shows it."""

    kind: str
    key_id: str
    public: str


class PublicKeyRow(Row, frozen=True):
    """A key of somebody else, with the actor that owns it."""

    key_id: str
    owner: str
    host: str
    kind: str
    public: str
    fetched_at: datetime


ADD_PRIVATE = """
INSERT INTO private_keys (actor_id, kind, key_id, secret, public, created_at)
VALUES (:actor_id, :kind, :key_id, :secret, :public, :now)
"""


async def add_private(
    tx: Transaction, actor_id: ActorId, kind: str, key_id: str, secret: bytes, public: str, now: datetime
) -> None:
    """Store a key of one of our actors; each has one of a kind."""
    await tx.execute(
        ADD_PRIVATE, actor_id=actor_id, kind=kind, key_id=key_id, secret=secret, public=public, now=now
    )


FIND_PRIVATE = """
SELECT actor_id, kind, key_id, secret, public FROM private_keys WHERE actor_id = :actor_id AND kind = :kind
"""


async def find_private(read: Reader, actor_id: ActorId, kind: str) -> PrivateKeyRow | None:
    """Give the key of a kind with which one of our actors signs."""
    return await read.one(PrivateKeyRow, FIND_PRIVATE, actor_id=actor_id, kind=kind)


PUBLIC_OF = "SELECT kind, key_id, public FROM private_keys WHERE actor_id = :actor_id ORDER BY kind"


async def public_of(read: Reader, actor_id: ActorId) -> list[OwnKey]:
    """Give the public halves of an actor's keys: ed25519, then rsa."""
    return await read.all(OwnKey, PUBLIC_OF, actor_id=actor_id)


FIND_PUBLIC = "SELECT key_id, owner, host, kind, public, fetched_at FROM public_keys WHERE key_id = :key_id"


async def find_public(read: Reader, key_id: str) -> PublicKeyRow | None:
    """Give a fetched key by its id."""
    return await read.one(PublicKeyRow, FIND_PUBLIC, key_id=key_id)


PUT_PUBLIC = """
INSERT INTO public_keys (key_id, owner, host, kind, public, fetched_at)
VALUES (:key_id, :owner, :host, :kind, :public, :fetched_at)
ON CONFLICT (key_id) DO UPDATE
   SET owner = excluded.owner, host = excluded.host, kind = excluded.kind, public = excluded.public,
       fetched_at = excluded.fetched_at
"""


async def put_public(tx: Transaction, key: PublicKeyRow) -> None:
    """Store a key as it was just fetched."""
    await tx.execute(
        PUT_PUBLIC,
        key_id=key.key_id,
        owner=key.owner,
        host=key.host,
        kind=key.kind,
        public=key.public,
        fetched_at=key.fetched_at,
    )


FORGET_PUBLIC = "DELETE FROM public_keys WHERE key_id = :key_id"


async def forget_public(tx: Transaction, key_id: str) -> None:
    """Forget a fetched key."""
    await tx.execute(FORGET_PUBLIC, key_id=key_id)


FORGET_OWNER = "DELETE FROM public_keys WHERE owner = :owner"


async def forget_owner(tx: Transaction, owner: str) -> None:
    """Forget every fetched key of an actor."""
    await tx.execute(FORGET_OWNER, owner=owner)
