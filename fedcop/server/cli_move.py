"""``fedcop move-database``: takes a node's rows from SQLite over to PostgreSQL."""

import importlib
from pathlib import Path

import click
import msgspec

from fedcop.server.command import Refused, load, put_all, with_config, with_json
from storage import lock
from storage.migrate import dialect_of, path_of


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A table as both databases hold it now."""

    table: str
    rows: int
    digest: str


@click.command("move-database")
@click.argument("url")
@with_config
@with_json
def move_database(config_path: Path, url: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Take this node's rows over to the empty PostgreSQL database at URL, and check that each arrived."""
    held = load(config_path).database.url
    if dialect_of(held) != "sqlite":
        raise Refused("move-database: this node's rows are in PostgreSQL already; wanted a node on SQLite")
    if dialect_of(url) != "postgres":
        raise Refused("move-database: wanted a URL such as postgresql://USER@HOST/NAME")
    with lock.alone(held), lock.alone(url):
        # By name, since psycopg is not for every command.
        moved = importlib.import_module("storage.postgres_move").move(path_of(held), url)
    put_all([Taken(**msgspec.structs.asdict(one)) for one in moved], Taken, as_json=as_json)
    if not as_json:
        click.echo(
            f"{sum(one.rows for one in moved)} rows are there as they are here; set database.url, and start"
        )


COMMANDS = (move_database,)
