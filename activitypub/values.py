"""One value as a peer writes it, to the value that is meant; None for what is none.

Whatever is given can be held by a row and by an index: no text has a NUL, no id is endless, no number is more
than four bytes take.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from activitypub.document import LONGEST_ID, id_in

Shaper = Callable[[Any], Any]


def many(value: Any) -> list[Any]:
    """Give what is written alone as a list."""
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str | None:
    """Give a text; PostgreSQL holds no NUL, and nobody means one."""
    return value.replace("\0", "") if isinstance(value, str) else None


def cut(longest: int) -> Shaper:
    """Give what reads a text of at most so many characters, and leaves out the rest."""

    def shorter(value: Any) -> str | None:
        whole = text(value)
        return whole[:longest] if whole is not None else None

    return shorter


def id_of(value: Any) -> str | None:
    """Give an id, whatever it is written as; it need be no address, as a conversation's is none."""
    uri = id_in(value)
    return uri if uri and len(uri) <= LONGEST_ID and uri.isprintable() else None


def flag(value: Any) -> bool | None:
    """Give true or false."""
    return value if isinstance(value, bool) else None


def number(value: Any) -> int | None:
    """Give a count or a size: JSON writes 3 and 3.0 alike; a bool is an int to Python only."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value < 1 << 31 else None


def moment(value: Any) -> str | None:
    """Give a time, read leniently: a blank for T, no seconds, no zone (then UTC)."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None


def language(value: Any) -> str | None:
    """Give a language, written as its tag or as Lemmy's and PeerTube's object of identifier and name."""
    for item in many(value):
        name = item.get("identifier") if isinstance(item, dict) else item
        if isinstance(name, str) and name:
            return name
    return None
