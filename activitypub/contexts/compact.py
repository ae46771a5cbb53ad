"""A document whose context renames terms that we use, brought to our names; any other is left as it is.

    plain(document, into=CONTEXT)    {"@context": [..., {"replyTo": "as:inReplyTo"}], "replyTo": ...}
                                     becomes {"inReplyTo": ...}

Rules that hold in this file (decision 7 of the design)
  1. JSON-LD runs only for such a document: reading JSON is hundreds of times cheaper (measured.md B2).
  2. Nothing is fetched; under a context that is not known, or costs too much, the document is read as plain
     JSON.
  3. Who acts, and which thing this is, must be the same before and after: signatures were checked against
     the plain reading (Mastodon CVE-2022-24307, CVE-2026-46349).
"""

from functools import cache, lru_cache
from typing import Any

import msgspec

from activitypub.contexts import FOLDER, WRITTEN
from activitypub.document import Document, Json, id_in, type_in
from activitypub.errors import Malformed

AS2 = "https://www.w3.org/ns/activitystreams#"

# Expansion takes about 2 ms for each KB: beyond this a document is not worth it. A context within another, or
# one of many parts, is worked out again wherever it holds: 20 KB can take seconds.
MOST_BYTES = 16_384
MOST_PARTS = 16
MOST_TERMS = 256

_KEYWORDS = {"@id": "id", "@type": "type"}


def plain(document: Document, *, into: list[Any]) -> Json:
    """Give a document's JSON under our names; ``into`` is the context that holds them."""
    json = document.json
    context = json.get("@context")
    if isinstance(context, str) or len(document.raw) > MOST_BYTES:
        return json
    if not _renames(msgspec.json.encode(context)) or msgspec.json.encode(json).count(b'"@context":') > 1:
        return json
    found = _compacted(json, into)
    if found is None:
        return json
    for key, read in (("id", id_in), ("type", type_in), ("actor", id_in)):
        if key in json and read(json[key]) != read(found.get(key)):
            raise Malformed(f"{document.id}: its @context gives {key!r} another meaning")
    return found


# A server sends the same few contexts all the time.
@lru_cache(maxsize=256)
def _renames(context: bytes) -> bool:
    found = msgspec.json.decode(context)
    parts = found if isinstance(found, list) else [found]
    entries = [entry for entry in parts if isinstance(entry, dict)]
    if len(parts) > MOST_PARTS or sum(map(len, entries)) > MOST_TERMS:
        return False
    prefixes = {"as": AS2} | {
        key: value for entry in entries for key, value in entry.items() if isinstance(value, str)
    }
    return any(_renamed(term, meant, prefixes) for entry in entries for term, meant in entry.items())


def _renamed(term: str, meant: Any, prefixes: dict[str, str]) -> bool:
    """Tell whether a term stands for a name of ActivityStreams other than its own."""
    iri = meant.get("@id") if isinstance(meant, dict) else meant
    if not isinstance(iri, str) or term.startswith("@"):
        return False
    if iri in _KEYWORDS:
        return term != _KEYWORDS[iri]
    prefix, colon, local = iri.partition(":")
    if colon and prefix in prefixes:
        iri = prefixes[prefix] + local
    return iri.startswith(AS2) and iri.removeprefix(AS2) not in ("", term)


def _compacted(json: Json, into: list[Any]) -> Json | None:
    """Give the compacted form; None when it cannot be had, or is no longer one thing."""
    from pyld import jsonld  # noqa: PLC0415 - a quarter of a second, for few documents

    try:
        found = jsonld.compact(json, into, {"documentLoader": _loader()})
    except (jsonld.JsonLdError, RecursionError, ValueError, TypeError, KeyError, AttributeError):
        return None  # pyld raises the later ones for contexts that no server would write
    return None if "@graph" in found else found


@cache
def _loader() -> Any:
    from pyld import BUNDLED_CONTEXTS, FrozenDocumentLoader  # noqa: PLC0415 - as above

    written = {uri: FOLDER / name for uri, name in WRITTEN.items()}
    return FrozenDocumentLoader({**BUNDLED_CONTEXTS, **written})
