"""``fedcop migrate``: brings the database to this version, and keeps what it was before."""

from datetime import datetime
from pathlib import Path
from typing import Final

import click
import msgspec

from fedcop.clock import Clock
from fedcop.errors import Refusal
from fedcop.server.command import load, put, with_config, with_json
from storage import backup, lock
from storage import migrate as migrations
from storage.errors import StorageError

KEPT_IN: Final = "before-migration"
KEPT: Final = 3


class Migrated(msgspec.Struct, frozen=True, kw_only=True):
    """What a migration did; ``kept`` is the database as it was before."""

    version: int
    applied: list[str]
    kept: str | None


@click.command()
@click.option("--no-backup", is_flag=True, help="Keep no copy of the database as it is.")
@with_config
@with_json
def migrate(config_path: Path, no_backup: bool, as_json: bool) -> None:  # noqa: FBT001 - click
    """Bring the database to this version, or leave it as it is; a copy of it is kept first."""
    url = load(config_path).database.url
    migrated = upgrade(url, now=Clock().now(), keep=not no_backup)
    text = (
        f"applied {', '.join(migrated.applied)}"
        if migrated.applied
        else "the database is of this version already"
    )
    if migrated.kept:
        text += f"\nthe database as it was: {migrated.kept}"
    put(migrated, text, as_json=as_json)


def upgrade(url: str, *, now: datetime, keep: bool = True, folder: Path = migrations.FOLDER) -> Migrated:
    """Apply what is missing, all or nothing; ``keep`` makes a copy first, of which the newest 3 stay."""
    kept = None
    with lock.alone(url):
        before = migrations.version(url)
        # The rows of a server are copied with its own tools, before.
        keep = keep and migrations.dialect_of(url) == "sqlite"
        if keep and 0 < before < len(migrations.wanted(folder=folder)):
            kept = _keep(migrations.path_of(url), before, now)
        applied = migrations.migrate(url, folder=folder)
    return Migrated(version=migrations.version(url), applied=applied, kept=str(kept) if kept else None)


def _keep(path: Path, version: int, now: datetime) -> Path:
    """Copy the database beside itself, checked; a damaged one is not worked on."""
    folder = path.with_name(KEPT_IN)
    kept, part = folder / f"{now:%Y%m%dT%H%M%S}-schema-{version:04}.db", folder / "half-copied"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        backup.remove(part)  # of a process that was killed
        _copy(path, part)
        part.rename(kept)
        for old in sorted(folder.glob("*-schema-*.db"))[:-KEPT]:
            old.unlink()
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}; nothing was changed") from error
    return kept


def _copy(path: Path, part: Path) -> None:
    backup.copy(path, part)
    try:
        backup.ensure_sound(part)
    except StorageError:
        backup.remove(part)
        raise
    part.chmod(0o600)


COMMANDS = (migrate,)
