"""Spans of time in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fedcop.content.when import day, when

STARTS = datetime(2026, 6, 4, 13, 5, tzinfo=UTC)


def test_a_span_reads_in_its_own_time_zone() -> None:
    assert when(STARTS, None, "Europe/London") == "Thursday 4 June 2026, 14:05 (Europe/London)"
    assert when(STARTS, STARTS + timedelta(hours=1), "Asia/Tokyo") == (
        "Thursday 4 June 2026, 22:05 to 23:05 (Asia/Tokyo)"
    )


def test_a_span_over_midnight_names_both_days() -> None:
    assert when(STARTS, STARTS + timedelta(hours=12), "") == (
        "Thursday 4 June 2026, 13:05 to Friday 5 June 2026, 01:05 (UTC)"
    )


@pytest.mark.parametrize(
    "timezone", ["", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "a\0b", "Europe"]
)
def test_a_time_zone_that_is_not_known_is_utc(timezone: str) -> None:
    assert when(STARTS, None, timezone) == "Thursday 4 June 2026, 13:05 (UTC)"


def test_a_day_reads_in_its_language() -> None:
    assert day(date(2026, 4, 1), "en") == "1 April 2026"
    assert day(date(2026, 4, 1), "cy") == "1 Ebrill 2026"
