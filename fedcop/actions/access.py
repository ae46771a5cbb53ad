"""What an admin decides about somebody: signed out for a while, hidden, or let back in.

    await access.suspend(node, admin, target)

Nobody decides about themself, and a community is not suspended: its facilitators close it.
"""

from fedcop.actions import discover, leave, record
from fedcop.actions.discover import Listing
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.node import Node
from storage import accounts, actors, audit, changes, erasures, oauth, sessions, visible
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Transaction


async def suspend(node: Node, admin: Actor, target: Actor, *, reason: str = "") -> None:
    """Hide somebody, here or elsewhere, and what they wrote; who signs in here is signed out everywhere."""
    _ensure_decidable(admin, target)
    await leave.end_access(node, target, by=admin.handle, verb="account suspend", reason=reason)


async def unsuspend(node: Node, admin: Actor, target: Actor) -> None:
    """Show somebody again; one of ours may sign in again."""
    _ensure_decidable(admin, target)
    noted = record.note(node, admin.handle, "account unsuspend", target.uri)
    listing = discover.prepare(node, target.id, target)
    await node.store.write(_unsuspend, node, target, listing, noted)


async def _unsuspend(tx: Transaction, node: Node, target: Actor, listing: Listing, noted: Note) -> None:
    held = await actors.find(tx, visible.SYSTEM, target.id)
    if held is None or held.state == "deleted":
        raise NotFound("this account was deleted")
    if await erasures.is_begun(tx, target.id):
        raise NotPermitted("this person asked to be deleted, which waits for a hold to be lifted")
    if held.state == "suspended":
        await actors.set_state(tx, target.id, "active", noted.at)
        await accounts.set_state(tx, target.id, "active", noted.at)
        await discover.settle(tx, node, listing)
        await audit.record(tx, noted)
        await changes.bump(tx, "actors")


async def disable(node: Node, admin: Actor, target: Actor) -> None:
    """Keep a person of this node from using it; what they wrote stays."""
    await _set(node, admin, target, before="active", after="disabled")


async def enable(node: Node, admin: Actor, target: Actor) -> None:
    """Let a person use this node again."""
    await _set(node, admin, target, before="disabled", after="active")


async def _set(node: Node, admin: Actor, target: Actor, *, before: str, after: str) -> None:
    _ensure_decidable(admin, target)
    verb = "account disable" if after == "disabled" else "account enable"
    noted = record.note(
        node, admin.handle, verb, target.uri, before={"state": before}, after={"state": after}
    )
    await node.store.write(_set_access, target, before, after, noted)


async def _set_access(tx: Transaction, target: Actor, before: str, after: str, noted: Note) -> None:
    account = await accounts.find(tx, target.id)
    if account is None:
        raise Invalid(type=f"{target.handle} does not sign in here")
    if account.state == before:
        await accounts.set_state(tx, target.id, after, noted.at)
        await audit.record(tx, noted)


async def set_role(node: Node, admin: Actor, target: Actor, *, to_admin: bool) -> None:
    """Make a person of this node an admin, or an admin a person like others; somebody has to stay one."""
    _ensure_decidable(admin, target)
    before, after = {"admin": "no" if to_admin else "yes"}, {"admin": "yes" if to_admin else "no"}
    noted = record.note(node, admin.handle, "account role", target.uri, before=before, after=after)
    await node.store.write(_set_role, target, to_admin, noted)


async def _set_role(tx: Transaction, target: Actor, to_admin: bool, noted: Note) -> None:  # noqa: FBT001 - of a row
    account = await accounts.find(tx, target.id)
    if account is None or account.state == "deleted":
        raise Invalid(type=f"{target.handle} does not sign in here")
    if await accounts.set_admin(tx, target.id, admin=to_admin):
        await audit.record(tx, noted)


async def sign_out(node: Node, admin: Actor, target: Actor) -> None:
    """End every session and every token of a person; they may sign in again."""
    await node.store.write(_sign_out, target, record.note(node, admin.handle, "account sign out", target.uri))


async def _sign_out(tx: Transaction, target: Actor, noted: Note) -> None:
    if await accounts.find(tx, target.id) is None:
        raise Invalid(type=f"{target.handle} does not sign in here")
    await sessions.end_all(tx, target.id)
    await oauth.revoke_all(tx, target.id)
    await audit.record(tx, noted)


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
