"""Working time by nation, against the days that gov.uk publishes and by its own laws."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcop.knowledge import working_time
from fedcop.knowledge.working_time import NATIONS, Nation

# gov.uk/bank-holidays, month and day, as published.
PUBLISHED = {
    ("england", 2015): "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    ("england", 2016): "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    ("england", 2020): "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    ("england", 2022): "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    ("wales", 2023): "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    ("wales", 2026): "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    ("wales", 2027): "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    ("scotland", 2016): "01-01 01-04 03-25 05-02 05-30 08-01 11-30 12-26 12-27",
    ("scotland", 2022): "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
    ("scotland", 2023): "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
    ("scotland", 2025): "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
    ("scotland", 2027): "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28",
    ("northern_ireland", 2024): "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
    ("northern_ireland", 2025): "01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26",
    ("northern_ireland", 2028): "01-03 03-17 04-14 04-17 05-01 05-29 07-12 08-28 12-25 12-26",
}
HOUR = timedelta(hours=1)

# Sixteen years in seconds, from 2019 on.
moments = st.integers(0, 16 * 366 * 86_400).map(
    lambda seconds: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
spans = st.timedeltas(timedelta(0), timedelta(hours=200))
nations = st.sampled_from(NATIONS)


@pytest.mark.parametrize(("nation", "year"), PUBLISHED)
def test_the_bank_holidays_are_those_that_are_published(nation: Nation, year: int) -> None:
    found = sorted(f"{day:%m-%d}" for day in working_time.holidays(year, nation))
    assert found == PUBLISHED[nation, year].split()


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1981, "04-19"), (2000, "04-23"), (2008, "03-23"), (2011, "04-24"), (2038, "04-25"), (2049, "04-18")],
)
def test_good_friday_goes_with_easter(year: int, sunday: str) -> None:
    easter = date.fromisoformat(f"{year}-{sunday}")
    assert easter - timedelta(days=2) in working_time.holidays(year, "scotland")
    assert easter + timedelta(days=1) in working_time.holidays(year, "wales")
    assert easter + timedelta(days=1) not in working_time.holidays(year, "scotland")


@pytest.mark.parametrize(
    ("asked", "hours", "nation", "due"),
    [
        ("2026-06-09T09:00", 8, "england", "2026-06-09T17:00"),
        ("2026-06-09T13:00", 8, "england", "2026-06-10T11:00"),  # a Tuesday, in London's summer
        ("2026-06-12T16:30", 8, "wales", "2026-06-15T14:30"),  # over a weekend
        ("2026-06-13T12:00", 8, "wales", "2026-06-15T16:00"),  # from a Saturday
        ("2026-06-09T03:00", 1, "england", "2026-06-09T09:00"),  # in the night
        ("2026-06-09T08:00", 10, "england", "2026-06-09T18:00"),
        ("2026-08-31T09:00", 1, "england", "2026-09-01T09:00"),  # a bank holiday, in England
        ("2026-08-31T09:00", 1, "scotland", "2026-08-31T10:00"),  # and not in Scotland
        ("2026-07-13T09:00", 1, "northern_ireland", "2026-07-14T09:00"),
        ("2026-12-24T17:00", 2, "wales", "2026-12-29T09:00"),
        ("2026-03-27T17:00", 2, "england", "2026-03-30T09:00"),  # over the change to summer time
    ],
)
def test_working_hours_are_those_of_the_nation(asked: str, hours: int, nation: Nation, due: str) -> None:
    at = datetime.fromisoformat(asked).replace(tzinfo=working_time.LONDON)
    expected = datetime.fromisoformat(due).replace(tzinfo=working_time.LONDON)

    found = working_time.after(at, hours * HOUR, nation)

    assert found == expected
    assert found.tzinfo is UTC


@given(moments, spans, nations)
def test_as_much_lies_between_as_was_added(moment: datetime, span: timedelta, nation: Nation) -> None:
    assert working_time.between(moment, working_time.after(moment, span, nation), nation) == span


@given(moments, spans, spans, nations)
def test_one_span_after_another_is_both_at_once(
    moment: datetime, one: timedelta, other: timedelta, nation: Nation
) -> None:
    step = working_time.after(moment, one, nation)
    assert working_time.after(step, other, nation) == working_time.after(moment, one + other, nation)


@given(moments, moments, spans, nations)
def test_what_is_asked_later_is_due_no_earlier(
    one: datetime, other: datetime, span: timedelta, nation: Nation
) -> None:
    first, second = sorted((one, other))
    assert working_time.after(first, span, nation) <= working_time.after(second, span, nation)


@given(moments, spans, nations)
def test_a_moment_that_is_due_lies_in_working_hours(
    moment: datetime, span: timedelta, nation: Nation
) -> None:
    due = working_time.after(moment, span, nation).astimezone(working_time.LONDON)
    assert not span or working_time.is_working_day(due.date(), nation)
    assert not span or working_time.OPENS <= due.time() <= working_time.CLOSES


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    noon = datetime(2026, 6, 9, 12, tzinfo=UTC)
    assert working_time.between(noon, noon - HOUR, "england") == timedelta(0)


def test_working_time_that_lies_back_is_refused() -> None:
    with pytest.raises(ValueError, match="lies back"):
        working_time.after(datetime(2026, 6, 9, 12, tzinfo=UTC), -HOUR, "england")
