"""A document to a value of the vocabulary, by the name of its type; an unknown type is an answer.

match registry.read(document):
    case Activity(type="Create", object=Post() as post): ...
"""

from typing import TypeAlias, TypeVar

import msgspec

from activitypub import values
from activitypub.contexts import compact
from activitypub.document import Document, Json
from activitypub.errors import Malformed
from activitypub.shape import shaped
from activitypub.vocab.activities import ACTIVITIES, Activity, Object
from activitypub.vocab.actors import ACTORS, Actor
from activitypub.vocab.collections import COLLECTIONS, Collection
from activitypub.vocab.objects import POSTS, Post, QuoteAuthorization, Tombstone
from activitypub.vocab.thing import Thing, Unknown
from activitypub.vocab.write import (
    ACTOR_CONTEXT,
    ASK_CONTEXT,
    EVENT_CONTEXT,
    KNOW_HOW_CONTEXT,
    POST_CONTEXT,
)

Read: TypeAlias = Activity | Post | Actor | Tombstone | QuoteAuthorization | Collection | Unknown

# Every name of ours: posts and actors have some of their own.
_NAMES = [*ACTOR_CONTEXT, *POST_CONTEXT, EVENT_CONTEXT[-1], ASK_CONTEXT[-1], KNOW_HOW_CONTEXT[-1]]

_T = TypeVar("_T", bound=Thing)

TYPES: dict[str, type[Read]] = {
    **dict.fromkeys(ACTIVITIES, Activity),
    **dict.fromkeys(POSTS, Post),
    **dict.fromkeys(ACTORS, Actor),
    **dict.fromkeys(COLLECTIONS, Collection),
    "QuoteAuthorization": QuoteAuthorization,
    "Tombstone": Tombstone,
}


def read(document: Document) -> Read:
    """Read a document as what its type says; raise ``Malformed`` when it lacks what that must have."""
    if not document.type:
        raise Malformed(f"{document.id} has the type {document.json.get('type')!r:.100}; wanted one type")
    return _read(shaped(compact.plain(document, into=_NAMES)))


def id_of(thing: Object | None) -> str | None:
    """Give the id of what is written as an id or as an object; None when it has none."""
    if thing is None or isinstance(thing, str):
        return thing
    return thing.id or None


def _read(json: Json) -> Read:
    kind = TYPES.get(json.get("type", ""), Unknown)
    if kind is Activity:
        inner = json.get("object")
        objects = inner if isinstance(inner, list) else [] if inner is None else [inner]
        return _typed(json | {"objects": [_object(item) for item in objects]}, Activity)
    if kind is Collection:
        json = json | {"items": [uri for item in json.get("items", ()) if (uri := values.id_of(item))]}
    return _typed(json, kind)


def _object(value: Json | str) -> Object:
    if isinstance(value, str):
        return value
    # A bare reference, as some peers write {"id": ...} for an id; anything but an id in it is no reference.
    uri = values.id_of(value) if "type" not in value else None
    return _read(value) if uri is None else uri


def _typed(json: Json, kind: type[_T]) -> _T:
    try:
        return msgspec.convert(json, kind)
    except msgspec.ValidationError as error:
        found = f"{json.get('type')} {json.get('id')}"
        raise Malformed(f"found {found:.200}, which cannot be read: {error}") from None
