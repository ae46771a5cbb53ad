"""``fedcop doctor``: what is right with a node, what is not, and what to do about it."""

import asyncio
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import click

from fedcop.errors import ConfigFault
from fedcop.node import Node, open_node
from fedcop.server import checks, outside
from fedcop.server.checks import Finding
from fedcop.server.command import Refused, load, put_all, with_config, with_json
from storage import actors, changes, deliveries, ids, migrate, received
from storage.errors import StorageError
from storage.visible import SYSTEM

CLOCK_MAY_BE_OFF = timedelta(minutes=1)
BACKLOG_MAY_BE_OLD = timedelta(days=1)
ENDS_SOON = timedelta(days=14)
BACKUP_MAY_BE_OLD = timedelta(days=2)


@click.command()
@click.option("--public", is_flag=True, help="Look from outside too: DNS, TLS, WebFinger, NodeInfo.")
@with_config
@with_json
def doctor(config_path: Path, public: bool, as_json: bool) -> None:  # noqa: FBT001 - click
    """Check configuration, database, disk, clock, keys, queue and backups."""
    findings = asyncio.run(examine(config_path, public=public))
    put_all(findings, Finding, as_json=as_json)
    failed = [finding.check for finding in findings if finding.result == "fail"]
    if failed:
        raise Refused(f"doctor: {', '.join(failed)} failed")


async def examine(config_path: Path, *, public: bool) -> list[Finding]:
    """Look at everything that can be looked at; without configuration or database little can."""
    try:
        config = load(config_path)
    except ConfigFault as error:
        return [checks.fail("configuration", str(error))]
    findings = [checks.ok("configuration", f"{config_path} is read"), checks.disk(config)]
    try:
        node = await open_node(config)
    except StorageError as error:
        return [*findings, checks.fail("database", str(error))]
    except ConfigFault as error:
        section, _, key = str(error).partition(":")[0].partition(".")
        check = "keys" if key == "key_file" else "database" if section == "database" else "configuration"
        return [*findings, checks.fail(check, str(error))]
    try:
        where = migrate.name_of(config.database.url)
        findings.append(checks.ok("database", f"{where} is open, its schema is current"))
        findings += [await check(node) for check in (_clock, _keys, _queue, _list, _backup)]
        if public:
            findings += await outside.look(node)
    finally:
        await node.close()
    return findings


async def _clock(node: Node) -> Finding:
    """Compare with the latest id that is stored: a clock that went back makes peers refuse what is signed."""
    latest, _ = await node.store.read(ids.highest)
    stored_at, now = ids.time_of(latest), node.clock.now()
    if stored_at - now > CLOCK_MAY_BE_OFF:
        return checks.fail(
            "clock",
            f"it is {now:%Y-%m-%d %H:%M} UTC, yet something is stored for {stored_at:%Y-%m-%d %H:%M}: set it",
        )
    return checks.ok("clock", f"it is {now:%Y-%m-%d %H:%M} UTC")


async def _keys(node: Node) -> Finding:
    """Sign with the node's own key, which needs key file and database to belong together."""
    path = node.config.node.key_file
    if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
        return checks.fail("keys", f"{path} can be read by others; run `chmod 600 {path}`")
    try:
        await node.signing.sign(node.actor_id, b"doctor")
    except ConfigFault as error:
        return checks.fail("keys", f"{error}; restore the key file that belongs to this database")
    return checks.ok("keys", f"{path} opens the keys of this node")


async def _queue(node: Node) -> Finding:
    now = node.clock.now()
    waiting = {row.state: row.n for row in await node.store.read(received.counts)}
    backlog = await node.store.read(deliveries.backlog)
    late = [row.host for row in backlog if now - row.oldest_at > BACKLOG_MAY_BE_OLD]
    text = f"{waiting.get('waiting', 0)} received and {sum(row.waiting for row in backlog)} deliveries wait"
    if waiting.get("dead", 0):
        return checks.warn("queue", f"{text}; {waiting['dead']} received could not be worked on: see the log")
    if late:
        return checks.warn("queue", f"{text}; over a day for {', '.join(late[:5])}: see `fedcop peers`")
    return checks.ok("queue", text)


async def _list(node: Node) -> Finding:
    """Look for entries of the federation list that want a decision."""
    due = node.rules.due(node.clock.now().date(), ahead=ENDS_SOON)
    text = f"{len(node.rules.rules)} entries"
    if due:
        names = ", ".join(rule.pattern for rule in due[:5])
        return checks.warn("list", f"{text}; {len(due)} to be reviewed or about to end, such as {names}")
    return checks.ok("list", text)


async def _backup(node: Node) -> Finding:
    at = await node.store.read(changes.find_fact, checks.BACKED_UP)
    own = await node.store.read(actors.find, SYSTEM, node.actor_id)
    now, made_at = node.clock.now(), own.created_at if own else node.clock.now()
    if at is None:
        text = "`fedcop backup` has made none yet; see docs/operate.md for a daily one"
        return (checks.warn if now - made_at > BACKUP_MAY_BE_OLD else checks.ok)("backup", text)
    text = f"the last was made at {datetime.fromisoformat(at):%Y-%m-%d %H:%M} UTC"
    if now - datetime.fromisoformat(at) > BACKUP_MAY_BE_OLD:
        return checks.warn("backup", f"{text}; see what keeps `fedcop backup` from running daily")
    return checks.ok("backup", text)


COMMANDS = (doctor,)
