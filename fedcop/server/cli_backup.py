"""``fedcop backup`` and ``fedcop restore``: one archive of a whole node, and back."""

import asyncio
from datetime import datetime
from pathlib import Path

import click
import msgspec

from fedcop.errors import Refusal
from fedcop.node import Node
from fedcop.server import archive, backup, checks
from fedcop.server import restore as restoring
from fedcop.server.archive import Contents
from fedcop.server.command import load, on_node, one_line, put, with_config, with_json
from fedcop.server.progress import Progress
from storage import audit, changes, migrate

PASSPHRASE = click.option(
    "--passphrase-file",
    "passphrase_path",
    type=click.Path(path_type=Path, readable=False),
    help="A file whose first line is the passphrase.",
)
WITHOUT_KEY = "without the node's key, and not encrypted: keep a copy of {key} apart from it"
NO_KEY = "the backup was made without the node's key: put your copy of it at {key}, with mode 600"


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    file: str
    domain: str
    made_at: datetime
    files: int
    bytes: int
    encrypted: bool
    with_key: bool
    audit_count: int
    audit_head: str


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@PASSPHRASE
@click.option("--without-key", is_flag=True, help="Leave the node's key out, and do not encrypt.")
@with_config
@with_json
def backup_(
    config_path: Path,
    file: Path,
    passphrase_path: Path | None,
    without_key: bool,  # noqa: FBT001 - click
    as_json: bool,  # noqa: FBT001 - click
) -> None:
    """Write database, configuration, pictures and keys to one new FILE, while the node runs.

    With a passphrase it is encrypted; without one the node's key stays out of it.
    """
    if passphrase_path and without_key:
        raise click.UsageError("found --passphrase-file and --without-key, wanted one of them")
    passphrase = _passphrase(passphrase_path)

    async def work(node: Node) -> Contents:
        now, end = node.clock.now(), await node.store.read(audit.end)
        made = await asyncio.to_thread(
            backup.make,
            node.config,
            config_path,
            file,
            passphrase,
            now=now,
            end=end,
            progress=_progress(as_json=as_json),
        )
        await node.store.write(changes.set_fact, checks.BACKED_UP, now.isoformat())
        return made

    made = on_node(config_path, work)
    text = (
        f"wrote {file}: {_told(made)}\nend of the record of decisions: {made.audit_count} {made.audit_head}"
    )
    if not made.with_key:
        text += "\n" + WITHOUT_KEY.format(key=load(config_path).node.key_file)
    put(_done(file, made), text, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@PASSPHRASE
@with_json
def restore(file: Path, folder: Path, passphrase_path: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click
    """Put a backup into DIR, a new or an empty folder; what is damaged is refused whole."""
    found = restoring.restore(file, folder, _passphrase(passphrase_path), progress=_progress(as_json=as_json))
    lines = [f"restored {folder}: {_told(found)}"]
    if not found.with_key:
        lines.append(NO_KEY.format(key=folder / found.places.key))
    if found.schema < len(migrate.wanted()):
        lines.append("its schema is of an older version: run `fedcop migrate`")
    lines.append(f"next: fedcop doctor --config {folder / archive.CONFIG}")
    put(_done(file, found), "\n".join(lines), as_json=as_json)


def _passphrase(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        line = path.read_bytes().split(b"\n", 1)[0].rstrip(b"\r")
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}") from error
    if not line:
        raise Refusal(f"{path}: its first line is empty; wanted a passphrase")
    return line


def _progress(*, as_json: bool) -> Progress:
    return Progress(lambda line: None if as_json else click.echo(one_line(line)))


def _told(contents: Contents) -> str:
    size = sum(file.size for file in contents.files)
    return (
        f"{contents.domain} of {contents.made_at:%Y-%m-%d %H:%M} UTC, {len(contents.files)} files,"
        f" {size // 1_000_000:,} MB, {'with' if contents.with_key else 'without'} its key"
    )


def _done(file: Path, contents: Contents) -> Done:
    return Done(
        file=str(file),
        domain=contents.domain,
        made_at=contents.made_at,
        files=len(contents.files),
        bytes=sum(one.size for one in contents.files),
        encrypted=contents.with_key,
        with_key=contents.with_key,
        audit_count=contents.audit_count,
        audit_head=contents.audit_head,
    )


COMMANDS = (backup_, restore)
