"""What a facilitator decides: checked, done, recorded and told, in one transaction.

    made = decision.made(node, facilitator, community, "lock", post.uri, reason, [told])
    await node.store.write(decision.write, node, made, change)

In a community of ours it takes effect here and is passed on. For a community elsewhere it is only said to
that community, which decides and tells everybody, us too (decision 10 of the design).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from fedcop.actions import record, tell
from fedcop.actions.tell import Told
from fedcop.node import Node
from fedcop.policy import membership
from storage import audit
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Transaction

Change = Callable[[Transaction], Awaitable[object]]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a facilitator decided, ready to be stored, sent and recorded."""

    facilitator: Actor
    community: Actor
    noted: Note
    at: datetime
    told: tuple[Told, ...]


def made(
    node: Node,
    facilitator: Actor,
    community: Actor,
    verb: str,
    about: str,
    detail: str,
    told: Sequence[Told],
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> Decision:
    """Make a decision ready; ``about`` is the id of whom or what it concerns, ``detail`` the reason."""
    by = record.name_of(facilitator)
    said = {**({} if about == community.uri else {"community": community.uri}), **(after or {})}
    return Decision(
        facilitator=facilitator,
        community=community,
        noted=record.note(node, by, verb, about, reason=detail, before=before, after=said),
        at=node.clock.now(),
        told=tuple(told),
    )


async def write(tx: Transaction, node: Node, made: Decision, change: Change) -> None:
    """Do what was decided, if whoever decided it facilitates still; raise ``NotPermitted`` if not."""
    standing = await membership.standing_of(tx, made.community, made.facilitator.id, made.at)
    membership.ensure_facilitates(standing, made.community.handle)
    if made.community.local:
        await change(tx)
        await audit.record(tx, made.noted)
    for told in made.told:
        await tell.add(tx, node, told)


def new_uri(node: Node) -> str:
    """Give an id for an activity about to be made."""
    return node.uris.activity(node.ids.next(node.clock.now()))
