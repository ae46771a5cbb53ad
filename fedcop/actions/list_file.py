"""The federation list as a file: ours, a plain list of domains, or what Mastodon exports.

    lines, left = read(text)        what can be taken, and each other line with the reason
    text = write(rules)             CSV: domain,severity,reason

Mastodon's export of blocks begins ``#domain,#severity,...,#public_comment``, that of allowed domains
``#domain`` alone; its ``suspend`` is our deny. ``silence`` and ``noop`` have no counterpart here.
"""

import csv
import io
from collections.abc import Container, Iterable, Iterator
from typing import Literal

import msgspec

from fedcop.errors import Invalid
from fedcop.rules import Rule, canonical

SEVERITIES: dict[str, Literal["allow", "deny"]] = {"allow": "allow", "deny": "deny", "suspend": "deny"}


class Left(msgspec.Struct, frozen=True):
    """A line that is not taken, and why."""

    number: int
    text: str
    why: str


def pattern_of(text: str) -> str:
    """Give a pattern in its one form, a host or ``*.suffix``; raise ``ValueError`` in plain words."""
    text = text.strip()
    wild = "*." if text.startswith("*.") else ""
    return wild + canonical(text.removeprefix("*."))


def read(text: str, *, ours: Container[str] = ()) -> tuple[list[Rule], list[Left]]:
    """Read a list; of two lines for one domain the later one is taken. Names of ``ours`` are left."""
    taken: dict[str, Rule] = {}
    left: list[Left] = []
    columns = ["domain", "severity", "reason"]
    for number, cells in _lines(text):
        names = [cell.strip().lower().lstrip("#") for cell in cells]
        if "domain" in names:
            columns = ["reason" if name == "public_comment" else name for name in names]
        elif any(names) and not cells[0].lstrip().startswith("#"):
            rule = _rule(dict(zip(columns, map(str.strip, cells), strict=False)))
            if isinstance(rule, Rule) and rule.pattern in ours:
                rule = "is this node"
            if isinstance(rule, Rule):
                taken[rule.pattern] = rule
            else:
                left.append(Left(number, ",".join(cells), rule))
    return list(taken.values()), left


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each line's cells with its number; raise ``Invalid`` where the text is no CSV."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise Invalid(f"line {reader.line_num}: {error}; wanted CSV, or one domain a line") from None


def _rule(line: dict[str, str]) -> Rule | str:
    """Give the rule of a line, or why it is none."""
    word = line.get("severity", "allow").lower()
    severity = SEVERITIES.get(word)
    if severity is None:
        return f"severity {word!r}: wanted allow or deny"
    try:
        pattern = pattern_of(line.get("domain", ""))
    except ValueError as error:
        return str(error)
    return Rule(pattern=pattern, severity=severity, reason=line.get("reason", ""), source="import")


def write(rules: Iterable[Rule]) -> str:
    """Write a list as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["domain", "severity", "reason"])
    writer.writerows([rule.pattern, rule.severity, rule.reason] for rule in rules)
    return out.getvalue()
