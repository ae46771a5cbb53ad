"""``fedcop allow``, ``deny``, ``forget``, ``explain``, ``peers``: who may talk with us."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from fedcop.actions import allowlist
from fedcop.actions.narrow import Effects, Result
from fedcop.node import Node
from fedcop.rules import Verdict, canonical
from fedcop.server.command import (
    BY,
    Command,
    on_node,
    put,
    put_all,
    with_config,
    with_json,
)
from storage import peers as met


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of the list did."""

    domain: str
    severity: str
    hidden: tuple[str, ...]
    shown: tuple[str, ...]
    ended: tuple[str, ...]
    notes: tuple[str, ...]


class Foretold(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of the list would do; nothing is changed."""

    dry_run: bool = True
    domain: str
    severity: str
    cut_off: tuple[dict[str, Any], ...]
    shown: tuple[str, ...]


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on a host; no rule means the default."""

    domain: str
    verdict: str
    rule: str | None
    source: str
    reason: str
    by: str
    at: datetime | None
    review: date | None
    until: date | None


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``peers``; state is ok, failing or hidden."""

    host: str
    software: str
    kind: str
    last_contact: datetime | None
    backlog: int
    failures: int
    state: str


def _with_dry_run(command: Command) -> Command:
    """Add ``--dry-run``."""
    return click.option("--dry-run", is_flag=True, help="Only say what would be cut off.")(command)


def _with_terms(command: Command) -> Command:
    """Add what is said of an entry: why, when to look at it again, and its last day."""
    day = click.DateTime(["%Y-%m-%d"])
    for option in (
        click.option("--until", type=day, metavar="DATE", help="The last day on which it counts, in UTC."),
        click.option("--review", type=day, metavar="DATE", help="The day on which to look at it again."),
        click.option("--reason", default="", help="Shown beside the entry."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("pattern")
@_with_terms
@_with_dry_run
@with_config
@with_json
def allow(config_path: Path, pattern: str, dry_run: bool, as_json: bool, **terms: Any) -> None:  # noqa: FBT001 - click
    """Allow a node, or all below *.suffix."""
    if dry_run:
        return _foretell(config_path, pattern, "allow", as_json=as_json)

    async def work(node: Node) -> Result:
        return await allowlist.allow(node, pattern, **_terms(**terms), by=BY)

    return _change(config_path, pattern, "allow", work, as_json=as_json)


@click.command()
@click.argument("pattern")
@_with_terms
@_with_dry_run
@with_config
@with_json
def deny(config_path: Path, pattern: str, dry_run: bool, as_json: bool, **terms: Any) -> None:  # noqa: FBT001 - click
    """Deny a node with all below it; what ties this node to it ends."""
    if dry_run:
        return _foretell(config_path, pattern, "deny", as_json=as_json)

    async def work(node: Node) -> Result:
        return await allowlist.deny(node, pattern, **_terms(**terms), by=BY)

    return _change(config_path, pattern, "deny", work, as_json=as_json)


def _terms(reason: str, review: datetime | None, until: datetime | None) -> dict[str, Any]:
    return {"reason": reason, "review_on": review and review.date(), "until": until and until.date()}


@click.command()
@click.argument("pattern")
@_with_dry_run
@with_config
@with_json
def forget(config_path: Path, pattern: str, dry_run: bool, as_json: bool) -> None:  # noqa: FBT001 - click
    """Take an entry off the list."""
    if dry_run:
        return _foretell(config_path, pattern, "forget", as_json=as_json)

    async def work(node: Node) -> Result:
        return await allowlist.forget(node, pattern, by=BY)

    return _change(config_path, pattern, "forget", work, as_json=as_json)


@click.command()
@click.argument("domain")
@with_config
@with_json
def explain(config_path: Path, domain: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Say whether a node is allowed, and which rule decides. Exit status 0 allowed, 1 denied."""
    host = host_of(domain)

    async def work(node: Node) -> Verdict:
        return node.rules.verdict(host)

    verdict = on_node(config_path, work)
    rule = verdict.rule
    explained = Explained(
        domain=host,
        verdict="allowed" if verdict.allowed else "denied",
        rule=rule.pattern if rule else None,
        source=rule.source if rule else "default",
        reason=rule.reason if rule else "",
        by=rule.by if rule else "",
        at=rule.at if rule else None,
        review=rule.review_on if rule else None,
        until=rule.until if rule else None,
    )
    put(explained, verdict.text(), as_json=as_json)
    if not verdict.allowed:
        raise click.exceptions.Exit(1)


@click.command()
@with_config
@with_json
def peers(config_path: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """List every node met."""

    async def work(node: Node) -> list[Peer]:
        return [_peer(row) for row in await node.store.read(met.all_met)]

    put_all(on_node(config_path, work), Peer, as_json=as_json)


def _change(
    config_path: Path,
    pattern: str,
    severity: str,
    work: Callable[[Node], Awaitable[Result]],
    *,
    as_json: bool,
) -> None:
    result = on_node(config_path, work)
    changed = Changed(
        domain=pattern,
        severity=severity,
        hidden=result.hidden,
        shown=result.shown,
        ended=tuple(f"{one.host}: {one.what} {one.detail}" for one in result.ended),
        notes=result.lines,
    )
    done = {"allow": "allowed", "deny": "denied", "forget": "forgot"}[severity]
    put(changed, "\n".join([f"{done} {pattern}", *told(result)]), as_json=as_json)


def _foretell(config_path: Path, pattern: str, severity: str, *, as_json: bool) -> None:
    async def work(node: Node) -> Effects:
        return await allowlist.effects(node, **{severity: [pattern]})

    effects = on_node(config_path, work)
    foretold = Foretold(domain=pattern, severity=severity, cut_off=cut_off(effects), shown=effects.shown)
    put(foretold, "\n".join(foreseen(effects) or ["nothing would be cut off"]), as_json=as_json)


def cut_off(effects: Effects) -> tuple[dict[str, Any], ...]:
    """Give what a change would do to each host, as flat objects."""
    return tuple(msgspec.structs.asdict(ties) for ties in effects.cut)


def foreseen(effects: Effects) -> list[str]:
    """Say what a change would do to each host, in words."""
    return [
        f"would cut off {ties.host}: people {ties.people}, communities {ties.communities}, "
        f"follows {ties.follows}, memberships {ties.memberships}, posts held {ties.posts}, "
        f"deliveries waiting {ties.deliveries}"
        for ties in effects.cut
    ] + [f"would show again: {host}" for host in effects.shown]


def told(result: Result) -> list[str]:
    """Say what followed from a change: what ended, what is hidden or shown, and what does not come back."""
    counts = Counter(one.what for one in result.ended)
    return [
        *result.lines,
        *(f"hidden: {host}" for host in result.hidden),
        *(f"ended: {n} of kind {what}" for what, n in counts.items()),
        *(f"shown again: {host}" for host in result.shown),
        *(f"had ended and stays so: {one.host}: {one.what} {one.detail}" for one in result.before),
    ]


def host_of(domain: str) -> str:
    """Give a host in its one form; anything else is wrong usage."""
    try:
        return canonical(domain)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _peer(row: met.PeerView) -> Peer:
    contacts = [at for at in (row.heard_at, row.reached_at) if at is not None]
    state = "failing" if row.failures else "ok"
    return Peer(
        host=row.host,
        software=f"{row.software} {row.version}".strip(),
        kind=row.kind,
        last_contact=max(contacts, default=None),
        backlog=row.backlog,
        failures=row.failures,
        state="hidden" if row.standing == "hidden" else state,
    )


COMMANDS = (allow, deny, forget, explain, peers)
