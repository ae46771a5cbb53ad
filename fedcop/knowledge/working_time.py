"""Working time by nation: Monday to Friday, 8:00 to 18:00 by the clock of London, without bank holidays.

    after(asked_at, timedelta(hours=8), "wales")     when eight working hours have passed
    between(asked_at, answered_at, "scotland")       how long that took, in working time

A day has ten working hours, and a span that crosses a change of the clocks has as many as any other: the
clocks change on Sundays. Bank holidays are worked out by rule (Banking and Financial Dealings Act 1971,
schedule 1, and the yearly proclamations under it), with a table of the days that were moved or added.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

Nation = Literal["england", "wales", "scotland", "northern_ireland"]
NATIONS: Final[tuple[Nation, ...]] = ("england", "wales", "scotland", "northern_ireland")

LONDON: Final = ZoneInfo("Europe/London")
OPENS: Final = time(8)
CLOSES: Final = time(18)
DAY: Final = timedelta(hours=10)

_MONDAY, _SATURDAY = 0, 5

# Days that stand elsewhere than the rule has them, and days for one occasion. Source: gov.uk/bank-holidays.
_MOVED: Final = {
    date(2020, 5, 4): date(2020, 5, 8),  # 75 years after the end of the war in Europe
    date(2022, 5, 30): date(2022, 6, 2),  # the Platinum Jubilee
}
_ADDED: Final = (
    date(2022, 6, 3),  # the Platinum Jubilee
    date(2022, 9, 19),  # the state funeral
    date(2023, 5, 8),  # the coronation
)


@lru_cache(maxsize=256)
def holidays(year: int, nation: Nation) -> frozenset[date]:
    """Give the bank holidays of a year; one on a weekend is taken on the next day that is free for it."""
    easter = _easter(year)
    days = [
        *(date(year, 1, day) for day in ((1, 2) if nation == "scotland" else (1,))),
        *((date(year, 3, 17), date(year, 7, 12)) if nation == "northern_ireland" else ()),
        easter - timedelta(days=2),
        *((easter + timedelta(days=1),) if nation != "scotland" else ()),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 1 if nation == "scotland" else 25)),
        *((date(year, 11, 30),) if nation == "scotland" else ()),
        date(year, 12, 25),
        date(year, 12, 26),
    ]
    moved = [_MOVED.get(day, day) for day in days]
    return _taken([*moved, *(day for day in _ADDED if day.year == year)])


def _taken(days: list[date]) -> frozenset[date]:
    """Give the days on which these are taken: one on a weekend goes to the next working day."""
    taken = {day for day in days if day.weekday() < _SATURDAY}
    for day in sorted(day for day in days if day.weekday() >= _SATURDAY):
        ahead = (day + timedelta(days=number) for number in range(1, 8))
        taken.add(next(one for one in ahead if one.weekday() < _SATURDAY and one not in taken))
    return frozenset(taken)


def _monday_from(day: date) -> date:
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar (the anonymous rule printed in Nature, 20 April 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    skipped = century - century // 4 - (8 * century + 13) // 25
    moon = (skipped + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - moon // 28 * (29 // (moon + 1)) * ((21 - golden) // 11))
    sunday = moon - (century * 100 + rest + (year // 4) + moon + 2 - century + century // 4) % 7
    month = 3 + (sunday + 40) // 44
    return date(year, month, sunday + 28 - 31 * (month // 4))


def is_working_day(day: date, nation: Nation) -> bool:
    """Tell whether people of a nation's councils work on a day."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year, nation)


def after(moment: datetime, span: timedelta, nation: Nation) -> datetime:
    """Give the first moment at which so much working time has passed since another; in UTC.

    No span gives the moment itself, be it in the night. A negative one is refused.
    """
    if span < timedelta(0):
        raise ValueError(f"{span} lies back; wanted working time from here on")
    if not span:
        return moment.astimezone(UTC)
    left, day = span, moment.astimezone(LONDON).date()
    while True:
        opens, closes = _hours(day, nation)
        opens = max(opens, moment.astimezone(UTC))
        if closes - opens >= left:
            return opens + left
        left -= max(closes - opens, timedelta(0))
        day += timedelta(days=1)


def between(start: datetime, end: datetime, nation: Nation) -> timedelta:
    """Give the working time between two moments; none if the second is not the later one."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    spent, day, last = timedelta(0), start.astimezone(LONDON).date(), end.astimezone(LONDON).date()
    while day <= last:
        opens, closes = _hours(day, nation)
        spent += max(min(closes, end) - max(opens, start), timedelta(0))
        day += timedelta(days=1)
    return spent


def _hours(day: date, nation: Nation) -> tuple[datetime, datetime]:
    """Give when a day's work begins and ends, in UTC; the same moment twice where there is none."""
    opens = datetime.combine(day, OPENS, LONDON).astimezone(UTC)
    return opens, opens + DAY if is_working_day(day, nation) else opens
