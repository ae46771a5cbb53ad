"""The federation list as a file: ours, a plain list of domains, or what Mastodon and FediBlockHole export.

    listing = read(text)            what can be taken, and each other line with the reason
    text = write(rules)             CSV: domain,severity,reason, and review,until if any entry has them

Mastodon's export of blocks begins ``#domain,#severity,...,#public_comment``, that of allowed domains
``#domain`` alone. FediBlockHole (src/fediblockhole/blocklists.py at 05daa7f5) writes the same columns without
the signs, with ``private_comment``, and reads JSON: a list of Mastodon's admin entities, or RapidBlock's
``{"blocks": {DOMAIN: {"isBlocked", "reason"}}}``. ``suspend`` is our deny; ``silence`` and ``noop`` have no
counterpart here. Mastodon writes stars into names that it does not tell.
"""

import csv
import io
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from fedcop.errors import Invalid
from fedcop.rules import Rule, canonical

SEVERITIES: dict[str, Literal["allow", "deny"]] = {"allow": "allow", "deny": "deny", "suspend": "deny"}
MILDER = frozenset({"silence", "limit", "noop"})
COLUMNS = ("domain", "severity", "reason")
REASONS = ("reason", "public_comment", "private_comment", "comment")
DAYS = {"review": "review_on", "until": "until"}
WANTED = "CSV, JSON or one domain a line"

_ADDRESS = re.compile(r"https?://([^/?#@]+)/?", re.IGNORECASE)


class Left(msgspec.Struct, frozen=True):
    """A line that is not taken, and why."""

    number: int
    text: str
    why: str


class Entry(msgspec.Struct, frozen=True):
    """A line that can be taken."""

    number: int
    rule: Rule


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was read.

    ``left``: lines that have no counterpart here. ``repeated``: lines that say what an earlier one says.
    ``bad``: lines of a table that cannot be read; in a plain list of domains such a line is merely left.
    """

    entries: tuple[Entry, ...]
    repeated: tuple[Left, ...] = ()
    left: tuple[Left, ...] = ()
    bad: tuple[Left, ...] = ()


class _Line(msgspec.Struct, frozen=True):
    number: int
    text: str
    cells: Mapping[str, str]


def pattern_of(text: str) -> str:
    """Give a pattern in its one form, a host or ``*.suffix``; raise ``ValueError`` in plain words."""
    text = text.strip()
    wild = "*." if text.startswith("*.") else ""
    return wild + canonical(text.removeprefix("*."))


def read(text: str, *, ours: Container[str] = ()) -> Listing:
    """Read a list; of two lines for one domain the later one is taken. Names of ``ours`` are left.

    Raises ``Invalid`` for what is neither CSV nor JSON of a known form.
    """
    text = text.removeprefix("\ufeff")
    lines = list(_from_json(text) if text.lstrip()[:1] in ("[", "{") else _from_csv(text))
    taken: dict[str, Entry] = {}
    repeated, left, faulty = [], [], []
    for line in lines:
        try:
            rule = _rule(line.cells)
        except ValueError as error:
            faulty.append(Left(line.number, line.text, str(error)))
            continue
        if isinstance(rule, str) or rule.pattern in ours:
            left.append(Left(line.number, line.text, rule if isinstance(rule, str) else "is this node"))
            continue
        if (before := taken.get(rule.pattern)) and before.rule == rule:
            repeated.append(Left(line.number, line.text, f"is in line {before.number} already"))
        else:
            taken[rule.pattern] = Entry(line.number, rule)
    plain = not any("severity" in line.cells for line in lines)
    return Listing(
        entries=tuple(taken.values()),
        repeated=tuple(repeated),
        left=tuple(sorted(left + faulty, key=lambda one: one.number)) if plain else tuple(left),
        bad=() if plain else tuple(faulty),
    )


def _from_csv(text: str) -> Iterator[_Line]:
    """Give each line's cells by column; raise ``Invalid`` where the text is no CSV."""
    reader = csv.reader(io.StringIO(text))
    columns = list(COLUMNS)
    try:
        for cells in reader:
            names = [cell.strip().lower().lstrip("#") for cell in cells]
            if "domain" in names:
                columns = names
            elif any(names) and not cells[0].lstrip().startswith("#"):
                found = dict(zip(columns, map(str.strip, cells), strict=False))
                yield _Line(reader.line_num, ",".join(cells), found)
    except csv.Error as error:
        raise Invalid(f"line {reader.line_num}: {error}; wanted {WANTED}") from None


def _from_json(text: str) -> Iterator[_Line]:
    """Give each entry's texts by name, numbered from 1; raise ``Invalid`` where it is no list of entries."""
    try:
        document = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise Invalid(f"no JSON: {error}; wanted {WANTED}") from None
    entries = _entries_of(document)
    if entries is None:
        raise Invalid('found JSON of another form; wanted a list of {"domain": …, "severity": …}')
    for number, entry in enumerate(entries, 1):
        found = {name: value.strip() for name, value in entry.items() if isinstance(value, str)}
        yield _Line(number, found.get("domain", ""), found)


def _entries_of(document: Any) -> list[dict[str, Any]] | None:
    """Give the entries of Mastodon's form, or of RapidBlock's in that form; None for any other."""
    blocks = document.get("blocks") if isinstance(document, dict) else None
    if isinstance(blocks, dict) and all(isinstance(entry, dict) for entry in blocks.values()):
        return [
            {**entry, "domain": domain, "severity": "suspend" if entry.get("isBlocked") else "noop"}
            for domain, entry in blocks.items()
        ]
    if isinstance(document, list) and all(isinstance(entry, dict) for entry in document):
        return document
    return None


def _rule(cells: Mapping[str, str]) -> Rule | str:
    """Give the entry of a line, or why it has no counterpart; raise ``ValueError`` if it cannot be read."""
    word, domain = cells.get("severity", "allow").lower(), cells.get("domain", "")
    if word in MILDER:
        return f"severity {word!r}: wanted allow or deny"
    if word not in SEVERITIES:
        raise ValueError(f"severity {word!r}: wanted allow or deny")
    if "*" in domain.removeprefix("*."):
        return f"found {domain!r}, a name that is not told"
    address = _ADDRESS.fullmatch(domain)
    return Rule(
        pattern=pattern_of(address[1] if address else domain),
        severity=SEVERITIES[word],
        reason=next((cells[name] for name in REASONS if cells.get(name)), ""),
        source="import",
        review_on=day_of(cells.get("review")),
        until=day_of(cells.get("until")),
    )


def day_of(text: str | None) -> date | None:
    """Give the day that a text names, or None for no text; raise ``ValueError`` in plain words."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"found {text!r}, wanted a day such as 2027-03-31") from None


def write(rules: Iterable[Rule]) -> str:
    """Write a list as CSV."""
    rules = list(rules)
    days = DAYS if any(rule.review_on or rule.until for rule in rules) else {}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *days])
    for rule in rules:
        writer.writerow(
            [rule.pattern, rule.severity, rule.reason, *(getattr(rule, name) for name in days.values())]
        )
    return out.getvalue()
