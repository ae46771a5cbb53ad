"""The vocabulary: ActivityStreams objects as frozen values."""

from activitypub.vocab.activities import Activity, Object
from activitypub.vocab.actors import Actor, Endpoints, Multikey, PublicKey
from activitypub.vocab.collections import Collection
from activitypub.vocab.objects import (
    Attachment,
    Location,
    Option,
    Post,
    QuoteAuthorization,
    Source,
    Tag,
    Tombstone,
)
from activitypub.vocab.thing import Thing, Unknown

__all__ = [
    "Activity",
    "Actor",
    "Attachment",
    "Collection",
    "Endpoints",
    "Location",
    "Multikey",
    "Object",
    "Option",
    "Post",
    "PublicKey",
    "QuoteAuthorization",
    "Source",
    "Tag",
    "Thing",
    "Tombstone",
    "Unknown",
]
