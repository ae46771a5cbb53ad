"""A person's own archive of what this node holds of them: asked for, made in the background, kept for a week.

held = await archive.ask(node, me)                  it waits, or is there from less than a day ago
await archive.make(node, held)                      a worker's turn; a kill before its end changes nothing
path = await archive.path_of(node, me.id)           where it lies once it is ready
await archive.export(node, "ada", out, by="ada")    at once, for whoever runs the node
"""

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final

from fedcop.actions import archive_file, record
from fedcop.errors import NotFound
from fedcop.node import Node
from storage import accounts, actors, archives, audit, changes, visible
from storage.accounts import Account
from storage.actors import Actor
from storage.archives import Archive
from storage.engine import Reader, Transaction
from storage.ids import ActorId

KEPT_FOR: Final = timedelta(days=7)
THE_SAME_FOR: Final = timedelta(days=1)

Person = tuple[Actor, Account]


def folder_of(node: Node) -> Path:
    """Give where archives lie: beside the files that people upload, and never served by their name."""
    return Path(node.config.media.folder).with_name("archives")


async def ask(node: Node, me: Actor) -> Archive:
    """Have somebody's archive made; one that waits, or was made within a day, is given as it is."""
    return await node.store.write(_ask, node, me.id)


async def _ask(tx: Transaction, node: Node, me: ActorId) -> Archive:
    now = node.clock.now()
    await archives.ask(tx, me, now, fresh=now - THE_SAME_FOR)
    await changes.bump(tx, "archives")
    tx.after_commit(node.hub.wake, "archives")
    held = await archives.find(tx, me)
    assert held is not None, "it was just put there"
    return held


async def path_of(node: Node, me: ActorId) -> Path:
    """Give the file of somebody's archive; raise ``NotFound`` while there is none."""
    held = await node.store.read(archives.find, me)
    if held is None or held.name is None or held.ready_at is None:
        raise NotFound("there is no archive yet; it may still be in the making")
    if node.clock.now() - held.ready_at >= KEPT_FOR:
        raise NotFound("the archive was kept for a week and is gone; ask for a new one")
    return folder_of(node) / held.name


async def make(node: Node, held: Archive) -> None:
    """Make an archive that waits; it appears whole, or not at all."""
    found = await node.store.read(_person, held.actor_id)
    if found is None:
        await node.store.write(archives.remove, held.actor_id)
        return
    path = folder_of(node) / f"{secrets.token_urlsafe(24)}.zip"
    try:
        size = await _write(node, found, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    now = node.clock.now()
    if not await node.store.write(archives.ready, held.actor_id, name=path.name, bytes=size, now=now):
        path.unlink(missing_ok=True)


async def _write(node: Node, found: Person, path: Path) -> int:
    out = await asyncio.to_thread(_new, path)
    try:
        await archive_file.write(node, *found, out)
        return out.tell()
    finally:
        await asyncio.to_thread(out.close)


def _new(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    return path.open("xb")


async def export(node: Node, handle: str, out: BinaryIO, *, by: str) -> Actor:
    """Write the archive of a person here for whoever runs the node; the record says so."""
    found = await node.store.read(_named, handle, node.uris.domain)
    if found is None:
        raise NotFound(f"found no person {handle!r} here; `fedcop person list` names them")
    await node.store.write(audit.record, record.note(node, by, "person export", found[0].uri))
    await archive_file.write(node, *found, out)
    return found[0]


async def _person(read: Reader, actor_id: ActorId) -> Person | None:
    person = await actors.find(read, visible.SYSTEM, actor_id)
    account = await accounts.find(read, actor_id)
    return (person, account) if person and account and account.state != "deleted" else None


async def _named(read: Reader, handle: str, domain: str) -> Person | None:
    person = await actors.find_by_handle(read, visible.SYSTEM, handle, domain)
    return await _person(read, person.id) if person else None


async def clear(node: Node) -> int:
    """Let go of archives that had their time, and of files that no row names; give how many files."""
    await node.store.write(archives.forget, node.clock.now() - KEPT_FOR)
    return await asyncio.to_thread(_clear, folder_of(node), await node.store.read(archives.names))


def _clear(folder: Path, wanted: set[str]) -> int:
    gone = [path for path in folder.glob("*.zip") if path.name not in wanted]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
