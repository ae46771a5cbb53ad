"""What follows from a change of the federation list: told beforehand, or written in one transaction.

    cut = await effects(node, (row,), ())          what it would cut off; nothing is changed
    done = await apply(node, (row,), (), by=by)    what it cut off

Narrowing: follows both ways end, what is queued goes, content and profiles are hidden. Widening shows again
what the rules now permit and restores nothing; it tells what had ended (decision 16 of the design). Entries
whose last day is over go with any change.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from fedcop.actions import record
from fedcop.node import Node, rule_of, rules_of
from storage import allowlist, audit, changes, deliveries, ended, follows, knocks, peers, ties
from storage.allowlist import RuleRow
from storage.audit import Note
from storage.ended import Ended
from storage.engine import Reader, Transaction
from storage.ties import Ties
from storage.visible import SYSTEM


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


class Effects(msgspec.Struct, frozen=True):
    """What a change of the list would do: what ties this node to each host that it would cut off.

    ``shown``: hidden hosts that would be shown again.
    """

    cut: tuple[Ties, ...] = ()
    shown: tuple[str, ...] = ()


class _Facts(msgspec.Struct, frozen=True, kw_only=True):
    rows: list[RuleRow]
    version: int
    hosts: list[tuple[str, str]]
    knocks: list[str]


class _Change(msgspec.Struct, frozen=True, kw_only=True):
    """What one transaction does; ``version`` is that of the list on which it was decided."""

    version: int
    put: tuple[RuleRow, ...]
    removed: tuple[str, ...]
    expired: tuple[RuleRow, ...]
    hide: tuple[str, ...]
    show: tuple[str, ...]
    decided: tuple[str, ...]
    first_id: int
    now: datetime
    noted: tuple[Note, ...]


async def effects(node: Node, put: Sequence[RuleRow], removed: Sequence[str]) -> Effects:
    """Say what a change would do; rows in ``put`` come onto the list, patterns in ``removed`` go."""
    change = await _change(node, put, removed, by="")
    return Effects(await node.store.scan(ties.with_hosts, SYSTEM, change.hide), change.show)


async def apply(
    node: Node, put: Sequence[RuleRow], removed: Sequence[str], *, by: str, reason: str = ""
) -> Result:
    """Change the list and what hangs on it; decided anew if somebody else changed the list meanwhile."""
    result = None
    while result is None:
        result = await node.store.write(_write, await _change(node, put, removed, by=by, reason=reason))
    await node.refresh_rules()
    return result


async def _change(
    node: Node, put: Sequence[RuleRow], removed: Sequence[str], *, by: str, reason: str = ""
) -> _Change:
    """Decide what a change does, on the list and the hosts as they stand."""
    facts = await node.store.scan(_facts)
    now = node.clock.now()
    rows = _after(facts.rows, put, removed)
    rules = rules_of(node.config, rows, now)
    known = [(host, standing) for host, standing in facts.hosts if host != node.uris.host]
    expired = tuple(row for row in rows if not rule_of(row).counts(now))
    return _Change(
        version=facts.version,
        put=tuple(put),
        removed=tuple(removed),
        expired=expired,
        hide=tuple(host for host, standing in known if standing == "open" and not rules.allows(host)),
        show=tuple(host for host, standing in known if standing == "hidden" and rules.allows(host)),
        decided=tuple(host for host in facts.knocks if rules.allows(host) or rules.denies(host)),
        first_id=node.ids.next(now),
        now=now,
        noted=_noted(node, facts.rows, put, removed, expired, by, reason),
    )


async def _facts(read: Reader) -> _Facts:
    return _Facts(
        rows=await allowlist.all_rules(read),
        version=await _version(read),
        hosts=await allowlist.known_hosts(read),
        knocks=await knocks.hosts(read),
    )


async def _version(read: Reader) -> int:
    return (await changes.counters(read)).get("rules", 0)


async def _write(tx: Transaction, change: _Change) -> Result | None:
    """Write a change and what follows from it; None when the list is not the one it was decided on."""
    if await _version(tx) != change.version:
        return None
    for row in change.put:
        await allowlist.put(tx, row)
    for pattern in (*change.removed, *(row.pattern for row in change.expired)):
        await allowlist.remove(tx, pattern)
    await knocks.remove(tx, change.decided)
    gone = await _hide(tx, change)
    before: list[Ended] = []
    for host in change.show:
        await peers.show(tx, host)
        before += await ended.of_host(tx, host)
    for noted in change.noted:
        await audit.record(tx, noted)
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


def _noted(
    node: Node,
    rows: Sequence[RuleRow],
    put: Sequence[RuleRow],
    removed: Sequence[str],
    expired: Sequence[RuleRow],
    by: str,
    reason: str,
) -> tuple[Note, ...]:
    """Make an entry for the record of each decision, with what stood on the list before."""
    held = {row.pattern: row for row in rows}
    decided: list[tuple[str, str, str, RuleRow | None]] = [
        *((row.severity, row.pattern, row.reason, row) for row in put),
        *(("forget", pattern, reason, None) for pattern in removed),
        *(("expire", row.pattern, f"{row.severity} until {row.until}", None) for row in expired),
    ]
    return tuple(
        record.note(
            node,
            by or record.NODE,
            verb,
            pattern,
            reason=reason,
            before=_said(held.get(pattern)),
            after=_said(after),
        )
        for verb, pattern, reason, after in decided
    )


def _said(row: RuleRow | None) -> dict[str, str]:
    """Give what an entry of the list says, by name."""
    names = ("severity", "reason", "source", "review_on", "until")
    said = {name: getattr(row, name, None) for name in names}
    return {name: str(value) for name, value in said.items() if value}


def _after(rows: list[RuleRow], put: Sequence[RuleRow], removed: Sequence[str]) -> list[RuleRow]:
    """Give the rows as they stand after a change."""
    held = {row.pattern: row for row in rows} | {row.pattern: row for row in put}
    return [row for pattern, row in held.items() if pattern not in removed]
