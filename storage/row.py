"""The base of every row: a frozen struct, read by position and checked on the way in."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar, dataclass_transform

import msgspec

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Row(msgspec.Struct, frozen=True, array_like=True):
    """A row as a statement gives it: columns in the order of the fields."""


@lru_cache(maxsize=1024)  # one moment is written several times in a transaction, and each time costs 5 us
def text_of(moment: datetime) -> str:
    """Write a moment as rows hold it: UTC, three digits, ``Z``; such texts sort as time."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:23]}Z"


sqlite3.register_adapter(datetime, text_of)


def array_of(values: Iterable[int | str]) -> str:
    """Write ids or names as the JSON array that a statement unfolds by ``json_each``."""
    return msgspec.json.encode(list(values)).decode()


def read_all(rows: list[Any], row: type[T]) -> list[T]:
    """Turn fetched tuples into rows of one type."""
    return msgspec.convert(rows, list[row], strict=False)  # type: ignore[valid-type]


def read_one(found: tuple[Any, ...], row: type[T]) -> T:
    """Turn a fetched tuple into a row."""
    return msgspec.convert(found, row, strict=False)
