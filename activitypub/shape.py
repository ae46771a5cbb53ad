"""One-or-many, id-or-object and the names of Public brought to the one shape that the vocabulary reads.

    shaped({"to": "as:Public", "actor": {"id": "https://kent.example/people/ana"}})
    {"to": ["https://www.w3.org/ns/activitystreams#Public"], "actor": "https://kent.example/people/ana"}

Rules that hold in this file
  1. What has the wrong type is left out: bad data in a property that may be missing refuses nothing.
  2. Nothing embedded is believed here; where the vocabulary reads an id, the rest of an object is dropped.
  3. Shaping twice is shaping once.
  4. Properties that are not in the tables below are passed on untouched, and read by nobody.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from activitypub.document import Json, id_in, type_in

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"

# Announce > Undo > Delete > Tombstone is the deepest that anybody sends; below, an id is enough.
MOST_NESTED = 3

# How much of a property is read (federation.md 3.6, row 20).
MOST = {"tag": 100, "attachment": 16, "oneOf": 20, "publicKey": 10}
LONGEST = {"name": 255, "summary": 20_000, "content": 100_000}
LONGEST_HANDLE = 64
LONGEST_DESCRIPTION = 5_000  # of a file; Mastodon shows 1 500 characters

_PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})

Shaper = Callable[[Any], Any]


def shaped(json: Json) -> Json:
    """Give the document in the one shape that the vocabulary reads; an absent property stays absent."""
    return _shaped(json, 0, None)


def _shaped(json: Json, level: int, actor: str | None) -> Json:
    found: Json = {}
    for key, value in json.items():
        if value is not None:
            shaper = SHAPERS.get(key)
            read = value if shaper is None else shaper(value)
            if read is not None:
                found[key] = read
    _fill(found, json, actor)
    if "object" in found:
        things = _things(found.pop("object"), level, found.get("actor"))
        if things:
            found["object"] = things if isinstance(json["object"], list) else things[0]
    items = _many(found.pop("orderedItems", [])) + _many(found.pop("items", []))
    if things := _things(items, level, found.get("actor")):
        found["items"] = things
    return found


def _fill(found: Json, json: Json, actor: str | None) -> None:
    """Give what is written under another name, or depends on a second property."""
    for name, key in _MAPS.items():
        if name in found and key not in found and found[name]:
            found[key] = next(iter(found[name].values()))[: LONGEST[key]]
    if "inLanguage" in json and "language" not in found and (language := _language(json["inLanguage"])):
        found["language"] = language
    if isinstance(json.get("attributedTo"), list) and (author := _author(json["attributedTo"], actor)):
        found["attributedTo"] = author


def _things(value: Any, level: int, actor: str | None) -> list[Json | str]:
    return [thing for item in _many(value) if (thing := _thing(item, level, actor)) is not None]


def _thing(value: Any, level: int, actor: str | None) -> Json | str | None:
    if isinstance(value, dict) and level < MOST_NESTED:
        return _shaped(value, level + 1, actor)
    return id_in(value)


def _author(authors: list[Any], actor: str | None) -> str | None:
    """Of several authors take who acts, else the first that is no Group: channels stand beside owners."""
    found = {uri: author for author in authors if (uri := id_in(author))}
    if actor in found:
        return actor
    people = (uri for uri, author in found.items() if not _is_group(author))
    return next(people, next(iter(found), None))


def _is_group(author: Any) -> bool:
    return isinstance(author, dict) and type_in(author.get("type")) == "Group"


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _objects(value: Any) -> list[Json]:
    return [item for item in _many(value) if isinstance(item, dict)]


def _ids(value: Any) -> list[str]:
    found = [uri for item in _many(value) if (uri := id_in(item))]
    return [PUBLIC if uri in _PUBLIC_NAMES else uri for uri in found]


def _text(value: Any) -> str | None:
    # PostgreSQL holds no NUL, and nobody means one.
    return value.replace("\0", "") if isinstance(value, str) else None


def _cut(key: str) -> Shaper:
    longest = LONGEST[key]

    def cut(value: Any) -> str | None:
        text = _text(value)
        return text[:longest] if text is not None else None

    return cut


def _description(value: Any) -> str | None:
    text = _text(value)
    return text[:LONGEST_DESCRIPTION] if text is not None else None


def _handle(value: Any) -> str | None:
    # Cut, it would be somebody else's.
    return value if isinstance(value, str) and len(value) <= LONGEST_HANDLE else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    # JSON writes 3 and 3.0 alike; a bool is an int to Python only.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value < 1 << 53 else None


def _moment(value: Any) -> str | None:
    """Read a time leniently: a blank for T, no seconds, no zone (then UTC); what is hopeless is left out."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None


def _language(value: Any) -> str | None:
    for item in _many(value):
        name = item.get("identifier") if isinstance(item, dict) else item
        if isinstance(name, str) and name:
            return name
    return None


def _texts(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    return {key: text for key, item in value.items() if (text := _text(item))}


def _source(value: Any) -> Json | None:
    if isinstance(value, str):
        value = {"content": value}
    if not isinstance(value, dict):
        return None
    return {key: text for key in ("content", "mediaType") if (text := _text(value.get(key))) is not None}


def _page(value: Any) -> str | None:
    """Of several links take the web page, else the first http address; never a magnet or a script."""
    links = [link for item in _many(value) if (link := _link(item))]
    pages = (href for href, media_type in links if media_type.startswith("text/html"))
    return next(pages, links[0][0] if links else None)


def _link(value: Any) -> tuple[str, str] | None:
    """Give address and media type of a link written as text, Link or object with a url."""
    href, media_type = value, ""
    if isinstance(value, dict):
        href, media_type = value.get("href") or value.get("url"), _text(value.get("mediaType")) or ""
    if isinstance(href, str) and href.startswith(("https://", "http://")):
        return href, media_type
    return None


def _picture(value: Any) -> Json | None:
    """Of several pictures take the last: PeerTube sorts them by size, Lemmy reads the last too."""
    for item in reversed(_many(value)):
        if found := _file({"type": "Image", "url": item} if isinstance(item, str) else item):
            return found
    return None


def _files(value: Any) -> list[Json]:
    return [file for item in islice(_many(value), MOST["attachment"]) if (file := _file(item))]


def _file(value: Any) -> Json | None:
    """Give a picture, file, link or profile line; Pleroma hides the ``url`` in a list of Links."""
    if isinstance(value, str):
        value = {"type": "Link", "href": value}
    if not isinstance(value, dict):
        return None
    found: Json = {"type": type_in(value.get("type"))}
    links = [link for item in _many(value.get("url")) if (link := _link(item))]
    if links:
        found["url"] = links[0][0]
        found |= {"mediaType": links[0][1]} if links[0][1] else {}
    for key, shaper in _FILE.items():
        if value.get(key) is not None and (read := shaper(value[key])) is not None:
            found[key] = read
    return found


def _focus(value: Any) -> list[float] | None:
    if not (isinstance(value, list) and len(value) == 2):
        return None
    return [float(part) for part in value] if all(type(part) in (int, float) for part in value) else None


def _tags(value: Any) -> list[Json]:
    return [
        {"type": type_in(item.get("type"))}
        | {key: text for key in ("href", "name", "rel", "mediaType") if (text := _text(item.get(key)))}
        for item in _objects(value)[: MOST["tag"]]
    ]


def _options(value: Any) -> list[Json]:
    """Give the choices of a poll with their votes, which stand in a collection of replies."""
    found = []
    for item in _objects(value)[: MOST["oneOf"]]:
        if (name := _text(item.get("name"))) is not None:
            replies = item.get("replies")
            votes = replies.get("totalItems") if isinstance(replies, dict) else item.get("votes")
            found.append({"name": name[: LONGEST["name"]], "votes": _number(votes) or 0})
    return found


def _keys(*names: str) -> Shaper:
    """Read a list of keys; one that lacks any of these texts is no key."""

    def keys(value: Any) -> list[Json]:
        found = [{name: item.get(name) for name in names} for item in _objects(value)]
        return [item for item in found if all(isinstance(text, str) for text in item.values())][
            : MOST["publicKey"]
        ]

    return keys


def _endpoints(value: Any) -> Json | None:
    shared = value.get("sharedInbox") if isinstance(value, dict) else None
    return {"sharedInbox": shared} if isinstance(shared, str) else None


_FILE: dict[str, Shaper] = {
    "mediaType": _text,
    "href": _text,
    "name": _description,
    "summary": _description,
    "value": _text,
    "blurhash": _text,
    "width": _number,
    "height": _number,
    "focalPoint": _focus,
}

_LISTS_OF_IDS = ("to", "cc", "audience", "alsoKnownAs", "streams")
_IDS = (
    *("actor", "attributedTo", "inReplyTo", "context", "conversation", "replies", "target", "movedTo"),
    *("inbox", "outbox", "followers", "following", "featured", "first", "next", "partOf"),
)
_MAPS = {"contentMap": "content", "nameMap": "name", "summaryMap": "summary"}
_MOMENTS = ("published", "updated", "deleted", "startTime", "endTime", "closed")
_FLAGS = (
    *("sensitive", "commentsEnabled", "removeData", "discoverable", "indexable"),
    "manuallyApprovesFollowers",
)

SHAPERS: dict[str, Shaper] = {
    "type": type_in,
    "formerType": type_in,
    "preferredUsername": _handle,
    "url": _page,
    "icon": _picture,
    "image": _picture,
    "attachment": _files,
    "tag": _tags,
    "source": _source,
    "language": _language,
    "endpoints": _endpoints,
    "oneOf": _options,
    "anyOf": _options,
    "publicKey": _keys("id", "owner", "publicKeyPem"),
    "assertionMethod": _keys("id", "controller", "publicKeyMultibase"),
    "totalItems": _number,
    "votersCount": _number,
    "mediaType": _text,
    **dict.fromkeys(_LISTS_OF_IDS, _ids),
    **dict.fromkeys(_IDS, id_in),
    **dict.fromkeys(_MAPS, _texts),
    **dict.fromkeys(_MOMENTS, _moment),
    **dict.fromkeys(_FLAGS, _flag),
    **{key: _cut(key) for key in LONGEST},
}
