"""One-or-many, id-or-object and the names of Public brought to the one shape that the vocabulary reads.

    shaped({"to": "as:Public", "actor": {"id": "https://kent.example/people/ana"}})
    {"to": ["https://www.w3.org/ns/activitystreams#Public"], "actor": "https://kent.example/people/ana"}

Rules that hold in this file
  1. What has the wrong type is left out: bad data in a property that may be missing refuses nothing.
  2. Nothing embedded is believed here; where the vocabulary reads an id, the rest of an object is dropped.
  3. Shaping twice is shaping once.
  4. Properties that are not in the tables below are passed on untouched, and read by nobody.
"""

from datetime import UTC, datetime
from itertools import islice
from typing import Any

from activitypub import values
from activitypub.document import Json, type_in
from activitypub.values import Shaper

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"

# Announce > Undo > Delete > Tombstone is the deepest that anybody sends; below, an id is enough.
MOST_NESTED = 3

# How much of a property is read (federation.md 3.6, row 20).
MOST = {"services": 5, "tag": 100, "attachment": 16, "oneOf": 20, "publicKey": 10, "url": 20, "location": 5}
LONGEST = {"name": 255, "summary": 20_000, "content": 100_000}
LONGEST_HANDLE = 64
LONGEST_VALUE = 2_047  # of a line of a profile, as in Mastodon
LONGEST_NEED = 2_000  # of what an ask needs, and of what was tried
LONGEST_DESCRIPTION = 5_000  # of a file; Mastodon shows 1 500 characters

_PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})


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
        if found.get("type") in ("Create", "Update"):
            _address(things, found)
        if things:
            found["object"] = things if isinstance(json["object"], list) else things[0]
    items = values.many(found.pop("orderedItems", [])) + values.many(found.pop("items", []))
    if things := _things(items, level, found.get("actor")):
        found["items"] = things
    return found


def _fill(found: Json, json: Json, actor: str | None) -> None:
    """Give what is written under another name, or depends on a second property."""
    for name, key in _MAPS.items():
        if name in found and key not in found and found[name]:
            found[key] = next(iter(found[name].values()))[: LONGEST[key]]
    for name, key in _OTHER_NAMES:
        if key not in found and (text := values.id_of(json.get(name))):
            found[key] = text
    if found.get("type") in _FILES:
        _fill_file(found, json)
    if "inLanguage" in json and "language" not in found and (language := values.language(json["inLanguage"])):
        found["language"] = language
    if isinstance(json.get("attributedTo"), list) and (author := _author(json["attributedTo"], actor)):
        found["attributedTo"] = author


def _address(things: list[Json | str], activity: Json) -> None:
    """Give what is posted without recipients those of its activity, as Discourse means it."""
    for thing in things:
        if isinstance(thing, dict) and "to" not in thing and "cc" not in thing:
            thing |= {key: activity[key] for key in ("to", "cc") if key in activity}


def _things(value: Any, level: int, actor: str | None) -> list[Json | str]:
    return [thing for item in values.many(value) if (thing := _thing(item, level, actor)) is not None]


def _thing(value: Any, level: int, actor: str | None) -> Json | str | None:
    if isinstance(value, dict) and level < MOST_NESTED:
        return _shaped(value, level + 1, actor)
    return values.id_of(value)


def _author(authors: list[Any], actor: str | None) -> str | None:
    """Of several authors take who acts, else the first that is no Group: channels stand beside owners."""
    found = {uri: author for author in authors if (uri := values.id_of(author))}
    if actor in found:
        return actor
    people = (uri for uri, author in found.items() if not _is_group(author))
    return next(people, next(iter(found), None))


def _is_group(author: Any) -> bool:
    return isinstance(author, dict) and type_in(author.get("type")) == "Group"


def _objects(value: Any) -> list[Json]:
    return [item for item in values.many(value) if isinstance(item, dict)]


def _ids(value: Any) -> list[str]:
    found = [uri for item in values.many(value) if (uri := values.id_of(item))]
    return [PUBLIC if uri in _PUBLIC_NAMES else uri for uri in found]


def _answered(value: Any) -> str | None:
    """Give what is answered: an id, an object, a Link, or the first of several."""
    for item in values.many(value):
        if uri := values.id_of(item) or (values.id_of(item.get("href")) if isinstance(item, dict) else None):
            return uri
    return None


def _handle(value: Any) -> str | None:
    # Cut, it would be somebody else's.
    return value if isinstance(value, str) and len(value) <= LONGEST_HANDLE else None


def _policy(value: Any) -> Json | None:
    """Give who may do what with a post, as far as it is read: who may quote it (FEP-044f)."""
    allowed = value.get("canQuote") if isinstance(value, dict) else None
    if not isinstance(allowed, dict):
        return None
    return {"canQuote": {key: _ids(allowed.get(key)) for key in ("automaticApproval", "manualApproval")}}


def _texts(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    return {key: text for key, item in value.items() if (text := values.text(item))}


def _source(value: Any) -> Json | None:
    if isinstance(value, str):
        value = {"content": value}
    if not isinstance(value, dict):
        return None
    readers = {"content": values.cut(LONGEST["content"]), "mediaType": _short}
    return {key: text for key, read in readers.items() if (text := read(value.get(key))) is not None}


def _page(value: Any) -> str | None:
    """Of several links take the web page, else the first http address; never a magnet or a script."""
    links = [link for item in values.many(value) if (link := _link(item))]
    pages = (href for href, media_type in links if media_type.startswith("text/html"))
    return next(pages, links[0][0] if links else None)


def _link(value: Any) -> tuple[str, str] | None:
    """Give address and media type of a link written as text, Link or object with a url."""
    href, media_type = value, ""
    if isinstance(value, dict):
        href, media_type = value.get("href") or value.get("url"), _short(value.get("mediaType")) or ""
    if isinstance(href, str) and href.startswith(("https://", "http://")) and values.id_of(href):
        return href, media_type
    return None


def _picture(value: Any) -> Json | None:
    """Of several pictures take the last: PeerTube sorts them by size, Lemmy reads the last too."""
    for item in reversed(values.many(value)):
        if found := _file({"type": "Image", "url": item} if isinstance(item, str) else item):
            return found
    return None


def _files(value: Any) -> list[Json]:
    return [file for item in islice(values.many(value), MOST["attachment"]) if (file := _file(item))]


def _file(value: Any) -> Json | None:
    """Give a picture, file, link or profile line; Pleroma hides the ``url`` in a list of Links."""
    if isinstance(value, str):
        value = {"type": "Link", "href": value}
    if not isinstance(value, dict):
        return None
    found: Json = {"type": type_in(value.get("type"))}
    links = [link for item in values.many(value.get("url")) if (link := _link(item))]
    if links:
        found["url"] = links[0][0]
        found |= {"mediaType": links[0][1]} if links[0][1] else {}
    for key, shaper in _FILE.items():
        if value.get(key) is not None and (read := shaper(value[key])) is not None:
            found[key] = read
    return found


def _fill_file(found: Json, json: Json) -> None:
    """Give a post that is a file itself that file as its attachment, and its icon as its picture."""
    if "image" not in found and "icon" in found:
        found["image"] = found["icon"]
    if not found.get("attachment") and (file := _own_file(json)):
        name = found.get("name")
        found["attachment"] = [file | ({"name": name} if name else {})]


def _own_file(json: Json) -> Json | None:
    """Give the file that a Video, Audio or Image is: it stands among its addresses, or in their tags."""
    for item in islice(values.many(json.get("url")), MOST["url"]):
        within = values.many(item.get("tag")) if isinstance(item, dict) else []
        for link in filter(None, map(_link, [item, *within[: MOST["url"]]])):
            if link[1].startswith(("video/", "audio/", "image/")):
                return {"type": type_in(json["type"]), "url": link[0], "mediaType": link[1]}
    return None


def _focus(value: Any) -> list[float] | None:
    if not (isinstance(value, list) and len(value) == 2):
        return None
    return [float(part) for part in value] if all(type(part) in (int, float) for part in value) else None


def _tags(value: Any) -> list[Json]:
    return [
        {"type": type_in(item.get("type"))}
        | {key: text for key, read in _TAG.items() if (text := read(item.get(key)))}
        for item in _objects(value)[: MOST["tag"]]
    ]


def _options(value: Any) -> list[Json]:
    """Give the choices of a poll with their votes, which stand in a collection of replies."""
    found = []
    for item in _objects(value)[: MOST["oneOf"]]:
        if (name := values.text(item.get("name"))) is not None:
            replies = item.get("replies")
            votes = replies.get("totalItems") if isinstance(replies, dict) else item.get("votes")
            found.append({"name": name[: LONGEST["name"]], "votes": values.number(votes) or 0})
    return found


def _closed(value: Any) -> str | None:
    """Read when a poll was closed; AS2 lets one say only that it was, which reads as long ago."""
    return datetime.fromtimestamp(0, UTC).isoformat() if value is True else values.moment(value)


def _places(value: Any) -> list[Json]:
    """Give where an event takes place: a text, a Place with an address, or a VirtualLocation with a url."""
    found = []
    for item in values.many(value)[: MOST["location"]]:
        place = {"name": item} if isinstance(item, str) else item
        if isinstance(place, dict):
            read = {"name": values.cut(LONGEST["name"])(place.get("name")), "url": _page(place.get("url"))}
            read["address"] = _address_line(place.get("address"))
            found.append(
                {"type": type_in(place.get("type"))} | {key: text for key, text in read.items() if text}
            )
    return found


def _address_line(value: Any) -> str | None:
    """Give an address as one line, be it a text (Gancio) or a PostalAddress (Mobilizon, WordPress)."""
    if isinstance(value, dict):
        parts = (values.text(value.get(key)) for key in _ADDRESS)
        value = ", ".join(part.strip() for part in parts if part and part.strip())
    text = values.text(value)
    return text[: LONGEST["name"]] if text else None


def _ask(value: Any) -> Json | None:
    """Give what a post asks for."""
    if not isinstance(value, dict):
        return None
    found = {key: read for key, shaper in _ASK.items() if (read := shaper(value.get(key))) is not None}
    return found | {"services": _ids(value.get("services", []))[: MOST["services"]]}


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


_short = values.cut(LONGEST["name"])
_TAG: dict[str, Shaper] = {"href": values.id_of, "name": _short, "rel": _short, "mediaType": _short}
_ASK: dict[str, Shaper] = {
    "need": values.cut(LONGEST_NEED),
    "tried": values.cut(LONGEST_NEED),
    "byWhen": _short,
    "withdrawn": values.moment,
}
_FILE: dict[str, Shaper] = {
    "mediaType": _short,
    "href": values.id_of,
    "name": values.cut(LONGEST_DESCRIPTION),
    "summary": values.cut(LONGEST_DESCRIPTION),
    "value": values.cut(LONGEST_VALUE),
    "blurhash": _short,
    "width": values.number,
    "height": values.number,
    "focalPoint": _focus,
    "sensitive": values.flag,
}

# What is a file itself. PeerTube and Funkwhale list its forms, with its page, as ``url``.
_FILES = frozenset({"Video", "Audio", "Image", "Document"})

_ADDRESS = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")

_LISTS_OF_IDS = ("to", "cc", "audience", "alsoKnownAs", "streams", "derivedFrom", "contributor")
_IDS = (
    *("actor", "attributedTo", "context", "conversation", "replies", "target", "movedTo"),
    *("inbox", "outbox", "followers", "following", "featured", "first", "next", "partOf"),
    *("quote", "quoteUrl", "quoteAuthorization", "instrument", "interactingObject", "interactionTarget"),
    *("license", "result"),
)
_MAPS = {"contentMap": "content", "nameMap": "name", "summaryMap": "summary"}
# One thing that software calls by different names (federation.md 4.8; FEP-8a8e, Mobilizon, WordPress).
_OTHER_NAMES = (
    *(("quoteUri", "quoteUrl"), ("_misskey_quote", "quoteUrl")),
    *(("ical:status", "eventStatus"), ("status", "eventStatus")),
)
_MOMENTS = ("published", "updated", "deleted", "startTime", "endTime", "reviewBy")
_FLAGS = (
    *("sensitive", "commentsEnabled", "removeData", "discoverable", "indexable", "used"),
    "manuallyApprovesFollowers",
)

SHAPERS: dict[str, Shaper] = {
    "type": type_in,
    "formerType": type_in,
    "preferredUsername": _handle,
    "inReplyTo": _answered,
    "url": _page,
    "icon": _picture,
    "image": _picture,
    "attachment": _files,
    "tag": _tags,
    "source": _source,
    "language": values.language,
    "endpoints": _endpoints,
    "interactionPolicy": _policy,
    "closed": _closed,
    "location": _places,
    "ask": _ask,
    **dict.fromkeys(("timezone", "joinMode", "eventStatus", "mediaType"), _short),
    "externalParticipationUrl": _page,
    "oneOf": _options,
    "anyOf": _options,
    "publicKey": _keys("id", "owner", "publicKeyPem"),
    "assertionMethod": _keys("id", "controller", "publicKeyMultibase"),
    "totalItems": values.number,
    "votersCount": values.number,
    **dict.fromkeys(_LISTS_OF_IDS, _ids),
    **dict.fromkeys(_IDS, values.id_of),
    **dict.fromkeys(_MAPS, _texts),
    **dict.fromkeys(_MOMENTS, values.moment),
    **dict.fromkeys(_FLAGS, values.flag),
    **{key: values.cut(longest) for key, longest in LONGEST.items()},
}
