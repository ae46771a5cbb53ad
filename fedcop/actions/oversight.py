"""What is recorded though nothing is decided: closed content was read, the configuration changed.

await oversight.note_reading(node, me, post_ids)      before such posts are shown to whoever decides
await oversight.note_configuration(node)              at each start
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from fedcop.actions import record
from fedcop.node import Node
from storage import actors, audit, changes, posts, visible
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId

READ_ONCE_IN = timedelta(hours=1)  # a page that is loaded again, or asked for by a client, is one reading
CONFIGURATION = "configuration"


async def note_reading(node: Node, me: ActorId, post_ids: Sequence[PostId]) -> None:
    """Record that somebody is shown posts that are not for them to see but by their office."""
    reader, closed = await node.store.read(_closed, me, post_ids)
    if reader is not None and closed:
        notes = [record.note(node, record.name_of(reader), "read closed", uri) for uri in closed]
        await node.store.write(_note_reading, notes)


async def _closed(read: Reader, me: ActorId, post_ids: Sequence[PostId]) -> tuple[Actor | None, list[str]]:
    reader = await actors.find(read, visible.SYSTEM, me)
    closed = []
    for post_id in post_ids:
        if await posts.find(read, visible.person(me), post_id) is None:
            post = await posts.find(read, visible.SYSTEM, post_id)
            closed += [post.uri] if post is not None else []
    return reader, closed


async def _note_reading(tx: Transaction, notes: list[Note]) -> None:
    for note in notes:
        if not await audit.was_noted(tx, note, since=note.at - READ_ONCE_IN):
            await audit.record(tx, note)


async def note_configuration(node: Node) -> None:
    """Record which keys of the configuration have another value than at the last start; never the values."""
    held = await node.store.read(changes.find_fact, CONFIGURATION)
    before: dict[str, str] = msgspec.json.decode(held) if held else {}
    after = _identity(node)
    if before == after:
        return
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)] if before else []
    note = record.note(
        node,
        record.NODE,
        "configuration change" if before else "configuration",
        node.uris.actor,
        before={name: before.get(name, "") for name in names},
        after={name: after.get(name, "") for name in names},
    )
    await node.store.write(_note_configuration, note, msgspec.json.encode(after).decode())


def _identity(node: Node) -> dict[str, str]:
    """Give by key what tells whether its value changed: a value may be a secret."""
    sections: dict[str, dict[str, object]] = msgspec.to_builtins(node.config)
    return {
        f"{section}.{key}": node.signing.audit_seal.mark(key, msgspec.json.encode(value).decode())
        for section, keys in sections.items()
        for key, value in keys.items()
    }


async def _note_configuration(tx: Transaction, note: Note, identity: str) -> None:
    await audit.record(tx, note)
    await changes.set_fact(tx, CONFIGURATION, identity)
