"""What an admin decides about somebody: signed out for a while, hidden, or let back in.

    await access.suspend(node, admin, target)

Nobody decides about themself, and a community is not suspended: its facilitators close it.
"""

from datetime import datetime

from fedcop.actions import leave
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.node import Node
from storage import accounts, actors, audit, changes, visible
from storage.actors import Actor
from storage.engine import Transaction


async def suspend(node: Node, admin: Actor, target: Actor) -> None:
    """Hide somebody, here or elsewhere, and what they wrote; who signs in here is signed out everywhere."""
    _ensure_decidable(admin, target)
    await leave.end_access(node, target, by=admin.handle, verb="account suspend")


async def unsuspend(node: Node, admin: Actor, target: Actor) -> None:
    """Show somebody again; one of ours may sign in again."""
    _ensure_decidable(admin, target)
    now = node.clock.now()
    await node.store.write(_unsuspend, target, node.ids.next(now), now, admin.handle)


async def _unsuspend(tx: Transaction, target: Actor, audit_id: int, now: datetime, by: str) -> None:
    held = await actors.find(tx, visible.SYSTEM, target.id)
    if held is None or held.state == "deleted":
        raise NotFound("this account was deleted")
    if held.state == "suspended":
        await actors.set_state(tx, target.id, "active", now)
        await accounts.set_state(tx, target.id, "active")
        await audit.record(tx, audit_id, at=now, by_name=by, verb="account unsuspend", object=target.uri)
        await changes.bump(tx, "actors")


async def disable(node: Node, admin: Actor, target: Actor) -> None:
    """Keep a person of this node from using it; what they wrote stays."""
    await _set(node, admin, target, before="active", after="disabled")


async def enable(node: Node, admin: Actor, target: Actor) -> None:
    """Let a person use this node again."""
    await _set(node, admin, target, before="disabled", after="active")


async def _set(node: Node, admin: Actor, target: Actor, *, before: str, after: str) -> None:
    _ensure_decidable(admin, target)
    now = node.clock.now()
    await node.store.write(_set_access, target, before, after, node.ids.next(now), now, admin.handle)


async def _set_access(
    tx: Transaction, target: Actor, before: str, after: str, audit_id: int, now: datetime, by: str
) -> None:
    account = await accounts.find(tx, target.id)
    if account is None:
        raise Invalid(type=f"{target.handle} does not sign in here")
    if account.state == before:
        await accounts.set_state(tx, target.id, after)
        verb = "account disable" if after == "disabled" else "account enable"
        await audit.record(tx, audit_id, at=now, by_name=by, verb=verb, object=target.uri)


async def delete(node: Node, admin: Actor, target: Actor) -> None:
    """Delete a person of this node, who was suspended before, with all that they wrote."""
    _ensure_decidable(admin, target)
    if not target.local or target.state != "suspended":
        raise NotPermitted("only a suspended person of this node can be deleted")
    await leave.delete_person(node, target.handle, by=admin.handle)


def _ensure_decidable(admin: Actor, target: Actor) -> None:
    if target.id == admin.id:
        raise NotPermitted("nobody decides about themself")
    if target.local and target.type != "Person":
        raise Invalid(type=f"{target.handle} is not a person; a community is closed by its facilitators")
