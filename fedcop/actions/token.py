"""Give a token of the client API without a browser: for the command line and for tests of clients."""

import secrets

from fedcop.actions import record
from fedcop.actions.account import hash_of
from fedcop.actions.authorize import SCOPES
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import accounts, audit, oauth
from storage.audit import Note
from storage.engine import Transaction
from storage.oauth import App, NewToken


async def create(node: Node, handle: str, *, scopes: str, app_name: str, by: str) -> str:
    """Give a new token of a person, for an application made for it."""
    wanted = scopes.replace(",", " ").split()
    if not wanted or not set(wanted) <= set(SCOPES):
        unknown = " ".join(scope for scope in wanted if scope not in SCOPES)
        raise Invalid(scopes=f"found {unknown!r}, wanted some such as 'read write follow push'")
    account = await node.store.read(accounts.find_by_name, handle)
    if account is None:
        raise NotFound(f"found no person {handle!r} here; `fedcop person list` names them")
    if account.state != "active":
        raise Invalid(name=f"{handle} is {account.state}")
    now, secret = node.clock.now(), secrets.token_urlsafe(32)
    app = App(
        id=node.ids.next(now),
        client_id=secrets.token_urlsafe(32),
        client_secret=hash_of(secrets.token_urlsafe(32)),
        name=app_name,
        website=None,
        redirect_uris='["urn:ietf:wg:oauth:2.0:oob"]',
        scopes=" ".join(wanted),
        created_at=now,
    )
    token = NewToken(
        id=node.ids.next(now),
        secret=hash_of(secret),
        app_id=app.id,
        actor_id=account.actor_id,
        scopes=app.scopes,
        created_at=now,
    )
    noted = record.note(node, by, "token create", handle, after={"app": app_name, "scopes": app.scopes})
    await node.store.write(_create, app, token, noted)
    return secret


async def _create(tx: Transaction, app: App, token: NewToken, noted: Note) -> None:
    await oauth.add_app(tx, app)
    await oauth.add_token(tx, token)
    await audit.record(tx, noted)
