"""WebFinger (RFC 7033): from a handle to an actor's id, and back.

split("@ada@kent.example")          ("ada", "kent.example")
read(body).self_uri                 whose id it is, for the one who asked
jrd_of(...)                         our own answer
"""

import re
from typing import Any

import msgspec

from activitypub.errors import Malformed

ACTIVITY = "application/activity+json"
PROFILE = "http://webfinger.net/rel/profile-page"  # wanted by Friendica and Misskey
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
TYPE = "https://www.w3.org/ns/activitystreams#type"

# Mastodon takes these two spellings and no other (lib/webfinger.rb); blanks after ; vary.
_SELF_TYPES = frozenset({ACTIVITY, 'application/ld+json;profile="https://www.w3.org/ns/activitystreams"'})

_HANDLE = re.compile(r"(?:acct:|[@!])?([^@!\s/?#]+)@([^@\s/?#]+)")


class Jrd(msgspec.Struct, frozen=True, kw_only=True):
    """Who a resource is: ``subject`` as its domain spells it, ``self_uri`` empty where no actor is named."""

    subject: str
    self_uri: str
    type: str = ""


class _Link(msgspec.Struct):
    rel: str = ""
    type: str = ""
    href: str = ""
    properties: dict[str, Any] = {}


class _Wire(msgspec.Struct):
    subject: str
    links: list[_Link] = []


_WIRE = msgspec.json.Decoder(_Wire)


def split(text: str) -> tuple[str, str]:
    """Give name and domain of ``name@domain``, ``@name@domain``, ``!name@domain`` or ``acct:name@domain``."""
    match = _HANDLE.fullmatch(text.strip())
    if match is None:
        raise Malformed(f"found {text[:100]!r}, wanted a handle such as @ada@kent.example")
    return match[1], match[2]


def read(body: bytes) -> Jrd:
    """Read an answer; of several actors under one name the first is taken, as Mastodon does."""
    try:
        wire = _WIRE.decode(body)
    except (msgspec.MsgspecError, ValueError) as error:
        raise Malformed(f"found no WebFinger answer: {error}") from error
    for link in wire.links:
        if link.rel == "self" and link.type.replace("; ", ";") in _SELF_TYPES:
            kind = link.properties.get(TYPE)
            return Jrd(subject=wire.subject, self_uri=link.href, type=kind if isinstance(kind, str) else "")
    return Jrd(subject=wire.subject, self_uri="")


def jrd_of(*, handle: str, domain: str, uri: str, type: str, profile: str, subscribe: str) -> bytes:
    """Give our answer for one actor.

    The self link's href is its id byte for byte (NodeBB actors.js); the type property lets Lemmy tell a
    community from a person of the same name.
    """
    return msgspec.json.encode(
        {
            "subject": f"acct:{handle}@{domain}",
            "aliases": list(dict.fromkeys((uri, profile))),
            "links": [
                {"rel": PROFILE, "type": "text/html", "href": profile},
                {"rel": "self", "type": ACTIVITY, "href": uri, "properties": {TYPE: type}},
                {"rel": SUBSCRIBE, "template": subscribe},
            ],
        }
    )
