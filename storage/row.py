"""The base of every row: a frozen struct, read by position and checked on the way in."""

import sqlite3
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A row as a statement gives it: columns in the order of the fields."""


def text_of(moment: datetime) -> str:
    """Write a moment as rows hold it: UTC, three digits, ``Z``; such texts sort as time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


sqlite3.register_adapter(datetime, text_of)


def read_all(rows: list[Any], row: type[T]) -> list[T]:
    """Turn fetched tuples into rows of one type."""
    return msgspec.convert(rows, list[row], strict=False)  # type: ignore[valid-type]


def read_one(found: tuple[Any, ...], row: type[T]) -> T:
    """Turn a fetched tuple into a row."""
    return msgspec.convert(found, row, strict=False)
