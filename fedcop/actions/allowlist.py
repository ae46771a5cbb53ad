"""Change the federation list, entry by entry or by a file, and say beforehand what that would cut off.

What follows from a change is ``narrow.apply``. What the configuration file fixes is not changed here, but it
may be denied: deny beats allow.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from fedcop import fetch
from fedcop.actions import list_file, narrow
from fedcop.actions.list_file import Left
from fedcop.actions.narrow import Effects, Result
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node, rule_of
from fedcop.rules import Rule, Severity
from storage import allowlist
from storage.allowlist import RuleRow

MOST_NAMED = 5  # of the lines that refuse an import


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import does, or would do, and what it leaves with the reason.

    ``already``: lines that say what the list, or an earlier line, says already. ``effects`` was looked at
    before; ``result`` is what happened, and empty in a dry run.
    """

    added: tuple[Rule, ...]
    changed: tuple[Rule, ...]
    already: tuple[Left, ...]
    left: tuple[Left, ...]
    effects: Effects
    result: Result


async def allow(
    node: Node,
    text: str,
    *,
    reason: str = "",
    review_on: date | None = None,
    until: date | None = None,
    by: str,
    source: str = "command",
) -> Result:
    """Allow a host, or all below ``*.suffix``; a node whose ids have another host is allowed there too.

    The entry ends with the day ``until``. Days that are over are refused, and so is what the configuration
    file denies; what it allows stays as it is, and a line says so.
    """
    row = _row(node, text, "allow", reason, by, source, review_on=review_on, until=until)
    if fixed := _fixed(node, row.pattern):
        if fixed.severity == "deny":
            raise Invalid(domain=f"{row.pattern} is denied by the configuration file, and only there changed")
        return Result(lines=(f"{row.pattern} is fixed by the configuration file; nothing is changed",))
    first = await narrow.apply(node, (row,), (), by=by)
    return first if row.pattern.startswith("*.") else await _followed(node, row, first)


async def _followed(node: Node, row: RuleRow, first: Result) -> Result:
    """Ask an allowed domain for its node, and allow the host of its ids too."""
    pattern = row.pattern
    verdict = node.rules.verdict(pattern)
    if not verdict.allowed:
        return _with(first, f"{pattern} stays denied: {verdict.text()}")
    host = await fetch.node_host(node, pattern)
    if host is None:
        return _with(first, f"{pattern} could not be reached to ask for its node; added as given")
    if host == pattern:
        domain = next((domain for domain, other in node.domains.items() if other == host), None)
        return _with(first, f"handles at {host} end in @{domain}") if domain else first
    line = f"{pattern} is served by {host}, whose name its ids have: {host} is allowed too"
    if node.rules.allows(host):
        return _with(first, line)
    there = msgspec.structs.replace(row, pattern=host, reason=row.reason or f"node of {pattern}")
    second = await narrow.apply(node, (there,), (), by=row.by_name)
    return _joined(first, _with(second, line))


async def deny(
    node: Node,
    text: str,
    *,
    reason: str = "",
    review_on: date | None = None,
    until: date | None = None,
    by: str,
    source: str = "command",
) -> Result:
    """Deny a host with all below it; whatever ties this node to it ends.

    The entry ends with the day ``until``. Days that are over are refused. What the configuration file denies
    stays as it is, and a line says so.
    """
    row = _row(node, text, "deny", reason, by, source, review_on=review_on, until=until)
    fixed = _fixed(node, row.pattern)
    if fixed is not None and fixed.severity == "deny":
        return Result(lines=(f"{row.pattern} is fixed by the configuration file; nothing is changed",))
    return await narrow.apply(node, (row,), (), by=by)


async def forget(node: Node, text: str, *, reason: str = "", by: str) -> Result:
    """Take an entry off the list, so that other rules or the default decide."""
    return await narrow.apply(node, (), (await _listed(node, text),), by=by, reason=reason)


async def _listed(node: Node, text: str) -> str:
    """Give the pattern of an entry that can be taken off the list; raise ``NotFound`` for none."""
    pattern = pattern_of(text)
    if await node.store.read(allowlist.find, pattern) is None:
        where = "is fixed by the configuration file" if _fixed(node, pattern) else "is not on the list"
        raise NotFound(f"{pattern} {where}; `fedcop allowlist list` shows the list")
    return pattern


async def effects(
    node: Node, *, allow: Sequence[str] = (), deny: Sequence[str] = (), forget: Sequence[str] = ()
) -> Effects:
    """Say what a change of some patterns would cut off; nothing is changed. Refuses what the change would."""
    rows = [_row(node, text, "allow", "", "", "page") for text in allow]
    rows += [_row(node, text, "deny", "", "", "page") for text in deny]
    return await narrow.effects(node, rows, [await _listed(node, text) for text in forget])


async def import_list(node: Node, text: str, *, by: str, dry_run: bool, source: str = "import") -> Imported:
    """Put every entry of a file on the list, all at once or, with ``dry_run``, only say which.

    A line of a table that cannot be read refuses the whole file: it may be a denial. A plain list only
    allows, so there it is left, and allows nobody.
    """
    listing = list_file.read(text, ours=(node.uris.host, node.uris.domain))
    if listing.bad:
        raise Invalid(f"{_named(listing.bad)}; nothing is changed")
    rows = {row.pattern: row for row in await node.store.read(allowlist.all_rules)}
    kinds: dict[str, list[Rule]] = {"added": [], "changed": []}
    already, left = list(listing.repeated), list(listing.left)
    for line in listing.entries:
        rule, fixed, row = line.rule, _fixed(node, line.rule.pattern), rows.get(line.rule.pattern)
        held = fixed or (rule_of(row) if row else None)
        if held is not None and _says_nothing_new(rule, held):
            already.append(Left(line.number, rule.pattern, f"is there already ({held.source})"))
        elif why := _why_not(rule, fixed, node.clock.now()):
            left.append(Left(line.number, rule.pattern, why))
        else:
            kinds["changed" if row else "added"].append(rule)
    put = [_row_of(node, rule, by, source) for rules in kinds.values() for rule in rules]
    cut = await narrow.effects(node, put, ())
    return Imported(
        added=tuple(kinds["added"]),
        changed=tuple(kinds["changed"]),
        already=tuple(sorted(already, key=lambda one: one.number)),
        left=tuple(sorted(left, key=lambda one: one.number)),
        effects=cut,
        result=await narrow.apply(node, put, (), by=by) if put and not dry_run else Result(),
    )


def _why_not(rule: Rule, fixed: Rule | None, now: datetime) -> str:
    """Say why an entry of a file does not come onto the list; nothing if it does."""
    if not rule.counts(now):
        return f"ended with {rule.until}"
    if fixed is not None and (rule.severity == "allow" or fixed.severity == "deny"):
        return "is fixed by the configuration file"
    return ""


async def end_entries(node: Node) -> Result:
    """Take off the list what ended with a day that is over, and end what it permitted."""
    now = node.clock.now()
    if all(rule_of(row).counts(now) for row in await node.store.read(allowlist.all_rules)):
        return Result()
    return await reconcile(node)


async def reconcile(node: Node, *, by: str = "") -> Result:
    """Bring what is held into line with the list as it stands; the configuration file may have changed."""
    return await narrow.apply(node, (), (), by=by)


def pattern_of(text: str) -> str:
    """Give the pattern that somebody typed, as rows hold it; raise ``Invalid`` for what is none."""
    try:
        return list_file.pattern_of(text)
    except ValueError as error:
        raise Invalid(domain=str(error)) from None


def _fixed(node: Node, pattern: str) -> Rule | None:
    """Give what the configuration file says of a pattern; of two entries the one that denies."""
    rules = [rule for rule in node.config.rules() if rule.pattern == pattern]
    return min(rules, key=lambda rule: rule.severity == "allow", default=None)


def _row(
    node: Node,
    text: str,
    severity: Severity,
    reason: str,
    by: str,
    source: str,
    *,
    review_on: date | None = None,
    until: date | None = None,
) -> RuleRow:
    """Give the entry that somebody wants, or refuse it field by field."""
    pattern, now = pattern_of(text), node.clock.now()
    if pattern in (node.uris.host, node.uris.domain):
        raise Invalid(domain=f"{pattern} is this node")
    over = {
        name: f"found {day}, wanted {now.date()} or later"
        for name, day in (("review", review_on), ("until", until))
        if day is not None and day < now.date()
    }
    if over:
        raise Invalid(**over)
    return RuleRow(pattern, severity, reason, by, source, now, review_on, until)


def _row_of(node: Node, rule: Rule, by: str, source: str) -> RuleRow:
    """Give the row of an entry that was read; a review that is overdue stays so."""
    now = node.clock.now()
    return RuleRow(rule.pattern, rule.severity, rule.reason, by, source, now, rule.review_on, rule.until)


def _says_nothing_new(rule: Rule, held: Rule) -> bool:
    """Tell whether an entry of a file has nothing that the entry on the list does not say."""
    said = ((getattr(rule, name), getattr(held, name)) for name in ("reason", "review_on", "until"))
    return rule.severity == held.severity and all(new in ("", None, old) for new, old in said)


def _named(lines: Sequence[Left]) -> str:
    """Name lines that cannot be taken, each on the same line of text, and no more than people read."""
    told = "; ".join(f"line {one.number}: {one.why}" for one in lines[:MOST_NAMED])
    return f"{told}; and {len(lines) - MOST_NAMED} more" if len(lines) > MOST_NAMED else told


def _with(result: Result, line: str) -> Result:
    return msgspec.structs.replace(result, lines=(*result.lines, line))


def _joined(first: Result, second: Result) -> Result:
    """Give two changes as one."""
    return Result(*(getattr(first, name) + getattr(second, name) for name in Result.__struct_fields__))
