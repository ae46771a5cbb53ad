"""People of this node: added, invited, signed in.

A secret (of an invitation or a session) is given to its holder once; rows keep its SHA-256.
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec

from fedcop.actions import local_actor, record
from fedcop.actions import password as passwords
from fedcop.actions.local_actor import NewLocal
from fedcop.config import LimitsSection
from fedcop.errors import Invalid, NotFound, NotPermitted, NotSignedIn, TooMany
from fedcop.node import Node
from storage import accounts, actors, audit, changes, oauth, sessions, visible
from storage.accounts import Account
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.errors import Conflict
from storage.ids import ActorId

INVITED_FOR: Final = timedelta(days=7)
FAILURES_COUNT_FOR: Final = timedelta(minutes=5)
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 1000

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session just begun: what goes into the cookie, and what forms carry against forgery."""

    account: Account
    secret: str
    csrf: str
    expires_at: datetime


class _NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    local: NewLocal
    email: str
    password: str | None
    admin: bool
    invitation: str | None
    noted: Note


def hash_of(secret: str) -> str:
    """Give the text under which a secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def add_person(
    node: Node,
    handle: str,
    *,
    email: str,
    display_name: str,
    password: str | None,
    admin: bool = False,
    by: str = "",
) -> tuple[Actor, str | None]:
    """Add a person who signs in here; without a password give the secret of a one-time link as well."""
    local_actor.ensure_handle(handle)
    local_actor.ensure_named(display_name.strip() or handle)
    address = _email(email)
    stored = None if password is None else await _hashed(password)
    now = node.clock.now()
    local = await local_actor.prepare(
        node.signing,
        node.uris,
        actor_id=ActorId(node.ids.next(now)),
        kind="Person",
        handle=handle,
        uri=node.uris.person(handle),
        display_name=display_name.strip(),
        now=now,
    )
    secret = None if stored else secrets.token_urlsafe(32)
    given = {"admin": "yes" if admin else "no"}
    person = _NewPerson(
        local=local,
        email=address,
        password=stored,
        admin=admin,
        invitation=hash_of(secret) if secret else None,
        noted=record.note(node, by or f"@{handle}", "person add", local.actor.uri, after=given),
    )
    try:
        return await node.store.write(_add_person, person), secret
    except Conflict as error:
        raise Invalid(handle=f"{handle!r} is or was taken here; a handle is never given again") from error


async def _add_person(tx: Transaction, new: _NewPerson) -> Actor:
    actor, now = await local_actor.add(tx, new.local), new.local.actor.created_at
    if not await accounts.add(tx, actor.id, email=new.email, password=new.password, admin=new.admin, now=now):
        raise Invalid(email=f"{new.email!r} is the address of another person here")
    if new.invitation is not None:
        await accounts.add_invitation(tx, new.invitation, actor.id, now + INVITED_FOR)
    await audit.record(tx, new.noted)
    await changes.bump(tx, "actors")
    return actor


async def invite(node: Node, actor_id: ActorId, *, by: str) -> str:
    """Give the secret of a one-time link by which a person sets a new password."""
    person = await node.store.read(actors.find, visible.SYSTEM, actor_id)
    if person is None:
        raise NotFound("found no such person here")
    secret = secrets.token_urlsafe(32)
    noted = record.note(node, by, "person invite", person.uri)
    await node.store.write(_invite, hash_of(secret), actor_id, noted)
    return secret


async def _invite(tx: Transaction, secret: str, actor_id: ActorId, noted: Note) -> None:
    await accounts.add_invitation(tx, secret, actor_id, noted.at + INVITED_FOR)
    await audit.record(tx, noted)


async def accept_invitation(node: Node, secret: str, password: str) -> ActorId:
    """Set the password of whom a one-time link is for, and use the link up."""
    stored = await _hashed(password)
    found = await node.store.write(_accept_invitation, hash_of(secret), stored, node.clock.now())
    if found is None:
        raise NotPermitted("this link was used or is too old; ask for a new one")
    return found


async def _accept_invitation(tx: Transaction, secret: str, stored: str, now: datetime) -> ActorId | None:
    actor_id = await accounts.take_invitation(tx, secret, now)
    if actor_id is not None:
        await _replace_password(tx, actor_id, stored)
    return actor_id


async def set_password(node: Node, actor_id: ActorId, password: str) -> None:
    """Set a person's password; whoever was signed in with the old one is signed out everywhere."""
    await node.store.write(_replace_password, actor_id, await _hashed(password))


async def _replace_password(tx: Transaction, actor_id: ActorId, stored: str) -> None:
    await accounts.set_password(tx, actor_id, stored)
    await accounts.end_invitations(tx, actor_id)
    await sessions.end_all(tx, actor_id)
    await oauth.revoke_all(tx, actor_id)


async def check_password(
    node: Node, name: str, password: str, *, address: str, or_suspended: bool = False
) -> Account:
    """Give the account whose handle or e-mail address and password these are.

    Raises ``NotPermitted`` for one that is disabled, or suspended unless ``or_suspended``.
    Each try counts before it is looked at, so that tries at the same time cannot pass the limit together:
    ten in five minutes for a pair of account and address, a hundred for an address (decision 28).
    """
    wanted = name.strip().lower()
    account = await node.store.write(_count_try, node.config.limits, wanted, address, node.clock.now())
    right = await passwords.matches(account.password if account else None, password)
    if account is None or not right:
        raise NotSignedIn("the name or the password is wrong")
    if account.state != "active" and not (or_suspended and account.state == "suspended"):
        raise NotPermitted(f"this account is {account.state}")
    await node.store.write(
        _note_success, account.actor_id, _key_of(account, wanted), address, node.clock.now()
    )
    return account


async def sign_in(node: Node, name: str, password: str, *, address: str) -> Session:
    """Begin a session of whoever gave the right password; somebody suspended may open their account only."""
    account = await check_password(node, name, password, address=address, or_suspended=True)
    now = node.clock.now()
    session = Session(
        account=account,
        secret=secrets.token_urlsafe(32),
        csrf=secrets.token_urlsafe(24),
        expires_at=now + timedelta(days=node.config.sign_in.session_days),
    )
    await node.store.write(
        sessions.add, hash_of(session.secret), account.actor_id, session.csrf, now, session.expires_at
    )
    return session


async def _count_try(
    tx: Transaction, limits: LimitsSection, name: str, address: str, now: datetime
) -> Account | None:
    account = await _find(tx, name)
    key = _key_of(account, name)
    failures = await sessions.failures_since(tx, key, address, now - FAILURES_COUNT_FOR)
    if failures.pair >= limits.sign_in_per_pair or failures.address >= limits.sign_in_per_address:
        raise TooMany(
            "too many wrong passwords; try again in five minutes",
            retry_after=int(FAILURES_COUNT_FOR.total_seconds()),
        )
    await sessions.add_failure(tx, key, address, now)
    return account


async def _note_success(tx: Transaction, actor_id: ActorId, key: str, address: str, now: datetime) -> None:
    await sessions.clear_failures(tx, key, address)
    await accounts.touch(tx, actor_id, now)


async def _find(read: Reader, name: str) -> Account | None:
    if "@" in name.lstrip("@"):
        return await accounts.find_by_email(read, name)
    return await accounts.find_by_name(read, name.lstrip("@"))


def _key_of(account: Account | None, name: str) -> str:
    """Give one key for all the names of an account, so that each does not get ten tries of its own."""
    return name[:200] if account is None else str(account.actor_id)


async def _hashed(given: str) -> str:
    if not SHORTEST_PASSWORD <= len(given) <= LONGEST_PASSWORD:
        raise Invalid(
            password=f"found {len(given)} characters, wanted {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}"
        )
    return await passwords.hashed(given)


def _email(text: str) -> str:
    address = text.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise Invalid(email=f"found {text!r}, wanted an address such as ada@kent.example")
    return address
