"""Fetching, sans-I/O: what an answered GET may be taken for, and which key of a document may be believed."""

import msgspec

from activitypub.document import Document, Json, id_in, read
from activitypub.errors import Malformed, Unsigned, WrongOrigin
from activitypub.origin import ensure_same_origin
from activitypub.sig import keys
from activitypub.wire import Response, ensure_activity_type

# Mastodon looks at no more keys of one actor (federation.md 2.3).
MOST_KEYS = 10


class KeyFound(msgspec.Struct, frozen=True, kw_only=True):
    """A key, listed by the actor that owns it in that actor's own document."""

    public: str
    kind: keys.Kind
    owner: str


class NeedOwner(msgspec.Struct, frozen=True, kw_only=True):
    """A key document claims this owner, whose own document has to list the key."""

    owner: str


def document_of(response: Response, *, asked: str) -> Document:
    """Give the document that was served at its own id.

    Raises ``Malformed``, ``WrongType``, or ``WrongOrigin`` when it bears another id than the address asked:
    whoever serves an address may fill that id only (Mastodon CVE-2024-23832).
    """
    if response.status != 200:
        raise Malformed(f"{asked} answered {response.status}, wanted 200 and a document")
    ensure_activity_type(response.header("content-type"))
    document = read(response.body)
    if document.id != asked:
        raise WrongOrigin(f"{asked} serves a document whose id is {document.id}")
    return document


def key_from(document: Document, key_id: str) -> KeyFound | NeedOwner:
    """Give the key ``key_id`` if this is its owner's document, or the owner that a key document claims.

    The owner claim of a key document alone is never believed (Fedify CVE-2026-96625): its owner is fetched
    by id, and this function asked again. Raises ``Unsigned`` if the key is not there.
    """
    for owner, entry in _listed(document):
        if entry.get("id") != key_id:
            continue
        if owner is None or owner != document.id:
            raise WrongOrigin(f"{document.id} lists {key_id} as the key of {owner}")
        ensure_same_origin(key_id, owner)
        key = _key_in(entry)
        return KeyFound(public=key.text, kind=key.kind, owner=owner)
    claimed = document.json.get("owner", document.json.get("controller"))
    if document.id in (key_id, key_id.partition("#")[0]) and isinstance(claimed, str):
        ensure_same_origin(key_id, claimed)
        if claimed != document.id:
            return NeedOwner(owner=claimed)
    raise Unsigned(f"{key_id} is not among the keys of {document.id}")


def _listed(document: Document) -> list[tuple[str | None, Json]]:
    """Give each key that an actor lists, with the owner that it names."""
    found = [
        (id_in(entry.get("owner", entry.get("controller"))), entry)
        for property_name in ("publicKey", "assertionMethod")
        for entry in _many(document.json.get(property_name))
        if isinstance(entry, dict)
    ]
    return found[:MOST_KEYS]


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _key_in(entry: Json) -> keys.PublicKey:
    pem, multibase = entry.get("publicKeyPem"), entry.get("publicKeyMultibase")
    if isinstance(pem, str):
        return keys.public_from_pem(pem)
    if isinstance(multibase, str):
        return keys.public_from_multikey(multibase)
    raise Malformed(f"{entry.get('id')} holds neither publicKeyPem nor publicKeyMultibase")
