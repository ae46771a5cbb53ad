"""``fedcop retention`` and ``fedcop hold``: what goes when it has had its time, and what stays."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from fedcop.actions import hold as holding
from fedcop.actions import retention as rules
from fedcop.actions.retention import Line
from fedcop.node import Node
from fedcop.server.command import BY, new_file, on_node, put, put_all, with_config, with_json
from storage import holds
from storage.holds import Hold


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """How much went."""

    gone: int


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A hold, as ``hold add`` and ``hold lift`` print it."""

    kind: str
    name: str
    uri: str
    reason: str
    by: str
    at: datetime


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``hold list``: ``posts`` stand, ``sealed`` were deleted since and are kept."""

    kind: str
    name: str
    uri: str
    posts: int
    sealed: int
    by: str
    at: datetime
    reason: str


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    file: str
    lines: int


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@with_config
@with_json
def retention(config_path: Path, dry_run: bool, as_json: bool) -> None:  # noqa: FBT001 - click
    """Let go of what has had its time by the rules of the configuration, as the server does each hour."""
    if dry_run:
        put_all(on_node(config_path, rules.due), Line, as_json=as_json)
        return
    gone = on_node(config_path, rules.apply)
    put(Applied(gone=gone), f"{gone} went; the record of decisions names them", as_json=as_json)


@click.group()
def hold() -> None:
    """Keep a person, a community or a thread from every deletion."""


REASON = click.option("--reason", required=True, help="Why, for the record of decisions.")


@hold.command()
@click.argument("about")
@REASON
@with_config
@with_json
def add(config_path: Path, about: str, reason: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Put on hold what ABOUT names: a handle, or the address of a person, a community or a thread."""

    async def work(node: Node) -> Hold:
        return await holding.place(node, about, reason=reason, by=BY)

    held = on_node(config_path, work)
    put(_held(held), f"on hold: {held.kind} {held.name}", as_json=as_json)


@hold.command()
@click.argument("about")
@REASON
@with_config
@with_json
def lift(config_path: Path, about: str, reason: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """End the hold on what ABOUT names; what waited goes within the hour."""

    async def work(node: Node) -> Hold:
        found = await holding.named(node, about)
        return await holding.lift(node, found.kind, found.target_id, reason=reason, by=BY)

    held = on_node(config_path, work)
    put(_held(held), f"no longer on hold: {held.kind} {held.name}", as_json=as_json)


@hold.command("list")
@with_config
@with_json
def list_(config_path: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """List what is on hold, the latest first."""

    async def work(node: Node) -> list[Listed]:
        return [
            Listed(
                kind=one.kind,
                name=one.name,
                uri=one.uri,
                posts=one.posts,
                sealed=one.sealed,
                by=one.by_name,
                at=one.at,
                reason=one.reason,
            )
            for one in await node.store.scan(holds.all_of)
        ]

    put_all(on_node(config_path, work), Listed, as_json=as_json)


@hold.command()
@click.argument("about")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_config
@with_json
def export(config_path: Path, about: str, file: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """Write all that the hold on ABOUT keeps into a new FILE, one JSON object a line."""
    with new_file(file) as out:

        async def work(node: Node) -> int:
            return await holding.export(node, await holding.named(node, about), out, by=BY)

        lines = on_node(config_path, work)
    put(Exported(file=str(file), lines=lines), f"wrote {lines} lines to {file}", as_json=as_json)


def _held(held: Hold) -> Held:
    return Held(kind=held.kind, name=held.name, uri=held.uri, reason=held.reason, by=held.by_name, at=held.at)


COMMANDS = (retention, hold)
