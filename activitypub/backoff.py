"""When a peer is tried again or given up, and when the head of its queue is the fault (decision 20)."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=15)
LONGEST = timedelta(hours=6)
TRIED_FOR = timedelta(days=30)

POISON_ANSWERS = 10
POISON_AFTER = timedelta(hours=1)


def next_try(attempt: int, *, jitter: float) -> timedelta:
    """Give the wait after failure number ``attempt``, counted from 1.

    ``jitter``, from 0 up to 1, spreads peers over each doubling; a wait is never shorter than one before it.
    """
    doublings = min(max(attempt, 1) - 1, 20)  # 20 are years already
    wait: timedelta = FIRST * 2**doublings * (1 + jitter)
    return min(wait, LONGEST)


def expired(first_queued_at: datetime, now: datetime) -> bool:
    """Tell whether something has waited so long that it is no longer tried."""
    return now - first_queued_at > TRIED_FOR


def head_is_poison(answers: int, first_refused_at: datetime | None, now: datetime) -> bool:
    """Tell whether a peer that is otherwise well has answered the head of its queue with errors too often.

    ``answers`` counts 5xx and 401 that the peer itself gave, the first of them at ``first_refused_at``.
    """
    if first_refused_at is None or answers < POISON_ANSWERS:
        return False
    return now - first_refused_at >= POISON_AFTER
