"""The contexts under which this node writes, and the bytes of a document under it.

A context is a list that begins with addresses: Mastodon wants the context of a proof to be the beginning
of the document's, and those with protected terms stand before terms written out (federation.md 3.2, 4.9).
"""

from typing import Any

import msgspec

from activitypub.document import Json

_AS2 = "https://www.w3.org/ns/activitystreams"

CONTEXT: list[Any] = [
    _AS2,
    "https://w3id.org/security/data-integrity/v2",
    {
        "toot": "http://joinmastodon.org/ns#",
        "lemmy": "https://join-lemmy.org/ns#",
        "pt": "https://joinpeertube.org/ns#",
        "sc": "http://schema.org/",
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
        "blurhash": "toot:blurhash",
        "focalPoint": {"@id": "toot:focalPoint", "@container": "@list"},
        "votersCount": "toot:votersCount",
        "commentsEnabled": "pt:commentsEnabled",
        "removeData": "lemmy:removeData",
        "language": "sc:inLanguage",
        "identifier": "sc:identifier",
    },
]

# What only posts say: how they may be quoted (FEP-044f), and what they quote.
_QUOTES = {
    "gts": "https://gotosocial.org/ns#",
    "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
    "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
    "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
    "quote": {"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"},
    "quoteAuthorization": {"@id": "https://w3id.org/fep/044f#quoteAuthorization", "@type": "@id"},
    "quoteUri": {"@id": "http://fedibird.com/ns#quoteUri", "@type": "@id"},
    "_misskey_quote": {"@id": "https://misskey-hub.net/ns#_misskey_quote", "@type": "@id"},
}
POST_CONTEXT: list[Any] = [*CONTEXT[:-1], CONTEXT[-1] | _QUOTES]

# The names that Mobilizon gave them (FEP-8a8e).
EVENT_CONTEXT: list[Any] = [
    *POST_CONTEXT,
    {
        "ical": "http://www.w3.org/2002/12/cal/ical#",
        "mz": "https://joinmobilizon.org/ns#",
        "timezone": "mz:timezone",
        "joinMode": "mz:joinMode",
        "externalParticipationUrl": "mz:externalParticipationUrl",
    },
]

# What a thread asks for: terms of our own, and a fixed name that nobody fetches.
ASK_CONTEXT: list[Any] = [
    *POST_CONTEXT,
    {
        "fedcop": "urn:x-fedcop:",
        "ask": "fedcop:ask",
        "need": "fedcop:need",
        "tried": "fedcop:tried",
        "byWhen": "fedcop:byWhen",
        "services": {"@id": "fedcop:services", "@type": "@id"},
        "withdrawn": "fedcop:withdrawn",
    },
]

# What know-how says of itself: PROV, Dublin Core and schema.org have the names.
KNOW_HOW_CONTEXT: list[Any] = [
    *POST_CONTEXT,
    {
        "prov": "http://www.w3.org/ns/prov#",
        "dcterms": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "derivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
        "contributor": {"@id": "dcterms:contributor", "@type": "@id"},
        "license": {"@id": "sc:license", "@type": "@id"},
        "reviewBy": {"@id": "dcterms:valid", "@type": "xsd:dateTime"},
    },
]

# That who likes know-how used it.
USE_CONTEXT: list[Any] = [*CONTEXT[:-1], CONTEXT[-1] | {"used": "urn:x-fedcop:used"}]

QUOTE_CONTEXT: list[Any] = [
    _AS2,
    {
        "gts": "https://gotosocial.org/ns#",
        "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
        "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
    },
]

ACTOR_CONTEXT: list[Any] = [
    _AS2,
    "https://w3id.org/security/v1",
    "https://www.w3.org/ns/cid/v1",
    {
        "toot": "http://joinmastodon.org/ns#",
        "lemmy": "https://join-lemmy.org/ns#",
        "schema": "http://schema.org#",
        "sc": "http://schema.org/",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "sensitive": "as:sensitive",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "attributionDomains": {"@id": "toot:attributionDomains", "@type": "@id"},
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "moderators": {"@id": "lemmy:moderators", "@type": "@id"},
        "postingRestrictedToMods": "lemmy:postingRestrictedToMods",
        "language": "sc:inLanguage",
        "identifier": "sc:identifier",
        "implements": {"@id": "https://w3id.org/fep/844e/implements", "@type": "@id"},
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
    },
]

# What holds documents of others, each with a context of its own, stands under this one: it protects no term.
# Below protected terms a context that defines them otherwise (security/v1 below data-integrity/v2) spoils the
# whole document (JSON-LD 1.1, 4.1.11): Fedify 2.3.6 answers it with 400.
AROUND_OTHERS: list[Any] = [_AS2]


def write(document: Json) -> bytes:
    """Give the bytes of what holds a document of another: what is a ``msgspec.Raw`` in it stays as it is."""
    return msgspec.json.encode({"@context": AROUND_OTHERS} | document)
