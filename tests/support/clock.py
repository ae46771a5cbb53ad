"""The moment at which the time of tests stands until they move it."""

from datetime import UTC, datetime

from fedcop.clock import SetClock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def noon() -> SetClock:
    """Give a clock that shows noon of a Monday in March."""
    return SetClock(NOON)
