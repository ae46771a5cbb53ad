"""``fedcop doctor``: what is right with a node, what is not, and what to do about it."""

import asyncio
import os
import shutil
import socket
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import click
import msgspec

from activitypub.discovery import nodeinfo, webfinger
from activitypub.errors import Malformed, RemoteFault
from activitypub.wire import Request, Response
from fedcop.config import Config
from fedcop.errors import ConfigFault, Refusal
from fedcop.node import Node, open_node
from fedcop.rules import is_loopback
from fedcop.server.command import Refused, load, put_all, with_config, with_json
from fedcop.transport import OPERATOR, Transport
from storage import deliveries, ids, received
from storage.errors import StorageError

LITTLE_DISK = 1_000_000_000
NO_DISK = 100_000_000
CLOCK_MAY_BE_OFF = timedelta(minutes=1)
BACKLOG_MAY_BE_OLD = timedelta(days=1)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what was looked at, ok, warn or fail, and what to do."""

    check: str
    result: Literal["ok", "warn", "fail"]
    text: str


@click.command()
@click.option("--public", is_flag=True, help="Look from outside too: DNS, TLS, WebFinger, NodeInfo.")
@with_config
@with_json
def doctor(config_path: Path, public: bool, as_json: bool) -> None:  # noqa: FBT001 - click
    """Check configuration, database, disk, clock, keys and queue."""
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
        return [_fail("configuration", str(error))]
    findings = [_ok("configuration", f"{config_path} is read"), _disk(config)]
    try:
        node = await open_node(config)
    except StorageError as error:
        return [*findings, _fail("database", str(error))]
    except ConfigFault as error:
        section, _, key = str(error).partition(":")[0].partition(".")
        check = "keys" if key == "key_file" else "database" if section == "database" else "configuration"
        return [*findings, _fail(check, str(error))]
    try:
        findings.append(_ok("database", f"{config.database.url} is open, its schema is current"))
        findings += [await check(node) for check in (_clock, _keys, _queue)]
        if public:
            findings += await _outside(node)
    finally:
        await node.close()
    return findings


def _disk(config: Config) -> Finding:
    folder = Path(config.node.key_file).parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return _fail("disk", f"{folder}: {error.strerror}; run `fedcop init`, or mount it")
    text = f"{free // 1_000_000:,} MB free at {folder}"
    if free < NO_DISK:
        return _fail("disk", f"{text}; writes are about to be refused: make room")
    return _warn("disk", f"{text}; make room soon") if free < LITTLE_DISK else _ok("disk", text)


async def _clock(node: Node) -> Finding:
    """Compare with the latest id that is stored: a clock that went back makes peers refuse what is signed."""
    latest, _ = await node.store.read(ids.highest)
    stored_at, now = ids.time_of(latest), node.clock.now()
    if stored_at - now > CLOCK_MAY_BE_OFF:
        return _fail(
            "clock",
            f"it is {now:%Y-%m-%d %H:%M} UTC, yet something is stored for {stored_at:%Y-%m-%d %H:%M}: set it",
        )
    return _ok("clock", f"it is {now:%Y-%m-%d %H:%M} UTC")


async def _keys(node: Node) -> Finding:
    """Sign with the node's own key, which needs key file and database to belong together."""
    path = node.config.node.key_file
    if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
        return _fail("keys", f"{path} can be read by others; run `chmod 600 {path}`")
    try:
        await node.signing.sign(node.actor_id, b"doctor")
    except ConfigFault as error:
        return _fail("keys", f"{error}; restore the key file that belongs to this database")
    return _ok("keys", f"{path} opens the keys of this node")


async def _queue(node: Node) -> Finding:
    now = node.clock.now()
    waiting = {row.state: row.n for row in await node.store.read(received.counts)}
    backlog = await node.store.read(deliveries.backlog)
    late = [row.host for row in backlog if now - row.oldest_at > BACKLOG_MAY_BE_OLD]
    text = f"{waiting.get('waiting', 0)} received and {sum(row.waiting for row in backlog)} deliveries wait"
    if waiting.get("dead", 0):
        return _warn("queue", f"{text}; {waiting['dead']} received could not be worked on: see the log")
    if late:
        return _warn("queue", f"{text}; over a day for {', '.join(late[:5])}: see `fedcop peers`")
    return _ok("queue", text)


async def _outside(node: Node) -> list[Finding]:
    """Look at this node as others do; its own names need not be on its list."""
    own = frozenset({node.uris.host, node.uris.domain})
    transport = Transport(node.config.outbound, allows=node.allows, hosts={"operator": own})
    try:
        return [await _dns(node), *[await _seen(node, transport, look) for look in _looks(node)]]
    finally:
        await transport.close()


async def _dns(node: Node) -> Finding:
    found = []
    for name in dict.fromkeys([node.uris.domain, node.uris.host]):
        if is_loopback(name):
            found.append(f"{name} is always this machine")
            continue
        try:
            answers = await asyncio.get_running_loop().getaddrinfo(name, 443, type=socket.SOCK_STREAM)
        except OSError as error:
            return _fail("dns", f"{name}: {error.strerror}; make an A or AAAA record for it")
        found.append(f"{name} is {', '.join(sorted({str(answer[4][0]) for answer in answers}))}")
    return _ok("dns", "; ".join(found))


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Something of ours that anybody may ask for, and what its answer says."""

    check: str
    url: str
    read: Callable[[Response], str]


def _looks(node: Node) -> list[Look]:
    domain, base = node.uris.domain, node.uris.base_url
    scheme = urlsplit(base).scheme

    def certificate(_: Response) -> str:
        return "the certificate holds" if scheme == "https" else f"{base} is for a trial on this machine only"

    def finger(response: Response) -> str:
        found = webfinger.read(response.body).self_uri
        if found != node.uris.actor:
            raise Malformed(f"names {found}, wanted {node.uris.actor}")
        return f"{domain} names this node"

    def links(response: Response) -> str:
        return f"it is at {nodeinfo.read_links(response.body)}"

    resource = f"acct:{domain}@{domain}"
    return [
        Look(check="tls", url=f"{base}/livez", read=certificate),
        Look(
            check="webfinger",
            url=f"{scheme}://{domain}/.well-known/webfinger?resource={resource}",
            read=finger,
        ),
        Look(check="nodeinfo", url=f"{base}/.well-known/nodeinfo", read=links),
    ]


async def _seen(node: Node, transport: Transport, look: Look) -> Finding:
    request = Request(method="GET", url=look.url, headers=(("User-Agent", node.user_agent),))
    try:
        response = await transport.exchange(request, OPERATOR)
        text = look.read(response) if response.status == 200 else None
    except (Refusal, RemoteFault) as error:
        return _fail(look.check, f"{look.url}: {error}; see that the proxy in front passes this address on")
    if text is None:
        return _fail(look.check, f"{look.url}: answered {response.status}; is the node running behind it?")
    return _ok(look.check, text)


def _ok(check: str, text: str) -> Finding:
    return Finding(check=check, result="ok", text=text)


def _warn(check: str, text: str) -> Finding:
    return Finding(check=check, result="warn", text=text)


def _fail(check: str, text: str) -> Finding:
    return Finding(check=check, result="fail", text=text)


COMMANDS = (doctor,)
