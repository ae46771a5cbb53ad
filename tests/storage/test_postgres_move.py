"""Taking the rows of an SQLite database over to PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from storage import actors, backup, deliveries, migrate, open_store
from storage.deliveries import NewBody
from storage.engine import Store, Transaction
from storage.errors import StorageError, Unavailable
from storage.ids import ActorId, RowId
from storage.postgres_move import NOT_MOVED, TABLES, move, take_back
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON
from tests.support import databases

pytestmark = pytest.mark.skipif(not databases.SERVER, reason="needs a PostgreSQL server")

NAME = "Ada \x00 'of' \\N\tKent 💡"
OTHERS = """
INSERT INTO sign_in_failures (account, address, at)
VALUES ('ada', '192.0.2.1', '2026'), ('ada', '192.0.2.1', '2026');
INSERT INTO media (id, owner_id, type, media_type, focus_x, focus_y, created_at)
SELECT 7, MIN(id), 'image', 'image/png', 0.1, -1.0 / 3, '2026' FROM actors;
INSERT INTO private_keys (actor_id, kind, key_id, secret, public, created_at)
SELECT MIN(id), 'rsa', 'a', x'00ff5c4e0a', '', '2026' FROM actors;
"""


@pytest.fixture
def url() -> Iterator[str]:
    with databases.new() as made:
        yield made


@pytest.fixture
async def source(database: Path) -> Path:
    """Give a database of SQLite with rows of many kinds."""
    store = await open_store(f"sqlite:{database}")
    ada = await people.add(store, "ada", display_name=NAME)
    thread = await written.add(store, ada, title="100 %", content="<p>a\r\nb</p>")
    await written.answer(store, ada, thread)
    await queue(store, ada, 1 << 60)
    await store.close()
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(OTHERS)
    return database


async def queue(store: Store, sender: ActorId, body_id: int) -> None:
    async def add(tx: Transaction) -> None:
        uri = f"https://kent.example/{body_id}"
        body = NewBody(uri=uri, type="Create", object_uri=None, sender_id=sender, body=b"")
        await deliveries.add_body(tx, RowId(body_id), body)
        await deliveries.add(tx, RowId(body_id), [("devon.example", "https://devon.example/inbox")], NOON)

    await store.write(add)


async def test_every_row_of_every_table_arrives_as_it_was(source: Path, url: str) -> None:
    moved = {one.table: one.rows for one in move(source, url)}

    with closing(sqlite3.connect(source)) as old, psycopg.connect(url) as new:
        tables = {name for (name,) in old.execute(TABLES)} - NOT_MOVED
        assert set(moved) == tables
        for table in tables:
            (count,) = old.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
            assert new.execute(f"SELECT COUNT(*) FROM {table}".encode()).fetchone() == (count,)
            assert moved[table] == count
        assert new.execute("SELECT focus_x, focus_y FROM media").fetchone() == (0.1, -1.0 / 3)
        assert new.execute("SELECT secret FROM private_keys").fetchone() == (b"\x00\xff\\N\n",)
    assert moved["sign_in_failures"] == 2


async def test_the_node_goes_on_where_it_was(source: Path, url: str) -> None:
    move(source, url)
    store = await open_store(url)
    ada = await store.read(actors.find_by_handle, SYSTEM, "ada", people.HOME)
    assert ada is not None
    assert ada.display_name == NAME.replace("\x00", "\ufffd")
    await queue(store, ada.id, (1 << 60) + 9)
    ids = await store.read(_deliveries)
    assert ids == sorted(ids)
    assert ids[1] > 1 << 60, "what is queued now comes after what waits"
    await store.close()


async def _deliveries(read: Transaction) -> list[int]:
    return await read.values("SELECT id FROM deliveries ORDER BY body_id")


def test_a_database_that_holds_something_is_not_touched(source: Path, url: str) -> None:
    move(source, url)
    with psycopg.connect(url, autocommit=True) as new:
        new.execute("UPDATE posts SET title = 'kept'")
    with pytest.raises(Unavailable, match="holds a node already; wanted an empty database"):
        move(source, url)
    with psycopg.connect(url) as new:
        assert new.execute("SELECT DISTINCT title FROM posts").fetchall() == [("kept",)]


SPOIL = """
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.title := ''spoilt''; RETURN NEW; END';
CREATE TRIGGER spoil BEFORE INSERT ON posts FOR EACH ROW WHEN (NEW.title <> '') EXECUTE FUNCTION spoil();
"""


def test_when_one_row_arrives_otherwise_nothing_is_moved(source: Path, url: str) -> None:
    migrate.migrate(url)
    with psycopg.connect(url, autocommit=True) as new:
        new.execute(SPOIL.encode())
    with pytest.raises(StorageError, match=r"posts: 2 rows were sent and 2 came, not all the same"):
        move(source, url)
    with psycopg.connect(url, autocommit=True) as new:
        assert new.execute("SELECT COUNT(*) FROM actors").fetchone() == (0,)
        new.execute("DROP TRIGGER spoil ON posts")
    assert move(source, url)


def test_a_row_that_postgresql_does_not_take_is_told_in_one_line(source: Path, url: str) -> None:
    with closing(sqlite3.connect(source)) as old, old:
        old.execute("UPDATE posts SET likes_count = 'many' WHERE title <> ''")
    with pytest.raises(StorageError, match="many") as raised:
        move(source, url)
    assert "\n" not in str(raised.value)


def test_what_is_taken_back_is_what_was_moved(source: Path, url: str, tmp_path: Path) -> None:
    moved = move(source, url)
    take_back(url, tmp_path / "back.db")
    backup.ensure_sound(tmp_path / "back.db")
    with databases.new() as again:
        assert move(tmp_path / "back.db", again) == moved


def test_a_copy_that_cannot_be_written_is_told(source: Path, url: str, tmp_path: Path) -> None:
    move(source, url)
    with pytest.raises(StorageError, match=r"none/back\.db"):
        take_back(url, tmp_path / "none" / "back.db")
