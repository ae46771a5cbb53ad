"""Poll: ``own_votes`` is a list, in the order of voting, since clients refuse null (mastodon-api.md 3.3)."""

from datetime import datetime

import msgspec

from fedcop.mastodon import answer
from storage.ids import ActorId
from storage.polls import Poll as Row


class Option(msgspec.Struct, kw_only=True):
    """A choice; its count is null while its author hides the totals."""

    title: str
    votes_count: int | None


class Poll(msgspec.Struct, kw_only=True):
    """A poll, as one person sees it; its id is that of its status."""

    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[Option]
    emojis: list[str] = []
    voted: bool
    own_votes: list[int]


def poll(row: Row, *, author: ActorId, me: ActorId, now: datetime) -> Poll:
    """Give a poll to whoever looks; who asks counts as having voted, so that no client offers it to them."""
    ended = row.has_ended(now)
    votes = [
        (option.vote_id, place) for place, option in enumerate(row.options) if option.vote_id is not None
    ]
    own = [place for _, place in sorted(votes)]
    return Poll(
        id=str(row.post_id),
        expires_at=answer.time_if(row.ends_at),
        expired=ended,
        multiple=row.multiple,
        votes_count=row.votes_count,
        voters_count=row.voters_count,
        options=[
            Option(
                title=option.title, votes_count=option.votes_count if ended or not row.hide_totals else None
            )
            for option in row.options
        ],
        voted=bool(own) or author == me,
        own_votes=own,
    )
