"""Headers made of names and values, read strictly: a name that occurs twice is refused.

Structured fields (RFC 8941) of RFC 9421, and the older ``name="value"`` lists of draft-cavage and FEP-8fcf.
"""

import re
from typing import Any, NoReturn

import http_sf

from activitypub.errors import Malformed

# A header line is read octet by octet; nobody signs with more.
MOST_CHARACTERS = 8192

_PARAMETER = re.compile(r'\s*([A-Za-z]+)=(?:"([^"\\]*)"|(-?\d{1,15}))\s*(?:,|$)')


def dictionary(name: str, value: str) -> dict[str, Any]:
    """Read a header as a dictionary of values with parameters; raise ``Malformed`` if it is none."""
    if len(value) > MOST_CHARACTERS:
        raise Malformed(f"{name} has {len(value)} characters, at most {MOST_CHARACTERS} are read")

    def twice(key: str, _where: str) -> NoReturn:
        raise Malformed(f"{name} holds {key!r} twice")

    try:
        found = http_sf.parse(value.encode("latin-1"), tltype="dictionary", on_duplicate_key=twice)
    except (http_sf.StructuredFieldError, ValueError) as error:
        raise Malformed(f"{name} is {value[:80]!r}, wanted a structured field: {error}") from error
    return dict(found)  # type: ignore[arg-type]  # "dictionary" gives one


def parameters(name: str, value: str) -> dict[str, str]:
    """Read a header of parameters, quoted or numbers; raise ``Malformed`` for anything else."""
    if len(value) > MOST_CHARACTERS:
        raise Malformed(f"{name} has {len(value)} characters, at most {MOST_CHARACTERS} are read")
    found: dict[str, str] = {}
    place = 0
    while place < len(value):
        match = _PARAMETER.match(value, place)
        if match is None:
            raise Malformed(f"{name} is {value[place : place + 80]!r} at {place}, wanted name=value")
        if match[1] in found:
            raise Malformed(f"{name} holds {match[1]!r} twice")
        found[match[1]] = match[2] if match[2] is not None else match[3]
        place = match.end()
    return found
