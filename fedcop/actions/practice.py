"""What a person says of what they do, read from lines of a profile or chosen on a page.

    said = await typed(node, me, lines)                 lines as a client sends them
    said = await chosen(node, me, Practice(...))        services by id
    said.fields                                         all lines of the profile, as HTML

The lines that say it come first, in the person's language; what is on no list stays beside them.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from fedcop.as2 import practices as lines_of_practices
from fedcop.as2.practices import Line, Read
from fedcop.content import markup, sanitise
from fedcop.errors import Invalid
from fedcop.node import Node
from storage import accounts, actors, councils, practices, service_list
from storage.actors import Actor, Field
from storage.councils import Council
from storage.engine import Reader
from storage.practices import MOST_AREAS, MOST_NEEDS, MOST_OFFERS, Practice
from storage.service_list import Service

MOST_FIELDS: Final = 8  # beside those that say what somebody does
MOST_LINES: Final = MOST_FIELDS + len(lines_of_practices.NAMES)
LONGEST_FIELD: Final = 255
LONGEST_LINE: Final = 2000  # of ten services

_MOST: Final = {"areas": MOST_AREAS, "offers": MOST_OFFERS, "needs": MOST_NEEDS}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody does, and the lines of their profile, both as rows hold them."""

    practice: str
    fields: str


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the person's words are read by: their language, the council of this node, services."""

    language: str
    councils: list[Council]
    named: dict[str, Service]
    listed: dict[str, Service]


async def typed(node: Node, me: Actor, lines: Sequence[Line]) -> Said:
    """Read lines of a profile as typed; raise ``Invalid`` for too many, or another council's name."""
    lines = [(name.strip(), _plain(name, value.strip())) for name, value in lines]
    _ensure_short(lines)
    known = await node.store.read(_known, node, me, lines, ())
    read = lines_of_practices.read_lines(lines, known.named, known.language)
    if read.council and not known.councils:
        # Where no council is bound to this node, what somebody says of theirs is a line like any other.
        said = next(line for line in lines if lines_of_practices.kind_of(line[0]) == "council")
        read = msgspec.structs.replace(read, rest=(said, *read.rest))
    if len(read.rest) > MOST_FIELDS:
        raise Invalid(fields_attributes=f"has more than {MOST_FIELDS} lines")
    practice = msgspec.structs.replace(read.practice, council=_council_named(read, known, me))
    rest = [Field(name=name, value=_html(node, value)) for name, value in read.rest if name or value]
    return _said(node, practice, known, rest)


async def chosen(node: Node, me: Actor, practice: Practice) -> Said:
    """Take a practice as a page gives it; raise ``Invalid`` for what is on no list, or too much."""
    held = actors.fields_of(me)
    spoken = [
        (field.name, sanitise.text_of(field.value))
        for field in held
        if lines_of_practices.kind_of(field.name)
    ]
    ids = [one for kind in _MOST for one in getattr(practice, kind)]
    known = await node.store.read(_known, node, me, spoken, ids)
    if unknown := [one for one in ids if one not in known.listed]:
        raise Invalid(services=f"found {unknown[0][:50]!r}, which is not on the service list")
    rest = lines_of_practices.read_lines(spoken, known.named, known.language).rest
    others = [field for field in held if not lines_of_practices.kind_of(field.name)]
    practice = msgspec.structs.replace(
        practice,
        council=_council(known, practice.council),
        names={one: service_list.label_of(known.listed[one], known.language) for one in ids},
    )
    return _said(
        node,
        practice,
        known,
        [*others, *(Field(name=name, value=_html(node, value)) for name, value in rest)],
    )


async def _known(read: Reader, node: Node, me: Actor, lines: Sequence[Line], ids: Sequence[str]) -> _Known:
    account = await accounts.find(read, me.id)
    bound = await councils.of_hosts(read, [node.uris.host])
    return _Known(
        language=account.locale if account else "en",
        councils=bound[node.uris.host],
        named=await service_list.named(read, lines_of_practices.labels_in(lines)),
        listed=await service_list.by_ids(read, ids),
    )


def _plain(name: str, value: str) -> str:
    """Give the text of a line that says what somebody does; clients send back the HTML they were shown."""
    return sanitise.text_of(value) if lines_of_practices.kind_of(name) else value


def _ensure_short(lines: Sequence[Line]) -> None:
    if len(lines) > MOST_LINES:
        raise Invalid(fields_attributes=f"has more than {MOST_LINES} lines")
    for name, value in lines:
        longest = LONGEST_LINE if lines_of_practices.kind_of(name) else LONGEST_FIELD
        if len(name) > LONGEST_FIELD or len(value) > longest:
            raise Invalid(fields_attributes=f"has a text longer than {longest} characters")


def _council_named(read: Read, known: _Known, me: Actor) -> str:
    """Give the code of the council that a person names; raise ``Invalid`` for one that is not this node's."""
    if not read.council or not known.councils:
        return _council(known, practices.of(me).council)
    named = read.council.lower()
    for one in known.councils:
        if named in (one.code.lower(), one.name.lower(), one.name_cy.lower()):
            return one.code
    ours = ", ".join(one.name for one in known.councils)
    raise Invalid(
        fields_attributes=f"says the council {read.council[:100]!r}; people of this node are of {ours}"
    )


def _council(known: _Known, claimed: str) -> str:
    found = councils.chosen(known.councils, claimed)
    return found.code if found else ""


def _said(node: Node, practice: Practice, known: _Known, rest: Sequence[Field]) -> Said:
    for kind, most in _MOST.items():
        if len(getattr(practice, kind)) > most:
            name = lines_of_practices.NAMES[kind][0]
            raise Invalid(fields_attributes=f"has more than {most} services under {name!r}")
    council = councils.chosen(known.councils, practice.council)
    lines = lines_of_practices.lines_of(
        practice, councils.name_of(council, known.language) if council else "", known.language
    )
    fields = [*(Field(name=name, value=_html(node, value)) for name, value in lines), *rest]
    return Said(practice=practices.text_of(practice), fields=msgspec.json.encode(fields).decode())


def _html(node: Node, value: str) -> str:
    """Give the HTML of a profile line, without the paragraph that surrounds it."""
    return markup.html_of(value, {}, node.uris.tag).removeprefix("<p>").removesuffix("</p>")
