"""``fedcop allowlist``: the federation list as a whole, listed, read from a file and written to one."""

import contextlib
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from fedcop.actions import allowlist, list_file, register
from fedcop.actions.list_file import Left
from fedcop.actions.narrow import Result
from fedcop.actions.register import Proposal
from fedcop.node import Node
from fedcop.rules import Rule
from fedcop.server.cli_list import cut_off, foreseen, host_of, told
from fedcop.server.command import BY, Refused, on_node, one_line, put, put_all, with_config, with_json
from storage import ended as gone
from storage.ended import Ended

MOST_ENDED = 500  # lines of ``allowlist ended``


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``allowlist list``; of what the file fixes it is not known by whom and when."""

    domain: str
    severity: str
    reason: str
    source: str
    by: str
    at: datetime | None
    review: date | None
    until: date | None


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import took, or would take."""

    dry_run: bool
    taken: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    already: tuple[str, ...]
    not_taken: tuple[str, ...]
    cut_off: tuple[dict[str, Any], ...]
    hidden: tuple[str, ...]


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``allowlist register``; state is new, covered, denied, this node, no domain or abolished."""

    name: str
    domain: str
    kind: str
    nation: str
    state: str
    why: str


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What ``allowlist register --accept`` did."""

    accepted: tuple[str, ...]
    shown: tuple[str, ...]


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``allowlist ended``."""

    at: datetime
    host: str
    what: str
    detail: str


@click.group("allowlist")
def allowlist_group() -> None:
    """List, export and import the federation list."""


@allowlist_group.command("list")
@with_config
@with_json
def list_rules(config_path: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """List every entry, those of the configuration file first."""
    put_all([_entry(rule) for rule in on_node(config_path, _rules)], Entry, as_json=as_json)


@allowlist_group.command()
@click.argument("domain", required=False)
@with_config
@with_json
def ended(config_path: Path, domain: str | None, as_json: bool) -> None:  # noqa: FBT001 - click
    """List what ended when the list was narrowed, the latest first: with DOMAIN, or the last 500."""
    host = host_of(domain) if domain else None

    async def work(node: Node) -> list[Ended]:
        return await node.store.read(gone.latest, MOST_ENDED, host)

    rows = [
        Gone(at=row.at, host=row.host, what=row.what, detail=row.detail) for row in on_node(config_path, work)
    ]
    put_all(rows, Gone, as_json=as_json)


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
    already, left = _lines(done.already), _lines(done.left)
    word, taken = "would take" if dry_run else "took", len(done.added) + len(done.changed)
    lines = [
        f"{word} {taken}: {len(done.added)} added, {len(done.changed)} changed; "
        f"already there {len(already)}, left {len(left)}",
        *(f"added {rule.severity} {rule.pattern}" for rule in done.added),
        *(f"changed {rule.severity} {rule.pattern}" for rule in done.changed),
        *already,
        *left,
        *(told(done.result) if not dry_run else foreseen(done.effects)),
    ]
    imported = Imported(
        dry_run=dry_run,
        taken=taken,
        added=tuple(rule.pattern for rule in done.added),
        changed=tuple(rule.pattern for rule in done.changed),
        already=already,
        not_taken=left,
        cut_off=cut_off(done.effects),
        hidden=done.result.hidden,
    )
    put(imported, "\n".join(lines), as_json=as_json)


@allowlist_group.command("register")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("--name", "names", multiple=True, help="Only the council of this name or slug; repeatable.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(("county", "district", "unitary", "combined")),
    help="Only councils of this kind; repeatable.",
)
@click.option("--nation", "nations", multiple=True, help="Only councils of this nation; repeatable.")
@click.option("--accept", is_flag=True, help="Allow those that are new.")
@with_config
@with_json
def register_(config_path: Path, files: tuple[Path, ...], accept: bool, as_json: bool, **only: Any) -> None:  # noqa: FBT001 - click
    """Propose the councils of the registers in FILES; with --accept allow those that are new."""
    texts = []
    for file in files:
        with _named(file):
            texts.append(file.read_text("utf-8"))
    councils = register.choose(register.read(texts), **only)

    async def work(node: Node) -> tuple[list[Proposal], Result]:
        proposals = register.propose(node, councils)
        return proposals, await register.accept(node, proposals, by=BY) if accept else Result()

    proposals, result = on_node(config_path, work)
    if not accept:
        put_all([_proposed(one) for one in proposals], Proposed, as_json=as_json)
        return
    names = tuple(one.council.name for one in proposals if one.state == "new")
    lines = [
        *(f"allowed {name}" for name in names),
        f"allowed {len(names)} of {len(proposals)}",
        *told(result),
    ]
    put(Accepted(accepted=names, shown=result.shown), "\n".join(lines), as_json=as_json)


def _proposed(one: Proposal) -> Proposed:
    council = one.council
    return Proposed(
        name=council.name,
        domain=council.domain,
        kind=council.kind,
        nation=council.nation,
        state=one.state,
        why=one.why,
    )


def _lines(lines: Iterable[Left]) -> tuple[str, ...]:
    return tuple(f"line {line.number}: {one_line(line.text)}: {line.why}" for line in lines)


def _entry(rule: Rule) -> Entry:
    return Entry(
        domain=rule.pattern,
        severity=rule.severity,
        reason=rule.reason,
        source=rule.source,
        by=rule.by,
        at=rule.at,
        review=rule.review_on,
        until=rule.until,
    )


async def _rules(node: Node) -> tuple[Rule, ...]:
    return node.rules.rules


@contextlib.contextmanager
def _named(file: Path) -> Iterator[None]:
    """Turn what the system says about a file into one line that names it."""
    try:
        yield
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{file}: is not UTF-8") from error


COMMANDS = (allowlist_group,)
