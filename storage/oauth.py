"""Client applications, the codes they are given once, and their tokens.

Secrets come in as SHA-256 texts; what a client holds is stored nowhere.
"""

import json
from collections.abc import Collection
from datetime import datetime

import msgspec

from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.row import Row


class App(Row, frozen=True):
    """One row of apps; ``redirect_uris`` is a JSON list of exact texts."""

    id: int
    client_id: str
    client_secret: str
    name: str
    website: str | None
    redirect_uris: str
    scopes: str
    created_at: datetime


class Code(Row, frozen=True):
    """What a person consented to, until the client asks for its token."""

    secret: str
    app_id: int
    actor_id: ActorId
    redirect_uri: str
    scopes: str
    challenge: str | None
    expires_at: datetime
    used_at: datetime | None


class Token(Row, frozen=True):
    """One row of tokens."""

    id: int
    secret: str
    app_id: int
    actor_id: ActorId | None
    scopes: str
    code: str | None
    created_at: datetime
    last_used_at: datetime | None


class Bearer(Row, frozen=True):
    """What a request with a token may do: everything that the client API asks before it answers."""

    token_id: int
    app_id: int
    app_name: str
    app_website: str | None
    scopes: str
    actor_id: ActorId | None
    state: str | None
    admin: bool | None


class Authorized(Row, frozen=True):
    """A token of a person, and the application that holds it."""

    id: int
    app_name: str
    app_website: str | None
    scopes: str
    created_at: datetime


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token to be stored."""

    id: int
    secret: str
    app_id: int
    actor_id: ActorId | None
    scopes: str
    code: str | None = None
    created_at: datetime


ADD_APP = """
INSERT INTO apps (id, client_id, client_secret, name, website, redirect_uris, scopes, created_at)
VALUES (:id, :client_id, :client_secret, :name, :website, :redirect_uris, :scopes, :created_at)
"""


async def add_app(tx: Transaction, app: App) -> None:
    """Register a client application."""
    await tx.execute(ADD_APP, **{name: getattr(app, name) for name in App.__struct_fields__})


FIND_APP = """
SELECT id, client_id, client_secret, name, website, redirect_uris, scopes, created_at
  FROM apps WHERE client_id = :client_id
"""


async def find_app(read: Reader, client_id: str) -> App | None:
    """Give a client application by its public id."""
    return await read.one(App, FIND_APP, client_id=client_id)


APP_OF_TOKEN = """
SELECT p.id, p.client_id, p.client_secret, p.name, p.website, p.redirect_uris, p.scopes, p.created_at
  FROM apps AS p JOIN tokens AS t ON t.app_id = p.id WHERE t.id = :token_id
"""  # noqa: S105 - SQL


async def app_of_token(read: Reader, token_id: int) -> App | None:
    """Give the client application that a token was given to."""
    return await read.one(App, APP_OF_TOKEN, token_id=token_id)


ADD_CODE = """
INSERT INTO codes (secret, app_id, actor_id, redirect_uri, scopes, challenge, expires_at)
VALUES (:secret, :app_id, :actor_id, :redirect_uri, :scopes, :challenge, :expires_at)
"""


async def add_code(tx: Transaction, code: Code) -> None:
    """Store a code that is not used yet."""
    await tx.execute(
        ADD_CODE,
        secret=code.secret,
        app_id=code.app_id,
        actor_id=code.actor_id,
        redirect_uri=code.redirect_uri,
        scopes=code.scopes,
        challenge=code.challenge,
        expires_at=code.expires_at,
    )


FIND_CODE = """
SELECT secret, app_id, actor_id, redirect_uri, scopes, challenge, expires_at, used_at
  FROM codes WHERE secret = :secret
"""

USE_CODE = "UPDATE codes SET used_at = :now WHERE secret = :secret AND used_at IS NULL"

END_TOKENS_OF_CODE = "DELETE FROM tokens WHERE code = :secret"


async def take_code(tx: Transaction, secret: str, now: datetime) -> Code | None:
    """Use a code up and give it; None for an unknown or expired one.

    One that was used before was stolen on the way: the tokens it gave end (RFC 6749, 4.1.2).
    """
    code = await tx.one(Code, FIND_CODE, secret=secret)
    if code is None:
        return None
    if not await tx.execute(USE_CODE, secret=secret, now=now):
        await tx.execute(END_TOKENS_OF_CODE, secret=secret)
        return None
    return code if code.expires_at > now else None


ADD_TOKEN = """
INSERT INTO tokens (id, secret, app_id, actor_id, scopes, code, created_at)
VALUES (:id, :secret, :app_id, :actor_id, :scopes, :code, :created_at)
"""  # noqa: S105 - SQL


async def add_token(tx: Transaction, token: NewToken) -> None:
    """Store a token."""
    await tx.execute(ADD_TOKEN, **msgspec.structs.asdict(token))


FIND_TOKEN = """
-- None of the account's columns for an application's own token.
SELECT t.id, t.app_id, p.name, p.website, t.scopes, t.actor_id, c.state, c.admin
  FROM tokens AS t JOIN apps AS p ON p.id = t.app_id
  LEFT JOIN accounts AS c ON c.actor_id = t.actor_id
 WHERE t.secret = :secret
"""  # noqa: S105 - SQL


async def find_token(read: Reader, secret: str) -> Bearer | None:
    """Give what the holder of a token may do, whatever the state of the account."""
    return await read.one(Bearer, FIND_TOKEN, secret=secret)


HELD_BY_ACTIVE = """
SELECT t.secret FROM tokens AS t JOIN accounts AS c ON c.actor_id = t.actor_id
 WHERE t.secret IN (SELECT value FROM json_each(:secrets)) AND c.state = 'active'
"""


async def held_by_active(read: Reader, secrets: Collection[str]) -> set[str]:
    """Give those of some tokens that stand and whose people may sign in."""
    return set(await read.values(HELD_BY_ACTIVE, secrets=json.dumps(sorted(secrets))))


TOUCH_TOKEN = "UPDATE tokens SET last_used_at = :now WHERE id = :token_id"  # noqa: S105 - SQL


async def touch_token(tx: Transaction, token_id: int, now: datetime) -> None:
    """Note that a token was used."""
    await tx.execute(TOUCH_TOKEN, token_id=token_id, now=now)


REVOKE = "DELETE FROM tokens WHERE secret = :secret AND app_id = :app_id"


async def revoke(tx: Transaction, secret: str, app_id: int) -> bool:
    """End a token of an application; False when that application has no such token."""
    return await tx.execute(REVOKE, secret=secret, app_id=app_id) > 0


REVOKE_ALL = "DELETE FROM tokens WHERE actor_id = :actor_id"


async def revoke_all(tx: Transaction, actor_id: ActorId) -> None:
    """End every token of a person."""
    await tx.execute(REVOKE_ALL, actor_id=actor_id)


TOKENS_OF = """
SELECT id, secret, app_id, actor_id, scopes, code, created_at, last_used_at
  FROM tokens WHERE actor_id = :actor_id ORDER BY id
"""


async def tokens_of(read: Reader, actor_id: ActorId) -> list[Token]:
    """Give the tokens of a person, oldest first."""
    return await read.all(Token, TOKENS_OF, actor_id=actor_id)


AUTHORIZED = """
SELECT t.id, p.name, p.website, t.scopes, t.created_at FROM tokens AS t JOIN apps AS p ON p.id = t.app_id
 WHERE t.actor_id = :actor_id ORDER BY t.id DESC LIMIT 200
"""


async def authorized(read: Reader, actor_id: ActorId) -> list[Authorized]:
    """Give which applications may act for a person, the latest first."""
    return await read.all(Authorized, AUTHORIZED, actor_id=actor_id)


REVOKE_OWN = "DELETE FROM tokens WHERE id = :token_id AND actor_id = :actor_id"


async def revoke_own(tx: Transaction, actor_id: ActorId, token_id: int) -> bool:
    """End a token of a person, as they wish; False when it is not theirs."""
    return await tx.execute(REVOKE_OWN, token_id=token_id, actor_id=actor_id) > 0


CLEAN = "DELETE FROM codes WHERE expires_at <= :before"


async def clean(tx: Transaction, before: datetime) -> None:
    """Remove codes that expired before a time; keep it a day back, so that a second use is noticed."""
    await tx.execute(CLEAN, before=before)
