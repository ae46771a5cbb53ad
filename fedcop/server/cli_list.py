"""``fedcop allow``, ``deny``, ``forget``, ``explain``, ``allowlist``, ``peers``: who may talk with us."""

import contextlib
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path

import click
import msgspec

from fedcop.actions import allowlist, list_file
from fedcop.actions.allowlist import Result
from fedcop.node import Node
from fedcop.rules import Rule, Verdict, canonical
from fedcop.server.command import BY, Refused, on_node, one_line, put, put_all, with_config, with_json
from storage import peers as met


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of the list did."""

    domain: str
    severity: str
    hidden: tuple[str, ...]
    shown: tuple[str, ...]
    ended: tuple[str, ...]
    notes: tuple[str, ...]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``allowlist list``."""

    domain: str
    severity: str
    reason: str
    source: str


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on a host; no rule means the default."""

    domain: str
    verdict: str
    rule: str | None
    source: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import took, or would take."""

    dry_run: bool
    taken: int
    not_taken: tuple[str, ...]
    hidden: tuple[str, ...]


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``peers``; state is ok, failing or hidden."""

    host: str
    software: str
    kind: str
    last_contact: datetime | None
    backlog: int
    failures: int
    state: str


@click.command()
@click.argument("pattern")
@click.option("--reason", default="", help="Shown beside the entry.")
@with_config
@with_json
def allow(config_path: Path, pattern: str, reason: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Allow a node, or all below *.suffix."""
    _change(
        config_path,
        pattern,
        "allow",
        lambda node: allowlist.allow(node, pattern, reason=reason, by=BY),
        as_json=as_json,
    )


@click.command()
@click.argument("pattern")
@click.option("--reason", default="", help="Shown beside the entry.")
@with_config
@with_json
def deny(config_path: Path, pattern: str, reason: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Deny a node with all below it; what ties this node to it ends."""
    _change(
        config_path,
        pattern,
        "deny",
        lambda node: allowlist.deny(node, pattern, reason=reason, by=BY),
        as_json=as_json,
    )


@click.command()
@click.argument("pattern")
@with_config
@with_json
def forget(config_path: Path, pattern: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Take an entry off the list."""
    _change(
        config_path, pattern, "forget", lambda node: allowlist.forget(node, pattern, by=BY), as_json=as_json
    )


@click.command()
@click.argument("domain")
@with_config
@with_json
def explain(config_path: Path, domain: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Say whether a node is allowed, and which rule decides. Exit status 0 allowed, 1 denied."""
    try:
        host = canonical(domain)
    except ValueError as error:
        raise click.UsageError(str(error)) from error

    async def work(node: Node) -> Verdict:
        return node.rules.verdict(host)

    verdict = on_node(config_path, work)
    explained = Explained(
        domain=host,
        verdict="allowed" if verdict.allowed else "denied",
        rule=verdict.rule.pattern if verdict.rule else None,
        source=verdict.rule.source if verdict.rule else "default",
    )
    put(explained, verdict.text(), as_json=as_json)
    if not verdict.allowed:
        raise click.exceptions.Exit(1)


@click.group("allowlist")
def allowlist_group() -> None:
    """List, export and import the federation list."""


@allowlist_group.command("list")
@with_config
@with_json
def list_rules(config_path: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """List every entry, those of the configuration file first."""
    entries = [
        Entry(domain=rule.pattern, severity=rule.severity, reason=rule.reason, source=rule.source)
        for rule in on_node(config_path, _rules)
    ]
    put_all(entries, Entry, as_json=as_json)


@allowlist_group.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True, readable=False))
@with_config
def export(config_path: Path, file: Path) -> None:
    """Write the list to FILE as CSV; - is standard output."""
    text = list_file.write(on_node(config_path, _rules))
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    with _named(file):
        file.write_text(text, "utf-8")


@allowlist_group.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True, readable=False))
@click.option("--dry-run", is_flag=True, help="Only say what would be taken.")
@with_config
@with_json
def import_(config_path: Path, file: Path, dry_run: bool, as_json: bool) -> None:  # noqa: FBT001 - click
    """Put every entry of FILE on the list: CSV, one domain a line, or what Mastodon exports."""
    with _named(file):
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")

    async def work(node: Node) -> allowlist.Imported:
        return await allowlist.import_list(node, text, by=BY, dry_run=dry_run)

    done = on_node(config_path, work)
    left = tuple(f"line {line.number}: {one_line(line.text)}: {line.why}" for line in done.left)
    word = "would take" if dry_run else "took"
    lines = [f"{word} {len(done.taken)}, left {len(left)}", *left, *_told(done.result)]
    imported = Imported(dry_run=dry_run, taken=len(done.taken), not_taken=left, hidden=done.result.hidden)
    put(imported, "\n".join(lines), as_json=as_json)


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
    put(changed, "\n".join([f"{done} {pattern}", *_told(result)]), as_json=as_json)


def _told(result: Result) -> list[str]:
    """Say what followed from a change: what ended, what is hidden or shown, and what does not come back."""
    counts = Counter(one.what for one in result.ended)
    return [
        *result.lines,
        *(f"hidden: {host}" for host in result.hidden),
        *(f"ended: {n} of kind {what}" for what, n in counts.items()),
        *(f"shown again: {host}" for host in result.shown),
        *(f"had ended and stays so: {one.host}: {one.what} {one.detail}" for one in result.before),
    ]


async def _rules(node: Node) -> tuple[Rule, ...]:
    return node.rules.rules


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


@contextlib.contextmanager
def _named(file: Path) -> Iterator[None]:
    """Turn what the system says about a file into one line that names it."""
    try:
        yield
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{file}: is not UTF-8") from error


COMMANDS = (allow, deny, forget, explain, allowlist_group, peers)
