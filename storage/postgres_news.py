"""What processes that share a PostgreSQL database tell each other: whom to wake, and what was committed.

Hints, never the work itself: what a process misses it finds when it looks, a second later.
"""

import msgspec

from storage.engine import Change

READERS_EACH = 300

TELL = "SELECT pg_notify('fedcop', value) FROM json_each(:lines)"


class News(msgspec.Struct, frozen=True, array_like=True):
    """Something that the process ``by`` committed: a subject to wake for, or a change."""

    by: int
    subject: str | None = None
    change: Change | None = None


_DECODER = msgspec.json.Decoder(News)


def lines_of(by: int, wakes: list[str], changes: list[Change]) -> list[str]:
    """Write what was committed as lines that each fit into one notification."""
    news = [News(by, subject=subject) for subject in dict.fromkeys(wakes)]
    news += [News(by, change=part) for change in changes for part in _parts(change)]
    return [msgspec.json.encode(one).decode() for one in news]


def _parts(change: Change) -> list[Change]:
    """Give a change for some of its readers at a time."""
    if change.readers is None:
        return [change]
    readers = sorted(change.readers)
    return [
        msgspec.structs.replace(change, readers=frozenset(readers[at : at + READERS_EACH]))
        for at in range(0, len(readers), READERS_EACH)
    ]


def read(line: str) -> News | None:
    """Read what another process said; None for what is not ours, or of another version."""
    try:
        return _DECODER.decode(line)
    except msgspec.DecodeError:
        return None
