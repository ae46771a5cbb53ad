"""Structured fields (RFC 8941), read strictly: a name that occurs twice is refused."""

from typing import Any, NoReturn

import http_sf

from activitypub.errors import Malformed

# A header line is read octet by octet; nobody signs with more.
MOST_CHARACTERS = 8192


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
