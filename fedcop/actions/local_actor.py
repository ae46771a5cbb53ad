"""Make an actor of this node: its row, its handle for ever, its two keys.

    new = await prepare(node.signing, node.uris, type="Person", handle="ada", ...)     on the loop
    await add(tx, new)                                                                 in the transaction

Every local actor begins here: people, communities, the node itself and ``@ask``.
"""

import re
from datetime import datetime
from typing import Final, Literal

import msgspec

from fedcop.errors import Invalid
from fedcop.signing import NewKey, Signing
from fedcop.uris import (
    Uris,
    facilitators_of,
    featured_of,
    followers_of,
    following_of,
    inbox_of,
    outbox_of,
)
from storage import actors, keys
from storage.actors import Actor, NewActor
from storage.engine import Transaction
from storage.ids import ActorId

Kind = Literal["Person", "Group", "Application", "Service"]

# Design 1: one name space; these are addresses of the node itself, or names that mail gives to its keeper.
RESERVED: Final = frozenset({"ask", "actor", "admin", "node", "about", "www", "postmaster", "abuse"})

_HANDLE = re.compile(r"[a-z0-9_]{1,30}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


LONGEST_NAME: Final = 100


class NewLocal(msgspec.Struct, frozen=True, kw_only=True):
    """An actor ready to be stored."""

    id: ActorId
    actor: NewActor
    keys: tuple[NewKey, ...]


def ensure_handle(handle: str) -> None:
    """Refuse a handle that nobody can have here."""
    if not _HANDLE.fullmatch(handle):
        raise Invalid(handle=f"found {handle!r}, wanted 1 to 30 of a-z, 0-9 and _")
    if handle in RESERVED:
        raise Invalid(handle=f"{handle!r} is reserved")


def ensure_named(name: str) -> None:
    """Refuse a name that is not one line of text: a terminal would obey what else it holds."""
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise Invalid(name=f"found {len(name.strip())} characters, wanted 1 to {LONGEST_NAME}")
    if _CONTROL.search(name.strip()):
        raise Invalid(name=f"found {name!r}, wanted one line of text")


async def prepare(
    signing: Signing,
    uris: Uris,
    *,
    actor_id: ActorId,
    kind: Kind,
    handle: str,
    uri: str,
    display_name: str,
    now: datetime,
    summary: str = "",
    summary_source: str = "",
    findable: str = "members",
    approves: bool = False,
) -> NewLocal:
    """Make the row of an actor of ours and its keys."""
    return NewLocal(
        id=actor_id,
        actor=NewActor(
            uri=uri,
            type=kind,
            handle=handle,
            host=uris.host,
            domain=uris.domain,
            local=True,
            display_name=display_name,
            summary=summary,
            summary_source=summary_source,
            url=uri,
            inbox=inbox_of(uri),
            shared_inbox=uris.shared_inbox,
            outbox=outbox_of(uri),
            followers_uri=followers_of(uri),
            following_uri=following_of(uri),
            featured_uri=featured_of(uri),
            facilitators_uri=facilitators_of(uri) if kind == "Group" else None,
            approves=approves,
            bot=kind in ("Application", "Service"),
            findable=findable,
            created_at=now,
            updated_at=now,
        ),
        keys=await signing.new_keys(uri),
    )


async def add(tx: Transaction, new: NewLocal) -> Actor:
    """Store an actor of ours and give its row; raise ``Conflict`` when its handle is or was taken."""
    actor = await actors.add_local(tx, new.actor, new.id)
    for key in new.keys:
        await keys.add_private(tx, new.id, key.kind, key.key_id, key.secret, key.public, new.actor.created_at)
    return actor
