"""What Mastodon.py's own tests find at a server: three people, and an application with a token of each.

The names, secrets and rights are those of ``tests/setup.sql`` and ``tests/conftest.py`` in its sdist (2.3.3).
There token ``_2`` is of ``admin``, a name that nobody gets here: a row is renamed for it. A second admin is
called alike, since the tests of paging look for two whose names begin so.
"""

from collections.abc import Mapping
from pathlib import Path

from fedcop import config
from fedcop.actions import account, profile
from fedcop.actions.profile import Changes
from fedcop.clock import Clock
from fedcop.node import Node, open_node
from storage import oauth
from storage.actors import Actor
from storage.engine import Transaction
from storage.oauth import App, NewToken

NAMES: Mapping[str, bool] = {
    "mastodonpy_test": False, "admin2": True, "admin3": True, "mastodonpy_test_2": False
}  # fmt: skip
TOKENS = {"": "mastodonpy_test", "_2": "admin2", "_3": "mastodonpy_test_2"}
SECRET = "__MASTODON_PY_TEST_"
PASSWORD = "5fc638e0e53eafd9c4145b6bb852667d"
SCOPES = "read write follow push"
ADMIN_SCOPES = f"{SCOPES} admin:read admin:write"


async def seed(path: Path) -> None:
    """Fill a node that is made and not served yet, by its configuration file."""
    node = await open_node(config.load(path, {}), clock=Clock())
    try:
        people = {
            name: (
                await account.add_person(
                    node, name, email=f"{name}@localhost", display_name=name, password=PASSWORD, admin=admin
                )
            )[0]
            for name, admin in NAMES.items()
        }
        await profile.update(node, people["mastodonpy_test"], Changes(approves=True))
        await profile.update(node, people["mastodonpy_test_2"], Changes(discoverable=True, indexable=True))
        app = _app(node)
        tokens = [_token(node, app, suffix, people[name]) for suffix, name in TOKENS.items()]
        await node.store.write(_add, app, tokens)
    finally:
        await node.close()


def _app(node: Node) -> App:
    return App(
        id=node.ids.next(now := node.clock.now()),
        client_id=f"{SECRET}CLIENT_ID",
        client_secret=account.hash_of(f"{SECRET}CLIENT_SECRET"),
        name="Mastodon.py test suite",
        website=None,
        redirect_uris='["urn:ietf:wg:oauth:2.0:oob"]',
        scopes=ADMIN_SCOPES,
        created_at=now,
    )


def _token(node: Node, app: App, suffix: str, person: Actor) -> NewToken:
    return NewToken(
        id=node.ids.next(now := node.clock.now()),
        secret=account.hash_of(f"{SECRET}ACCESS_TOKEN{suffix}"),
        app_id=app.id,
        actor_id=person.id,
        scopes=ADMIN_SCOPES if suffix == "_2" else SCOPES,
        created_at=now,
    )


async def _add(tx: Transaction, app: App, tokens: list[NewToken]) -> None:
    await tx.execute("UPDATE actors SET handle = 'admin' WHERE handle = 'admin2'")
    await oauth.add_app(tx, app)
    for token in tokens:
        await oauth.add_token(tx, token)
