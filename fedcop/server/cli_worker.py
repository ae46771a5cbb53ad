"""``fedcop worker``: a process that works on the queues, beside those that serve."""

import importlib
from pathlib import Path

import click

from fedcop import log
from fedcop.server.command import Refused, load, with_config
from storage.migrate import dialect_of


@click.command()
@with_config
def worker(config_path: Path) -> None:
    """Send, receive and keep house beside `serve --no-workers`; on PostgreSQL, any number of them."""
    config = load(config_path)
    if dialect_of(config.database.url) == "sqlite":
        raise Refused("worker: on SQLite `fedcop serve` does all the work; several processes need PostgreSQL")
    log.set_up(config.log)
    # By name, as for ``serve``: every other command would wait for the web stack.
    importlib.import_module("fedcop.server.work").work(config)


COMMANDS = (worker,)
