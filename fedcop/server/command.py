"""What every command shares: ``--config``, ``--json``, one line for what is refused, a node to work on."""

import asyncio
import contextlib
import os
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click
import msgspec

from activitypub.errors import RemoteFault
from fedcop import config as configuration
from fedcop.config import Config
from fedcop.errors import ConfigFault, Refusal
from fedcop.node import Node, open_node
from storage.errors import StorageError

T = TypeVar("T")
Command = Callable[..., Any]

BY = "command line"

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

# A command mints ids beside a running server, whose own are of process 0 (decision 3).
PROCESSES = 15


class Refused(click.ClickException):
    """Ends a command with exit status 1 and one line."""

    def show(self, file: Any = None) -> None:
        """Write the line to standard error."""
        click.echo(one_line(self.message), err=True)


class Group(click.Group):
    """A group whose commands may refuse in the words of the inside."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what is no text: it could be stored and printed nowhere."""
        for argument in args:
            if _SURROGATE.search(argument):
                raise click.UsageError(f"found {argument!r}, wanted UTF-8")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it refuses is one line and exit status 1."""
        try:
            return super().invoke(ctx)
        except (Refusal, ConfigFault, StorageError, RemoteFault) as error:
            raise Refused(str(error)) from error


def with_config(command: Command) -> Command:
    """Add ``--config FILE``."""
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path, readable=False),  # what cannot be read is refused, not misused
        envvar="FEDCOP_CONFIG",
        default="fedcop.toml",
        show_default=True,
        help="Configuration file; the environment's FEDCOP_CONFIG says it too.",
    )(command)


def with_json(command: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def load(path: Path) -> Config:
    """Give the configuration, or refuse it in one line."""
    return configuration.load(path, os.environ)


def on_node(path: Path, work: Callable[[Node], Awaitable[T]]) -> T:
    """Open the node, do one piece of work on it, and close it."""
    return asyncio.run(_on_node(load(path), work))


async def _on_node(config: Config, work: Callable[[Node], Awaitable[T]]) -> T:
    # Commands that run at once are kept apart by their process ids.
    node = await open_node(config, process=1 + os.getpid() % PROCESSES)
    try:
        return await work(node)
    finally:
        await node.close()


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a new file that only its owner reads; it goes again if what is to be in it cannot be had."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(f"{path} exists; wanted the name of a new file") from None
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}") from None
    try:
        with open(descriptor, "wb") as file:
            yield file
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refused(f"{path} cannot be written: {error.strerror}") from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def one_line(text: str) -> str:
    """Give text without what a terminal would obey: names and answers of peers are in it."""
    return " ".join(_CONTROL.sub(" ", text).split())


def put(value: msgspec.Struct, text: str, *, as_json: bool) -> None:
    """Print one thing: as an object, or as lines for people."""
    click.echo(msgspec.json.encode(value).decode() if as_json else "\n".join(map(one_line, text.split("\n"))))


def put_all(rows: Sequence[msgspec.Struct], kind: type[msgspec.Struct], *, as_json: bool) -> None:
    """Print a list: as an array of objects, or as a table for people."""
    if as_json:
        click.echo(msgspec.json.encode(rows).decode())
        return
    names = [name.replace("_", " ") for name in kind.__struct_fields__]
    lines = [names, *([_cell(getattr(row, name)) for name in kind.__struct_fields__] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else one_line(str(value))
