"""People who sign in here: their password, their state, their settings, their invitations."""

from datetime import datetime

import msgspec

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row
from storage.visible import Viewer


class Account(Row, frozen=True):
    """One row of accounts; ``password`` is an argon2 text, or None until it is set."""

    actor_id: ActorId
    email: str
    password: str | None
    admin: bool
    state: str
    locale: str
    audience: str
    sensitive: bool
    language: str | None
    created_at: datetime
    last_seen_at: datetime | None
    confirmed_at: datetime | None  # when the person last said that their profile is right
    quote_policy: str


class AccountView(Row, frozen=True):
    """An account as a list of people shows it."""

    actor_id: ActorId
    name: str
    handle: str
    email: str
    admin: bool
    state: str
    created_at: datetime


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a person chose for their own posts and pages."""

    locale: str
    audience: str
    sensitive: bool
    language: str | None
    quote_policy: str


_COLUMNS = ", ".join(f"c.{name}" for name in Account.__struct_fields__)

ADD = """
INSERT INTO accounts (actor_id, email, password, admin, created_at)
VALUES (:actor_id, :email, :password, :admin, :now)
ON CONFLICT (email) DO NOTHING
"""


async def add(
    tx: Transaction, actor_id: ActorId, *, email: str, password: str | None, admin: bool, now: datetime
) -> bool:
    """Add the account of a person; False when the address is another's."""
    added = await tx.execute(ADD, actor_id=actor_id, email=email, password=password, admin=admin, now=now)
    return added > 0


FIND = f"SELECT {_COLUMNS} FROM accounts AS c WHERE c.actor_id = :actor_id"


async def find(read: Reader, actor_id: ActorId) -> Account | None:
    """Give the account of a person."""
    return await read.one(Account, FIND, actor_id=actor_id)


FIND_BY_EMAIL = f"SELECT {_COLUMNS} FROM accounts AS c WHERE c.email = :email"


async def find_by_email(read: Reader, email: str) -> Account | None:
    """Give the account of an e-mail address, written in lower case."""
    return await read.one(Account, FIND_BY_EMAIL, email=email)


FIND_BY_NAME = f"""
SELECT {_COLUMNS} FROM accounts AS c CROSS JOIN actors AS a
 WHERE a.id = c.actor_id AND a.local = 1 AND a.handle = :handle
"""


async def find_by_name(read: Reader, handle: str) -> Account | None:
    """Give the account of a handle here."""
    return await read.one(Account, FIND_BY_NAME, handle=handle)


ALL_OF = f"""
SELECT c.actor_id, a.display_name, a.handle, c.email, c.admin, c.state, c.created_at
  FROM accounts AS c CROSS JOIN actors AS a
 WHERE a.id = c.actor_id AND {visible.ACTOR} ORDER BY a.handle
"""


async def all_of(read: Reader, viewer: Viewer) -> list[AccountView]:
    """Give every account here, by handle."""
    return await read.all(AccountView, ALL_OF, **visible.parameters(viewer))


SET_PASSWORD = "UPDATE accounts SET password = :password WHERE actor_id = :actor_id"  # noqa: S105 - SQL


async def set_password(tx: Transaction, actor_id: ActorId, password: str) -> None:
    """Store an argon2 text."""
    await tx.execute(SET_PASSWORD, actor_id=actor_id, password=password)


SET_STATE = """
-- Who is suspended while disabled has been out since the first of both.
UPDATE accounts
   SET state = :state, ended_at = CASE WHEN :state = 'active' THEN NULL ELSE COALESCE(ended_at, :now) END
 WHERE actor_id = :actor_id AND state <> :state
"""


async def set_state(tx: Transaction, actor_id: ActorId, state: str, now: datetime) -> bool:
    """Set active, disabled, suspended or deleted; tell whether that is new."""
    return await tx.execute(SET_STATE, actor_id=actor_id, state=state, now=now) > 0


SET_ADMIN = "UPDATE accounts SET admin = :admin WHERE actor_id = :actor_id AND admin <> :admin"


async def set_admin(tx: Transaction, actor_id: ActorId, *, admin: bool) -> bool:
    """Let a person administer the node, or no longer; False if that is so already."""
    return await tx.execute(SET_ADMIN, actor_id=actor_id, admin=admin) > 0


CONFIRM = "UPDATE accounts SET confirmed_at = :now WHERE actor_id = :actor_id"


async def confirm(tx: Transaction, actor_id: ActorId, now: datetime) -> None:
    """Note that a person says that their profile is right."""
    await tx.execute(CONFIRM, actor_id=actor_id, now=now)


FORGET = """
-- What identifies a person goes, and the address is free again; the row says that the handle had an account.
UPDATE accounts SET state = 'deleted', email = :email, password = NULL, admin = 0, last_seen_at = NULL,
       ended_at = NULL, confirmed_at = NULL
 WHERE actor_id = :actor_id
"""


async def forget(tx: Transaction, actor_id: ActorId) -> None:
    """Mark an account deleted and empty it; its e-mail address may be used again."""
    await tx.execute(FORGET, actor_id=actor_id, email=f"deleted-{actor_id}")


SET_SETTINGS = """
UPDATE accounts
   SET locale = :locale, audience = :audience, sensitive = :sensitive, language = :language,
       quote_policy = :quote_policy
 WHERE actor_id = :actor_id
"""


async def set_settings(tx: Transaction, actor_id: ActorId, settings: Settings) -> None:
    """Store what a person chose."""
    await tx.execute(SET_SETTINGS, actor_id=actor_id, **msgspec.structs.asdict(settings))


def settings_of(account: Account) -> Settings:
    """Give what a person chose, to be replaced in part and stored again."""
    return Settings(
        locale=account.locale,
        audience=account.audience,
        sensitive=account.sensitive,
        language=account.language,
        quote_policy=account.quote_policy,
    )


TOUCH = "UPDATE accounts SET last_seen_at = :now WHERE actor_id = :actor_id"


async def touch(tx: Transaction, actor_id: ActorId, now: datetime) -> None:
    """Note that a person was here."""
    await tx.execute(TOUCH, actor_id=actor_id, now=now)


ADD_INVITATION = (
    "INSERT INTO invitations (secret, actor_id, expires_at) VALUES (:secret, :actor_id, :expires_at)"
)


async def add_invitation(tx: Transaction, secret: str, actor_id: ActorId, expires_at: datetime) -> None:
    """Store the hash of a one-time link by which a person sets a password."""
    await tx.execute(ADD_INVITATION, secret=secret, actor_id=actor_id, expires_at=expires_at)


FIND_INVITATION = "SELECT actor_id FROM invitations WHERE secret = :secret AND expires_at > :now"


async def find_invitation(read: Reader, secret: str, now: datetime) -> ActorId | None:
    """Give whom a one-time link is for, without using it up."""
    found: ActorId | None = await read.value(FIND_INVITATION, secret=secret, now=now)
    return found


TAKE_INVITATION = """
DELETE FROM invitations
 WHERE actor_id = (SELECT actor_id FROM invitations WHERE secret = :secret AND expires_at > :now)
RETURNING actor_id
"""


async def take_invitation(tx: Transaction, secret: str, now: datetime) -> ActorId | None:
    """Use up a one-time link, and every other of the same person; give whom it was for."""
    found: ActorId | None = await tx.value(TAKE_INVITATION, secret=secret, now=now)
    return found


END_INVITATIONS = "DELETE FROM invitations WHERE actor_id = :actor_id"


async def end_invitations(tx: Transaction, actor_id: ActorId) -> None:
    """End every one-time link of a person."""
    await tx.execute(END_INVITATIONS, actor_id=actor_id)
