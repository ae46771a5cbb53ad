"""Rows and SQL: no HTTP, no ActivityStreams.

store = await open_store("sqlite:data/fedcop.db")
post = await store.read(posts.find, viewer, post_id)
"""

from storage import migrate, sqlite
from storage.engine import Reader, Store, Transaction

__all__ = ["Reader", "Store", "Transaction", "open_store"]


async def open_store(url: str, *, scanners: int = 1) -> Store:
    """Open the database that ``url`` names; raise ``SchemaMismatch`` if it has another version's schema."""
    migrate.ensure_current(url)
    if migrate.dialect_of(url) == "sqlite":
        return await sqlite.open_store(migrate.path_of(url), scanners=scanners)
    opened: Store = await migrate.on_server("postgres").open_store(url)
    return opened
