"""Bytes to one JSON object, strictly and within limits; the bytes are kept for proofs and for passing on.

    document = read(body)                  parsed, nothing that two parsers could read differently
    inner = document.nested("object")      with its own original bytes

Rules that hold in this file
  1. Refused: invalid UTF-8, a byte order mark, NaN, lone surrogates, huge numbers, a key that occurs twice.
     Parsers disagree on these, so one check could see another document than the next (federation.md 3.5).
  2. Refused: words of JSON-LD in place of names, at the top; below they are not read.
  3. Refused as too large: more bytes, levels, list items or characters in one text than anybody needs.
"""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from activitypub.errors import Malformed, RemoteFault, TooLarge

Json = dict[str, Any]

MOST_BYTES = 1_048_576
MOST_LEVELS = 64
MOST_ITEMS = 2000
LONGEST_TEXT = 200_000
LONGEST_ID = 2000
LONGEST_TYPE = 255
LARGEST = (1 << 63) - 1

_AS2 = ("https://www.w3.org/ns/activitystreams#", "as:")
# Words of JSON-LD can fold one tree into another than the one that is read here (federation.md 3.6, row 11).
_RESTRUCTURING = frozenset({"@id", "@type", "@graph", "@reverse", "@included", "@set", "@list"})
_WHITESPACE = b" \t\r\n"
_RAWS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_RAW_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One JSON object and the very bytes it was read from; ``type`` is empty when it has none."""

    raw: bytes
    json: Json
    id: str | None
    type: str

    def nested(self, key: str) -> "Document | None":
        """Give the object under a key, with its own bytes; None when there is no object."""
        value = self.json.get(key)
        return _document(bytes(_RAWS.decode(self.raw)[key]), value) if isinstance(value, dict) else None

    def items(self, key: str) -> Iterator["Document | str"]:
        """Give the objects, with their own bytes, and the texts under a key, be it a list or one alone."""
        value = self.json.get(key)
        if not isinstance(value, list):
            one = value if isinstance(value, str) else self.nested(key)
            yield from () if one is None else (one,)
            return
        for item, raw in zip(value, _RAW_ITEMS.decode(_RAWS.decode(self.raw)[key]), strict=True):
            if isinstance(item, dict):
                yield _document(bytes(raw), item)
            elif isinstance(item, str):
                yield item


class Head(msgspec.Struct, frozen=True):
    """What an inbox looks at before anything else."""

    id: str
    type: str
    actor: str


class _WireHead(msgspec.Struct):
    id: str
    type: str | list[str]
    actor: Any


_HEADS = msgspec.json.Decoder(_WireHead)


def head(body: bytes) -> Head:
    """Give id, type and actor of an activity quickly; raise ``Malformed`` without any of the three."""
    try:
        wire = _HEADS.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed(f"found no activity: {error}; wanted a JSON object with id, type and actor") from None
    kind, actor = type_in(wire.type), id_in(wire.actor)
    if not (is_id(wire.id) and kind and actor and is_id(actor)):
        found = f"id {wire.id[:100]!r}, type {wire.type!r:.100}, actor {wire.actor!r:.100}"
        raise Malformed(f"found {found}; wanted two http addresses and one type")
    return Head(wire.id, kind, actor)


def read(body: bytes, *, limit: int = MOST_BYTES) -> Document:
    """Read one JSON object; raise ``TooLarge`` or ``Malformed`` as the rules above say."""
    if len(body) > limit:
        raise TooLarge(f"found {len(body)} bytes; at most {limit} are read")
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed(f"found no JSON that is read: {error}") from None
    if not isinstance(value, dict):
        raise Malformed(f"found a JSON {type(value).__name__}; wanted an object")
    if not _RESTRUCTURING.isdisjoint(value):
        raise Malformed(f"found {', '.join(_RESTRUCTURING & value.keys())} in an object; wanted plain names")
    # Without whitespace each key ends in '":', and so may a text: as many of them as keys were read means
    # that no key was lost to its double. That takes 6 us where a look at each pair takes 26 (3.3 KB).
    if _measured(value) != body.translate(None, _WHITESPACE).count(b'":'):
        _ensure_no_doubles(body)
    return _document(body, value)


def _document(raw: bytes, value: Json) -> Document:
    found = value.get("id")
    if found is not None and not isinstance(found, str):
        raise Malformed(f"found an id that is a {type(found).__name__}; wanted an address")
    return Document(raw=raw, json=value, id=found, type=type_in(value.get("type")))


def _measured(value: Json | list[Any], level: int = 1) -> int:
    """Count the keys in a value and below; raise ``TooLarge`` where it passes a limit."""
    if level > MOST_LEVELS:
        raise TooLarge(f"found more than {MOST_LEVELS} levels of nesting")
    keys = 0
    items: Any = value
    if type(value) is dict:
        keys, items = len(value), value.values()
    elif len(value) > MOST_ITEMS:
        raise TooLarge(f"found a list of {len(value)}; at most {MOST_ITEMS} items are read")
    for item in items:
        kind = type(item)
        if kind is dict or kind is list:
            keys += _measured(item, level + 1)
        elif (kind is str and len(item) > LONGEST_TEXT) or (kind is int and not -LARGEST <= item <= LARGEST):
            raise _excess(item)
    return keys


def _excess(item: str | int) -> RemoteFault:
    if isinstance(item, str):
        return TooLarge(f"found a text of {len(item)} characters; at most {LONGEST_TEXT} are read")
    return Malformed(f"found a number of {item.bit_length()} bits; all parsers read at most 63 alike")


def _ensure_no_doubles(body: bytes) -> None:
    json.loads(body, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise Malformed(f"found the key {double[:100]!r} twice in one object")
    return found


def type_in(value: Any) -> str:
    """Give the one type that a ``type`` names; empty when it names none, or several.

    Of a list, names of other vocabularies (``schema:Person``, a whole address) do not count.
    """
    if isinstance(value, str):
        return _plain(value)
    if not isinstance(value, list):
        return ""
    names = {_plain(name) for name in value if isinstance(name, str)}
    names = {name for name in names if ":" not in name}
    return names.pop() if len(names) == 1 else ""


def _plain(name: str) -> str:
    for prefix in _AS2:
        name = name.removeprefix(prefix)
    return name if len(name) <= LONGEST_TYPE else ""


def id_in(value: Any) -> str | None:
    """Give the id of what is written as an id, as an object, or as a list of one; None when it has none."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and value else None


def is_id(text: str) -> bool:
    """Tell whether a text can be an id here: an http address, not too long, without blanks or controls."""
    return (
        len(text) <= LONGEST_ID
        and text[:8].lower().startswith(("https://", "http://"))
        and text.isprintable()
        and " " not in text
    )
