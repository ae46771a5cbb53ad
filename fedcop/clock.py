"""The time, asked for in one place, so that tests can move it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time of this machine."""

    def now(self) -> datetime:
        """Give this moment in UTC."""
        return datetime.now(UTC)


class SetClock(Clock):
    """Tells a time that stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Give the moment that was set."""
        return self._moment

    def move(self, by: timedelta) -> None:
        """Let this much time pass."""
        self._moment += by
