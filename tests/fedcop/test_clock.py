"""The time, and a time that tests move."""

from datetime import UTC, datetime, timedelta

from fedcop.clock import Clock, SetClock


def test_the_clock_tells_the_time_in_utc() -> None:
    before = datetime.now(UTC)

    assert before <= Clock().now() <= datetime.now(UTC)


def test_a_set_clock_stands_until_it_is_moved() -> None:
    clock = SetClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    clock.move(timedelta(hours=1))

    assert clock.now() == clock.now() == datetime(2026, 1, 5, 10, tzinfo=UTC)
