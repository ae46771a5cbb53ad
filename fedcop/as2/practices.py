"""What somebody does, as lines of a profile and on the wire.

    lines_of(practice, council_name, "cy")     [("Rôl", "Swyddog Cynllunio"), ("Gofynnwch i mi am", "Parcio")]
    read_lines(lines, listed, "cy")            the practice that lines say, and the other lines
    tags_of(practice, uris)                    Link and Hashtag tags of an actor document
    practice_from(found)                       what a peer's document says, of which nothing foreign is kept

The names of the lines are fixed, in English and Welsh; either is understood, whatever the case. On the wire
the same stands in ``tag`` as Links, whose ``rel`` says of what kind each is (fixed names, never fetched) and
whose ``href`` is the number on the service list; a Hashtag beside each is for software that knows no more.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from activitypub.document import Json
from activitypub.vocab.actors import Actor as Found
from fedcop.content import markup, plain, sanitise
from fedcop.uris import Uris
from storage import practices, service_list
from storage.practices import MOST_AREAS, MOST_NEEDS, MOST_OFFERS, Practice
from storage.service_list import Service

Line = tuple[str, str]

# English, Welsh.
NAMES: Final = {
    "role": ("Role", "Rôl"),
    "council": ("Council", "Cyngor"),
    "areas": ("Service area", "Maes gwasanaeth"),
    "offers": ("Ask me about", "Gofynnwch i mi am"),
    "needs": ("Looking for", "Chwilio am"),
}
MOST: Final = {"areas": MOST_AREAS, "offers": MOST_OFFERS, "needs": MOST_NEEDS}
LONGEST_ROLE: Final = 100
LONGEST_LABEL: Final = 200
MOST_TAGS: Final = 100

_KIND_OF: Final = {name.lower(): kind for kind, names in NAMES.items() for name in names}
_REL: Final = "urn:x-fedcop:"
_COUNCIL: Final = "http://statistics.data.gov.uk/id/statistical-geography/"
_SERVICES: Final = "http://id.esd.org.uk/"
_SERVICE: Final = re.compile(rf"{re.escape(_SERVICES)}((?:function|service)/[0-9]{{1,7}})")
_CODE: Final = re.compile(rf"{re.escape(_COUNCIL)}([A-Z][0-9]{{8}})")


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What lines say: a practice, the council that they name, and those that say something else."""

    practice: Practice
    council: str
    rest: tuple[Line, ...]


def kind_of(name: str) -> str | None:
    """Say of which kind a line is by its name: role, council, areas, offers, needs, or None for any other."""
    return _KIND_OF.get(" ".join(name.split()).rstrip(": ").lower())


def lines_of(practice: Practice, council: str, language: str) -> list[Line]:
    """Give the lines that say what somebody does; what is empty has no line."""
    welsh = language == "cy"
    said = {"role": practice.role, "council": council} | {
        kind: _joined(practices.labels_of(practice, kind)) for kind in MOST
    }
    return [(NAMES[kind][welsh], said[kind]) for kind in NAMES if said[kind]]


def _joined(labels: Sequence[str]) -> str:
    """Give labels in one line; a comma within one of them would end it."""
    return ("; " if any("," in label for label in labels) else ", ").join(labels)


def labels_in(lines: Iterable[Line]) -> set[str]:
    """Give all that may be the label of a service in lines that name services."""
    named = [text for name, text in lines if kind_of(name) in MOST]
    return {label for text in named for part in _parts(text) for label in (part, *_smaller(part))}


def _parts(text: str) -> list[str]:
    return [part for one in re.split(r"[;\n]", text) if (part := " ".join(one.split()))]


def _smaller(part: str) -> list[str]:
    return [one for text in part.split(",") if (one := text.strip())]


def read_lines(lines: Iterable[Line], listed: Mapping[str, Service], language: str) -> Read:
    """Tell what somebody does from what they typed; ``listed`` are services by label in small letters.

    What is on no list stays a line of its own, under the name that it had.
    """
    said: dict[str, list[str]] = {kind: [] for kind in NAMES}
    names: dict[str, str] = {}
    rest: list[Line] = []
    for name, text in lines:
        kind = kind_of(name)
        if kind in MOST:
            found, unknown = _found(text, listed)
            said[kind] += [service.id for service in found]
            names |= {one.id: service_list.label_of(one, language) for one in found}
            rest += [(name, _joined(unknown))] if unknown else []
        elif kind is None or said[kind] or len(text) > LONGEST_ROLE:
            rest.append((name, text))
        elif text.strip():
            said[kind].append(" ".join(text.split()))
    services = {kind: tuple(dict.fromkeys(said[kind])) for kind in MOST}
    practice = msgspec.structs.replace(Practice(role="".join(said["role"]), names=names), **services)
    return Read(practice=practice, council="".join(said["council"]), rest=tuple(rest))


def _found(text: str, listed: Mapping[str, Service]) -> tuple[list[Service], list[str]]:
    found, unknown = [], []
    for part in _parts(text):
        whole = listed.get(part.lower())
        for one in [part] if whole else _smaller(part):
            service = listed.get(one.lower())
            if service is None:
                unknown.append(one)
            else:
                found.append(service)
    return found, unknown


def tags_of(practice: Practice, uris: Uris) -> list[Json]:
    """Give what an actor document holds of a practice beside the lines of its profile."""
    links: list[Json] = [
        {
            "type": "Link",
            "rel": f"{_REL}{kind}",
            "href": f"{_SERVICES}{one}",
            "name": practice.names.get(one, one),
        }
        for kind in MOST
        for one in getattr(practice, kind)
    ]
    if practice.council:
        links.append({"type": "Link", "rel": f"{_REL}council", "href": f"{_COUNCIL}{practice.council}"})
    words = dict.fromkeys(_hashtag(label) for label in practice.names.values())
    return links + [
        {"type": "Hashtag", "href": uris.tag(markup.tag_key(word)), "name": f"#{word}"}
        for word in words
        if word
    ]


def _hashtag(label: str) -> str:
    words = re.findall(r"[^\W_]+", label)
    return "".join(word if word.isupper() else word.capitalize() for word in words)


def practice_from(found: Found) -> Practice:
    """Give what a peer's person does, as far as it is said in words of the list: the rest is left out."""
    said: dict[str, dict[str, str]] = {kind: {} for kind in MOST}
    council = ""
    for tag in found.tag[:MOST_TAGS]:
        kind = (tag.rel or "").removeprefix(_REL) if tag.type == "Link" else ""
        service, code = _SERVICE.fullmatch(tag.href or ""), _CODE.fullmatch(tag.href or "")
        if kind in MOST and service and len(said[kind]) < MOST[kind]:
            said[kind][service[1]] = plain.line_of(tag.name or "", LONGEST_LABEL)
        elif kind == "council" and code:
            council = code[1]
    roles = [
        plain.line_of(sanitise.text_of(line.value or ""), LONGEST_ROLE)
        for line in found.attachment[:MOST_TAGS]
        if line.type == "PropertyValue" and kind_of(line.name or "") == "role"
    ]
    names = {one: label for labels in said.values() for one, label in labels.items() if label}
    services = {kind: tuple(labels) for kind, labels in said.items()}
    practice = Practice(role="".join(roles[:1]), council=council, names=names)
    return msgspec.structs.replace(practice, **services)
