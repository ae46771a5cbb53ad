"""What ``doctor`` and ``/readyz`` find: each thing is ok, a warning or a failure, with what to do."""

import shutil
from pathlib import Path
from typing import Final, Literal

import msgspec

from fedcop.config import Config

LITTLE_DISK: Final = 1_000_000_000
NO_DISK: Final = 100_000_000

BACKED_UP: Final = "backup_at"  # the fact that says when `fedcop backup` last made one


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what was looked at, ok, warn or fail, and what to do."""

    check: str
    result: Literal["ok", "warn", "fail"]
    text: str


def ok(check: str, text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(check=check, result="ok", text=text)


def warn(check: str, text: str) -> Finding:
    """Say that something wants a person's eye."""
    return Finding(check=check, result="warn", text=text)


def fail(check: str, text: str) -> Finding:
    """Say that something keeps the node from doing its work."""
    return Finding(check=check, result="fail", text=text)


def disk(config: Config) -> Finding:
    """Look at the room beside the keys, where database and media usually are too."""
    folder = Path(config.node.key_file).parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return fail("disk", f"{folder}: {error.strerror}; run `fedcop init`, or mount it")
    text = f"{free // 1_000_000:,} MB free at {folder}"
    if free < NO_DISK:
        return fail("disk", f"{text}; writes are about to be refused: make room")
    return warn("disk", f"{text}; make room soon") if free < LITTLE_DISK else ok("disk", text)
