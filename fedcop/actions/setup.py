"""Make a node: its database, its key file, its own actor, and ``@ask``."""

from datetime import datetime
from pathlib import Path

from fedcop.actions import local_actor
from fedcop.actions.local_actor import NewLocal
from fedcop.config import Config
from fedcop.errors import ConfigFault
from fedcop.node import NODE_ACTOR
from fedcop.signing import Signing, write_key_file
from fedcop.uris import Uris
from storage import changes, migrate, open_store
from storage.engine import Store, Transaction
from storage.ids import ActorId, IdSource

ASK = "ask"
ASK_NAME = "Ask"
ASK_SUMMARY = "<p>Write to me what you look for, and I say who may know.</p>"


async def set_up(config: Config, *, now: datetime) -> None:
    """Create everything that a node needs to be served; what exists is in the way and is never replaced."""
    url = config.database.url
    if migrate.dialect_of(url) == "sqlite":
        _make_files(config, migrate.path_of(url))
    else:
        await _ensure_without_node(url)
        _make_files(config, None)
    migrate.migrate(url)
    store = await open_store(url)
    try:
        await _fill(store, config, now)
    finally:
        await store.close()


async def _ensure_without_node(url: str) -> None:
    """Refuse a database on a server that holds a node; one that is empty, or migrated already, is taken."""
    if migrate.version(url) == 0:
        return
    migrate.migrate(url)
    store = await open_store(url)
    try:
        if await store.read(changes.find_fact, NODE_ACTOR) is not None:
            raise ConfigFault("database.url: the database holds a node; it is never replaced")
    finally:
        await store.close()


def _make_files(config: Config, database: Path | None) -> None:
    if database is not None and database.exists():
        raise ConfigFault(f"database.url: {database} exists; it is never replaced")
    write_key_file(Path(config.node.key_file))
    Path(config.media.folder).mkdir(parents=True, exist_ok=True)
    if database is not None:
        database.parent.mkdir(parents=True, exist_ok=True)
        # Direct notes and hashes of passwords are in it; SQLite gives its log and index the same mode.
        database.touch(mode=0o600)


async def _fill(store: Store, config: Config, now: datetime) -> None:
    uris, ids = Uris(config.node.base_url, config.node.domain), IdSource()
    signing = Signing(store, config.node.key_file)
    # Mastodon's own actor is acct:DOMAIN@DOMAIN as well; a name with a dot is nobody's handle here.
    node_actor = await local_actor.prepare(
        signing,
        uris,
        actor_id=ActorId(ids.next(now)),
        kind="Application",
        handle=config.node.domain,
        uri=uris.actor,
        display_name=config.node.name,
        findable="public",
        now=now,
    )
    ask = await local_actor.prepare(
        signing,
        uris,
        actor_id=ActorId(ids.next(now)),
        kind="Service",
        handle=ASK,
        uri=uris.person(ASK),
        display_name=ASK_NAME,
        summary=ASK_SUMMARY,
        now=now,
    )
    await store.write(_add, node_actor, ask)


async def _add(tx: Transaction, node_actor: NewLocal, ask: NewLocal) -> None:
    await local_actor.add(tx, node_actor)
    await local_actor.add(tx, ask)
    await changes.set_fact(tx, NODE_ACTOR, str(node_actor.id))
