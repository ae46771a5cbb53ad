"""When something takes place, in words.

when(starts_at, ends_at, "Europe/London")    "Thursday 4 June 2026, 14:00 to 15:30 (Europe/London)"
day(date(2026, 6, 4), "cy")                  "4 Mehefin 2026"
"""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def when(starts_at: datetime, ends_at: datetime | None, timezone: str) -> str:
    """Give a span of time as it reads in its own time zone; in UTC where that is not known."""
    zone, name = _zone(timezone)
    start = starts_at.astimezone(zone)
    said = f"{_day(start)}, {start:%H:%M}"
    if ends_at is not None and ends_at > starts_at:
        end = ends_at.astimezone(zone)
        said += f" to {end:%H:%M}" if end.date() == start.date() else f" to {_day(end)}, {end:%H:%M}"
    return f"{said} ({name})"


def day(when: date, language: str) -> str:
    """Give a day as it is written out in a language: ``1 April 2026``, ``1 Ebrill 2026``."""
    from babel.dates import format_date  # noqa: PLC0415 - for few posts

    return format_date(when, "d MMMM y", locale=language)


def _day(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y}"


def _zone(timezone: str) -> tuple[tzinfo, str]:
    try:
        return (ZoneInfo(timezone), timezone) if timezone else (UTC, "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC, "UTC"
