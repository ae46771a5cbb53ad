"""``fedcop audit``: the record of who decided what, looked through and written out."""

from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from fedcop.node import Node
from fedcop.server.command import Refused, new_file, on_node, put, with_config, with_json
from storage import audit, audit_check
from storage.audit import End
from storage.audit_check import Verdict
from storage.chain import Stored

AT_ONCE = 500


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is as it was written: how many entries, and the mac of the last."""

    count: int
    head: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an export; None for what nothing was said of, or what was erased."""

    number: int
    at: str
    by: str
    verb: str
    object: str
    changed: list[str]
    before: msgspec.Raw | None
    after: msgspec.Raw | None
    reason: str | None
    address: str | None
    detail_hash: str
    address_hash: str
    mac: str


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written out."""

    file: str
    count: int
    head: str


@click.group("audit")
def audit_group() -> None:
    """Look through the record of who decided what, and write it out."""


@audit_group.command()
@click.option("--head", help="The mac of the last entry as it was noted elsewhere: in the log, in a backup.")
@click.option("--count", type=click.IntRange(0), help="How many entries there were then.")
@with_config
@with_json
def verify(config_path: Path, head: str | None, count: int | None, as_json: bool) -> None:  # noqa: FBT001 - click
    """Tell whether every entry is as it was written; name those that are not.

    A tail that was cut off shows by head and count, which the log tells each hour and each backup holds.
    """
    if (head is None) is not (count is None):
        raise click.UsageError("--head and --count go together: both stand in the same line of the log")
    known = None if head is None or count is None else End(count, head)

    async def work(node: Node) -> Verdict:
        erased_before = node.clock.now() - audit.ADDRESSES_FOR
        return await audit_check.look(
            node.store, node.signing.audit_seal, erased_before=erased_before, known=known
        )

    verdict = on_node(config_path, work)
    if verdict.faults:
        raise Refused("; ".join(f"entry {fault.number}: {fault.text}" for fault in verdict.faults))
    put(
        Verified(count=verdict.count, head=verdict.head),
        f"{verdict.count} entries are as they were written; head {verdict.head or 'none'}",
        as_json=as_json,
    )


@audit_group.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_config
@with_json
def export(config_path: Path, file: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """Write every entry as a line of JSON into a new FILE."""

    with new_file(file) as out:
        end = on_node(config_path, lambda node: _write(node, out))
    put(
        Exported(file=str(file), count=end.number, head=end.mac),
        f"wrote {end.number} entries to {file}",
        as_json=as_json,
    )


async def _write(node: Node, out: BinaryIO) -> End:
    end = await node.store.read(audit.end)
    number = 0
    while rows := await node.store.scan(audit.stored, number, end.number, AT_ONCE):
        out.writelines(msgspec.json.encode(_line(row)) + b"\n" for row in rows)
        number = rows[-1].number
    return end


def _line(row: Stored) -> Line:
    return Line(
        number=row.number,
        at=row.at,
        by=row.by_name,
        verb=row.verb,
        object=row.object,
        changed=row.changed.split(",") if row.changed else [],
        before=None if row.before is None else msgspec.Raw(row.before.encode()),
        after=None if row.after is None else msgspec.Raw(row.after.encode()),
        reason=row.reason,
        address=row.address,
        detail_hash=row.detail_hash,
        address_hash=row.address_hash,
        mac=row.mac,
    )


COMMANDS = (audit_group,)
