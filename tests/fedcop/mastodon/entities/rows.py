"""Rows as a store gives them, made by hand."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities.place import Place
from fedcop.policy.pictures import Pictures
from fedcop.uris import Uris
from storage import visible
from storage.actors import Actor
from storage.ids import ActorId

URIS = Uris("https://kent.example", "kent.example")
STRANGER = Caller(viewer=visible.STRANGER)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def at(me: int = 0, gated: frozenset[ActorId] = frozenset()) -> Place:
    """Give the place of an answer to a person."""
    caller = STRANGER if not me else Caller(viewer=visible.person(ActorId(me)), gated=gated)
    return Place(URIS, pictures("https://kent.example", caller.me), caller, NOON)


def pictures(origin: str, reader: ActorId) -> Pictures:
    """Give the addresses of pictures for a reader."""
    return Pictures(origin=origin, reader=reader, key=b"key", now=NOON)


def actor(**changes: Any) -> Actor:
    """Give a person of Devon."""
    values: dict[str, Any] = {
        "id": 7,
        "uri": "https://devon.example/users/dan",
        "type": "Person",
        "handle": "dan",
        "host": "devon.example",
        "domain": "devon.example",
        "local": False,
        "fields": "[]",
        "also_known_as": "[]",
        "author_of": "[]",
        "tabs": "{}",
        "findable": "members",
        "whole": True,
        "state": "active",
        "created_at": NOON,
        "updated_at": NOON,
    }
    blank = {
        field.name: {"str": "", "int": 0, "bool": False}.get(getattr(field.type, "__name__", ""))
        for field in msgspec.structs.fields(Actor)
    }
    row = blank | values | changes
    return msgspec.convert([row[name] for name in Actor.__struct_fields__], Actor)
