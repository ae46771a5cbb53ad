"""Whoever acts: people, communities, services and nodes, with their keys."""

from datetime import datetime

import msgspec

from activitypub.vocab.objects import Attachment, Source, Tag
from activitypub.vocab.thing import Thing

ACTORS = frozenset({"Person", "Group", "Organization", "Service", "Application"})


class PublicKey(Thing, frozen=True, kw_only=True):
    """A key that signs requests; ``owner`` is what its document claims."""

    id: str
    owner: str
    public_key_pem: str


class Multikey(Thing, frozen=True, kw_only=True):
    """A key that signs proofs, or requests (FEP-521a); ``controller`` is what its document claims."""

    id: str
    controller: str
    public_key_multibase: str


class Endpoints(Thing, frozen=True, kw_only=True):
    """Addresses that an actor shares with others of its node."""

    shared_inbox: str


class Actor(Thing, frozen=True, kw_only=True):
    """Somebody who acts. ``attributed_to`` of a Group names the collection of its facilitators (FEP-1b12)."""

    id: str
    type: str
    preferred_username: str = ""
    name: str | None = None
    summary: str | None = None
    source: Source | None = None
    url: str | None = None
    inbox: str | None = None
    outbox: str | None = None
    followers: str | None = None
    following: str | None = None
    featured: str | None = None
    endpoints: Endpoints | None = None
    public_keys: tuple[PublicKey, ...] = msgspec.field(default=(), name="publicKey")
    assertion_method: tuple[Multikey, ...] = ()
    icon: Attachment | None = None
    image: Attachment | None = None
    attachment: tuple[Attachment, ...] = ()
    tag: tuple[Tag, ...] = ()
    attributed_to: str | None = None
    audience: tuple[str, ...] = ()
    manually_approves_followers: bool = False
    discoverable: bool | None = None
    indexable: bool | None = None
    also_known_as: tuple[str, ...] = ()
    moved_to: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    streams: tuple[str, ...] = ()
