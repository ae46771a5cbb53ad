"""Rows as statements give them."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from storage.engine import Store, Transaction
from storage.row import Row, read_all, read_one, text_of

NOW = datetime(2026, 3, 2, 9, 0, 0, 123_456, tzinfo=UTC)


class Thing(Row):
    """A row of a test."""

    id: int
    local: bool
    at: datetime | None
    body: bytes = b""


def test_a_row_is_read_by_position_and_checked() -> None:
    assert read_one((1, 0, "2026-03-02T09:00:00.123Z"), Thing) == Thing(
        1, False, NOW.replace(microsecond=123_000)
    )
    assert read_all([(1, 1, None, b"x"), (2, 0, None)], Thing) == [
        Thing(1, True, None, b"x"),
        Thing(2, False, None),
    ]
    with pytest.raises(msgspec.ValidationError):
        read_one((1, 0, "yesterday"), Thing)
    with pytest.raises(msgspec.ValidationError):
        read_all([(None, 0, None)], Thing)


def test_a_row_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Thing(1, False, None).id = 2  # type: ignore[misc]


def test_moments_are_written_in_utc_with_three_digits_and_sort_as_text() -> None:
    assert text_of(NOW) == "2026-03-02T09:00:00.123Z"
    assert text_of(NOW.astimezone(timezone(timedelta(hours=13)))) == "2026-03-02T09:00:00.123Z"
    moments = [NOW + timedelta(days=n, milliseconds=n) for n in (3, 0, 400, 1)]
    assert sorted(map(text_of, moments)) == [text_of(moment) for moment in sorted(moments)]


async def test_a_moment_given_as_a_parameter_comes_back_as_it_was(store: Store) -> None:
    async def echo(tx: Transaction) -> Thing | None:
        return await tx.one(Thing, "SELECT 1, 1, :at", at=NOW.replace(microsecond=5_000))

    assert await store.write(echo) == Thing(1, True, NOW.replace(microsecond=5_000))
