"""Poll, as one person sees it."""

from datetime import timedelta
from typing import Any

import msgspec

from fedcop.mastodon.entities.poll import Poll, poll
from storage import polls as rows
from storage.ids import ActorId, PostId
from storage.polls import Option
from tests.fedcop.mastodon.entities.rows import NOON
from tests.support.described import faults

ADA, BEN = ActorId(1), ActorId(2)


def row(*, chosen: bool = False, **more: Any) -> rows.Poll:
    options = tuple(
        Option(post_id=PostId(7), title=title, votes_count=2, vote_id=1 if chosen else None)
        for title in ("Tea", "Milk")
    )
    values: dict[str, Any] = {
        "multiple": True,
        "hide_totals": False,
        "ends_at": NOON + timedelta(hours=1),
        "voters_count": 3,
        "fetched_at": None,
    }
    return rows.Poll(post_id=PostId(7), options=options, **(values | more))


def shown(given: rows.Poll, *, me: ActorId = BEN, hours: int = 0) -> Poll:
    return poll(given, author=ADA, me=me, now=NOON + timedelta(hours=hours))


def test_a_poll_has_all_that_clients_want() -> None:
    found = shown(row())
    assert faults("Poll", msgspec.to_builtins(found)) == []
    assert (found.id, found.votes_count, found.voters_count) == ("7", 4, 3)
    assert (found.voted, found.own_votes, found.expired) == (False, [], False)


def test_who_asked_or_voted_is_offered_no_vote() -> None:
    assert (shown(row(), me=ADA).voted, shown(row(), me=ADA).own_votes) == (True, [])
    assert shown(row(chosen=True)).own_votes == [0, 1]
    assert shown(row(), me=ActorId(0)).voted is False


def test_hidden_counts_are_null_till_the_end() -> None:
    hidden = row(hide_totals=True)
    assert [option.votes_count for option in shown(hidden).options] == [None, None]
    assert [option.votes_count for option in shown(hidden, hours=1).options] == [2, 2]


def test_a_poll_without_an_end_stays_open() -> None:
    found = shown(row(ends_at=None), hours=9000)
    assert (found.expires_at, found.expired) == (None, False)
