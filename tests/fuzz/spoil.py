"""One document made into another that no server would write, by a seeded hand."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

# What a property may hold in place of what it should; each is made anew, for it is changed further.
JUNK: tuple[Callable[[Random], Any], ...] = (
    lambda _: None,
    lambda _: True,
    lambda at: at.choice([0, -1, 2**63, 1e308, -0.0, 10**400, 3.5]),
    lambda _: [],
    lambda _: {},
    lambda at: _text(at),
    lambda at: [_text(at)[:100]] * at.choice([1, 2, 50, 2500]),
    lambda at: {"id": _text(at), "type": at.choice(TYPES), "href": _text(at), "url": [_text(at)]},
    lambda at: {at.choice(KEYS): _text(at) for _ in range(at.choice([1, 5]))},
    lambda at: _nested(at.choice([2, 40, 70]), at),
)
TYPES = (
    *("Note", "Page", "Question", "Event", "Video", "Person", "Group", "Create", "Announce", "Undo"),
    *("Collection", "Tombstone", "Link", "as:Note", "schema:Person", ""),
)
KEYS = (
    *(
        "id",
        "type",
        "actor",
        "object",
        "attributedTo",
        "to",
        "cc",
        "content",
        "contentMap",
        "name",
        "summary",
    ),
    *("url", "tag", "attachment", "inReplyTo", "published", "endTime", "oneOf", "location", "quote", "icon"),
    *("@context", "@id", "@graph", "mediaType", "publicKey", "image", "source", "sensitive", "language"),
    *("items", "orderedItems", "first", "endpoints", "proof", "signature"),
)
PIECES = (
    *("<p>", "</p>", "<b>", "<a href='", "<img src=", "<rt>", "<div ", "<ul><li>", "<table><td>", "<!--"),
    *("&amp;", "&#0;", "&", "<", ">", '"', "[", "](", "*", "_", "`", "#", "@", "://", "x", "word ", "\n"),
    *("\0", "\u202e", "\ud800", "\u200d", "é", "牛", "🐄", "https://a.example/", "http://[::1]/", "\r\n\n"),
    *("2026-13-45T99:99", "9999-12-31T23:59:59.999999-23:59", "P1Y", "as:Public", "text/markdown"),
    *("<svg>", "javascript:x", "text/html", "http://[", "https://a.example:99999/"),
)
LENGTHS = (1, 1, 2, 3, 10, 300, 3_000, 30_000)
LONGEST = 120_000


def spoilt(document: Any, others: list[Any], at: Random) -> bytes:
    """Give the bytes of a document after one to six changes; one in ten has its bytes spoilt as well."""
    document = json.loads(json.dumps(document))
    for _ in range(at.randint(1, 6)):
        place = _place(document, at)
        if place is None:
            break
        _change(*place, others, at)
    body = json.dumps(document, ensure_ascii=at.random() < 0.5).encode("utf-8", "surrogatepass")
    return _bytes(body, at) if at.random() < 0.1 else body


def _place(document: Any, at: Random) -> tuple[Any, Any] | None:
    """Give an object or list in the document, and one key or place in it."""
    places = [
        (holder, key)
        for holder in _holders(document)
        for key in (holder if isinstance(holder, dict) else range(len(holder)))
    ]
    return at.choice(places) if places else None


def _holders(value: Any) -> list[Any]:
    found, waiting = [], [value]
    while waiting and len(found) < 300:
        one = waiting.pop()
        if isinstance(one, dict | list):
            found.append(one)
            waiting.extend(one.values() if isinstance(one, dict) else one[:50])
    return found


def _change(holder: Any, key: Any, others: list[Any], at: Random) -> None:
    how = at.randrange(8)
    if how == 0:
        del holder[key]
    elif how == 1:
        holder[key] = [holder[key]] * at.choice([1, 2, 20])
    elif how == 2 and isinstance(holder, dict):
        holder[at.choice(KEYS)] = holder.pop(key)
    elif how == 3:
        other = _place(at.choice(others), at)
        holder[key] = json.loads(json.dumps(other[0][other[1]])) if other else None
    elif how == 4 and isinstance(holder, dict):
        holder[at.choice(KEYS)] = at.choice(JUNK)(at)
    elif how == 5 and isinstance(holder[key], str):
        text, cut = holder[key], at.randint(0, len(holder[key]))
        holder[key] = text[:cut] + _text(at) + text[cut:]
    elif how == 6:
        holder[key] = {"id": at.choice(["https://a.example/1", holder[key]]), "type": at.choice(TYPES)}
    else:
        holder[key] = at.choice(JUNK)(at)


def _text(at: Random) -> str:
    pieces = at.sample(PIECES, at.randint(1, 3))
    if at.random() < 0.3:
        return "".join(at.choices(PIECES, k=300))
    return ("".join(pieces) * at.choice(LENGTHS))[:LONGEST]


def _nested(levels: int, at: Random) -> Any:
    value: Any = _text(at)
    for _ in range(levels):
        value = at.choice([{"object": value}, [value], {"tag": value}, {"contentMap": value}])
    return value


def _bytes(body: bytes, at: Random) -> bytes:
    spoilt = bytearray(body)
    for _ in range(at.randint(1, 4)):
        place = at.randrange(len(spoilt) + 1)
        how = at.randrange(3)
        if how == 0:
            del spoilt[place : place + at.choice([1, 10, 1000])]
        elif how == 1:
            spoilt[place:place] = at.choice(
                [b"\x00", b"\xff", b'"', b"{", b"]", b"\xef\xbb\xbf", b"NaN", b"\\ud800"]
            )
        elif place < len(spoilt):
            spoilt[place] ^= 1 << at.randrange(8)
    return bytes(spoilt)
