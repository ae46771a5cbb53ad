"""Change the federation list, and bring what is held into line with it in the same transaction.

Narrowing: follows both ways end, what is queued goes, content and profiles are hidden. Widening shows again
what the rules now permit and restores nothing; it tells what had ended (decision 16 of the design).
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from fedcop import fetch
from fedcop.actions import list_file
from fedcop.actions.list_file import Left
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node, rules_of
from fedcop.rules import Rule, Severity
from storage import allowlist, audit, changes, deliveries, ended, follows, peers
from storage.allowlist import RuleRow
from storage.ended import Ended
from storage.engine import Reader, Transaction


class Result(msgspec.Struct, frozen=True):
    """What a change of the list did.

    ``ended``: what ended now with the hosts that are hidden; ``before``: what had ended with those that are
    shown again, and stays so. ``lines`` say what else people should know.
    """

    hidden: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    ended: tuple[Ended, ...] = ()
    before: tuple[Ended, ...] = ()
    lines: tuple[str, ...] = ()


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import took, or would take, and what it left with the reason."""

    taken: tuple[Rule, ...]
    left: tuple[Left, ...]
    result: Result


class _Facts(msgspec.Struct, frozen=True, kw_only=True):
    rows: list[RuleRow]
    version: int
    hosts: list[tuple[str, str]]


class _Change(msgspec.Struct, frozen=True, kw_only=True):
    """What one transaction does; ``version`` is that of the list on which it was decided."""

    version: int
    put: tuple[RuleRow, ...]
    removed: tuple[str, ...]
    hide: tuple[str, ...]
    show: tuple[str, ...]
    first_id: int
    now: datetime
    by: str


async def allow(node: Node, text: str, *, reason: str = "", by: str, source: str = "command") -> Result:
    """Allow a host, or all below ``*.suffix``; a node whose ids have another host is allowed there too."""
    pattern = pattern_of(text)
    _ensure_not_ours(node, pattern)
    first = await _put(node, [_row(node, pattern, "allow", reason, by, source)], by=by)
    if pattern.startswith("*."):
        return first
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
    second = await _put(node, [_row(node, host, "allow", reason or f"node of {pattern}", by, source)], by=by)
    return _joined(first, _with(second, line))


async def deny(node: Node, text: str, *, reason: str = "", by: str, source: str = "command") -> Result:
    """Deny a host with all below it; whatever ties this node to it ends."""
    pattern = pattern_of(text)
    _ensure_not_ours(node, pattern)
    return await _put(node, [_row(node, pattern, "deny", reason, by, source)], by=by)


async def forget(node: Node, text: str, *, by: str) -> Result:
    """Take an entry off the list, so that other rules or the default decide."""
    pattern = pattern_of(text)
    if await node.store.read(allowlist.find, pattern) is None:
        fixed = any(rule.pattern == pattern for rule in node.config.rules())
        where = "is fixed by the configuration file" if fixed else "is not on the list"
        raise NotFound(f"{pattern} {where}; `fedcop allowlist list` shows the list")
    return await _apply(node, (), (pattern,), by=by)


async def import_list(node: Node, text: str, *, by: str, dry_run: bool) -> Imported:
    """Put every entry of a file on the list, all at once or, with ``dry_run``, only say which."""
    taken, left = list_file.read(text, ours=(node.uris.host, node.uris.domain))
    rows = [_row(node, rule.pattern, rule.severity, rule.reason, by, "import") for rule in taken]
    result = await _put(node, rows, by=by) if rows and not dry_run else Result()
    return Imported(taken=tuple(taken), left=tuple(left), result=result)


async def reconcile(node: Node, *, by: str = "") -> Result:
    """Bring what is held into line with the list as it stands; the configuration file may have changed."""
    return await _apply(node, (), (), by=by)


async def _put(node: Node, rows: Sequence[RuleRow], *, by: str) -> Result:
    return await _apply(node, tuple(rows), (), by=by)


async def _apply(node: Node, put: tuple[RuleRow, ...], removed: tuple[str, ...], *, by: str) -> Result:
    """Decide on a read, write, and decide again if somebody else changed the list meanwhile."""
    result = None
    while result is None:
        facts = await node.store.read(_facts)
        now = node.clock.now()
        rules = rules_of(node.config, _after(facts.rows, put, removed))
        known = [(host, standing) for host, standing in facts.hosts if host != node.uris.host]
        change = _Change(
            version=facts.version,
            put=put,
            removed=removed,
            hide=tuple(host for host, standing in known if standing == "open" and not rules.allows(host)),
            show=tuple(host for host, standing in known if standing == "hidden" and rules.allows(host)),
            first_id=node.ids.next(now),
            now=now,
            by=by,
        )
        result = await node.store.write(_write, change)
    await node.refresh_rules()
    return result


async def _facts(read: Reader) -> _Facts:
    return _Facts(
        rows=await allowlist.all_rules(read),
        version=await _version(read),
        hosts=await allowlist.known_hosts(read),
    )


async def _version(read: Reader) -> int:
    return (await changes.counters(read)).get("rules", 0)


async def _write(tx: Transaction, change: _Change) -> Result | None:
    """Write a change and what follows from it; None when the list is not the one it was decided on."""
    if await _version(tx) != change.version:
        return None
    for row in change.put:
        await allowlist.put(tx, row)
    for pattern in change.removed:
        await allowlist.remove(tx, pattern)
    gone = await _hide(tx, change)
    before: list[Ended] = []
    for host in change.show:
        await peers.show(tx, host)
        before += await ended.of_host(tx, host)
    for place, (verb, pattern, reason) in enumerate(_decisions(change)):
        await audit.record(
            tx,
            change.first_id + place,
            at=change.now,
            by_name=change.by,
            verb=verb,
            object=pattern,
            detail=reason,
        )
    await changes.bump(tx, "rules")
    return Result(hidden=change.hide, shown=change.show, ended=tuple(gone), before=tuple(before))


async def _hide(tx: Transaction, change: _Change) -> list[Ended]:
    """End all that ties this node to the hosts that are no longer allowed, and keep what that was."""
    gone = [(one.host, one.what, one.detail) for one in await follows.end_with_hosts(tx, change.hide)]
    for host in change.hide:
        await peers.hide(tx, host, change.now)
        if dropped := await deliveries.end_host(tx, host):
            gone.append((host, "delivery", f"{dropped} not sent"))
    rows = [
        Ended(change.first_id + place, host, what, detail, change.now)
        for place, (host, what, detail) in enumerate(gone)
    ]
    await ended.add(tx, rows)
    return rows


def _decisions(change: _Change) -> list[tuple[str, str, str]]:
    """Give verb, pattern and reason of each decision, for the record."""
    return [(row.severity, row.pattern, row.reason) for row in change.put] + [
        ("forget", pattern, "") for pattern in change.removed
    ]


def _after(rows: list[RuleRow], put: tuple[RuleRow, ...], removed: tuple[str, ...]) -> list[RuleRow]:
    """Give the rows as they stand after a change."""
    held = {row.pattern: row for row in rows} | {row.pattern: row for row in put}
    return [row for pattern, row in held.items() if pattern not in removed]


def pattern_of(text: str) -> str:
    """Give the pattern that somebody typed, as rows hold it; raise ``Invalid`` for what is none."""
    try:
        return list_file.pattern_of(text)
    except ValueError as error:
        raise Invalid(domain=str(error)) from None


def _ensure_not_ours(node: Node, pattern: str) -> None:
    if pattern in (node.uris.host, node.uris.domain):
        raise Invalid(domain=f"{pattern} is this node")


def _row(node: Node, pattern: str, severity: Severity, reason: str, by: str, source: str) -> RuleRow:
    return RuleRow(pattern, severity, reason, by, source, node.clock.now())


def _with(result: Result, line: str) -> Result:
    return msgspec.structs.replace(result, lines=(*result.lines, line))


def _joined(first: Result, second: Result) -> Result:
    """Give two changes as one."""
    return Result(*(getattr(first, name) + getattr(second, name) for name in Result.__struct_fields__))
