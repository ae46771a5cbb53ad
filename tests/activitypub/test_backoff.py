"""When a peer is tried again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub import backoff

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
JITTER = st.floats(0, 1, exclude_max=True)


def test_waits_double_from_a_quarter_of_a_minute_to_six_hours() -> None:
    waits = [backoff.next_try(attempt, jitter=0) for attempt in range(14)]

    assert waits[:4] == [timedelta(seconds=s) for s in (15, 15, 30, 60)]
    assert waits[-1] == timedelta(hours=6)
    assert backoff.next_try(2, jitter=0.5) == timedelta(seconds=45)


@settings(max_examples=50, deadline=None, database=None)
@given(st.integers(1, 100_000), JITTER, JITTER)
def test_a_wait_is_never_shorter_than_the_one_before(attempt: int, first: float, second: float) -> None:
    one, next_one = backoff.next_try(attempt, jitter=first), backoff.next_try(attempt + 1, jitter=second)

    assert timedelta() < one <= next_one <= timedelta(hours=6)


def test_a_peer_is_tried_for_thirty_days() -> None:
    assert not backoff.expired(NOW - timedelta(days=30), NOW)
    assert backoff.expired(NOW - timedelta(days=30, seconds=1), NOW)


def test_ten_refusals_over_an_hour_make_a_head_poison() -> None:
    hour = NOW - timedelta(hours=1)

    assert backoff.head_is_poison(10, hour, NOW)
    assert not backoff.head_is_poison(9, hour, NOW)
    assert not backoff.head_is_poison(10, hour + timedelta(seconds=1), NOW)
    assert not backoff.head_is_poison(10, None, NOW)
