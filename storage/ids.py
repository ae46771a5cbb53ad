"""Row ids: time-ordered integers inside, decimal text at the doors.

Posts, announces, actors and media share one space, ``unix_ms << 16 | counter``; clients compare such ids
as numbers, so a later one is larger. Notifications use ``unix_ms << 10 | n``, which stays below 2**53,
since some clients read them as JSON numbers.
"""

from datetime import UTC, datetime
from typing import NewType

from storage.engine import Reader

ActorId = NewType("ActorId", int)
PostId = NewType("PostId", int)
EntryId = NewType("EntryId", int)
MediaId = NewType("MediaId", int)
NotificationId = NewType("NotificationId", int)
RowId = NewType("RowId", int)
Uri = NewType("Uri", str)
KeyId = NewType("KeyId", str)
Host = NewType("Host", str)

_COUNTER_BITS = 16
_NOTIFICATION_BITS = 10


class IdSource:
    """Mints ids for one process; each is larger than all it minted before and all it was seeded with.

    ``process`` (0 to 15) takes the top 4 bits of each counter, so that several processes never meet.
    """

    def __init__(self, *, last: int = 0, last_notification: int = 0, process: int = 0) -> None:
        if not 0 <= process <= 15:
            raise ValueError(f"process {process}: between 0 and 15 is wanted")
        self._process = process << (_COUNTER_BITS - 4)
        self._note_process = process << (_NOTIFICATION_BITS - 4)
        self._note_span = 1 << (_NOTIFICATION_BITS - 4)
        self._span = 1 << (_COUNTER_BITS - 4)
        self._millisecond, self._counter = last >> _COUNTER_BITS, self._span
        self._note_millisecond = last_notification >> _NOTIFICATION_BITS
        self._note_counter = self._note_span

    def next(self, now: datetime) -> int:
        """Give the next id of the space that posts and announces share."""
        self._millisecond, self._counter = _step(self._millisecond, self._counter, now, self._span)
        return self._millisecond << _COUNTER_BITS | self._process | self._counter

    def next_notification(self, now: datetime) -> NotificationId:
        """Give the next id of a notification."""
        self._note_millisecond, self._note_counter = _step(
            self._note_millisecond, self._note_counter, now, self._note_span
        )
        return NotificationId(
            self._note_millisecond << _NOTIFICATION_BITS | self._note_process | self._note_counter
        )


def _step(millisecond: int, counter: int, now: datetime, span: int) -> tuple[int, int]:
    current = int(now.timestamp() * 1000)
    if current > millisecond:
        return current, 0
    if counter + 1 < span:
        return millisecond, counter + 1
    return millisecond + 1, 0


def at(now: datetime) -> int:
    """Give the smallest id that can be minted at ``now``: a border for questions about time."""
    return int(now.timestamp() * 1000) << _COUNTER_BITS


def time_of(row_id: int) -> datetime:
    """Give the moment at which an id of the shared space was minted."""
    return datetime.fromtimestamp((row_id >> _COUNTER_BITS) / 1000, UTC)


def notified_at(notification_id: int) -> datetime:
    """Give the moment at which an id of a notification was minted."""
    return datetime.fromtimestamp((notification_id >> _NOTIFICATION_BITS) / 1000, UTC)


HIGHEST = """
-- The highest id of the shared space that is stored anywhere; each part is the end of one index.
SELECT MAX(n) FROM (
    SELECT MAX(id) AS n FROM actors
    UNION ALL SELECT MAX(id) AS n FROM posts
    UNION ALL SELECT MAX(id) AS n FROM entries
    UNION ALL SELECT MAX(id) AS n FROM follows
    UNION ALL SELECT MAX(id) AS n FROM blocks
    UNION ALL SELECT MAX(id) AS n FROM mutes
    UNION ALL SELECT MAX(id) AS n FROM likes
    UNION ALL SELECT MAX(id) AS n FROM bookmarks
    UNION ALL SELECT MAX(id) AS n FROM profile_pins
    UNION ALL SELECT MAX(id) AS n FROM followed_tags
    UNION ALL SELECT MAX(id) AS n FROM revisions
    UNION ALL SELECT MAX(id) AS n FROM media
    UNION ALL SELECT MAX(id) AS n FROM reports
    UNION ALL SELECT MAX(id) AS n FROM received
    UNION ALL SELECT MAX(id) AS n FROM bodies
    UNION ALL SELECT MAX(id) AS n FROM deliveries
    UNION ALL SELECT MAX(id) AS n FROM audit_unchained
    UNION ALL SELECT MAX(id) AS n FROM ended
    UNION ALL SELECT MAX(id) AS n FROM apps
    UNION ALL SELECT MAX(id) AS n FROM tokens
    UNION ALL SELECT MAX(id) AS n FROM votes
    UNION ALL SELECT MAX(id) AS n FROM quote_stamps
    UNION ALL SELECT MAX(id) AS n FROM scheduled
    UNION ALL SELECT MAX(id) AS n FROM lists
    UNION ALL SELECT MAX(id) AS n FROM list_members
    UNION ALL SELECT MAX(id) AS n FROM filters
    UNION ALL SELECT MAX(id) AS n FROM filter_keywords
    UNION ALL SELECT MAX(id) AS n FROM filter_posts
    UNION ALL SELECT MAX(id) AS n FROM muted_hosts
    UNION ALL SELECT MAX(id) AS n FROM featured_tags
    UNION ALL SELECT MAX(id) AS n FROM endorsements
    UNION ALL SELECT MAX(id) AS n FROM offers
    UNION ALL SELECT MAX(id) AS n FROM histories
    UNION ALL SELECT MAX(id) AS n FROM escalation_steps
    UNION ALL SELECT MAX(id) AS n FROM referrals
    UNION ALL SELECT MAX(id) AS n FROM know_how_drafts
) AS ends
"""

HIGHEST_NOTIFICATION = "SELECT MAX(id) FROM notifications"


async def highest(read: Reader) -> tuple[int, int]:
    """Give the highest stored id of the shared space and of notifications, to seed an ``IdSource`` with."""
    return await read.value(HIGHEST) or 0, await read.value(HIGHEST_NOTIFICATION) or 0
