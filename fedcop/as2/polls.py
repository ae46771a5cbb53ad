"""Polls both ways (FEP-9967): what a Question says beside its text, and a vote.

    page = post_of(outgoing, uris) | question_of(poll, now)
    poll = poll_from(question, published=..., now=...)

A vote is a Note with a name and no text, told to the author of the poll only.
"""

from datetime import datetime

from activitypub.document import Json
from activitypub.vocab.objects import Post
from activitypub.vocab.write import CONTEXT
from fedcop.as2.activities import moment_of
from storage.polls import NewOption, NewPoll, Poll


def question_of(poll: Poll | NewPoll, now: datetime) -> Json:
    """Give the choices, counts and end of a poll of ours; counts that are hidden read 0 till the end."""
    ended = poll.ends_at is not None and poll.ends_at <= now
    hidden = poll.hide_totals and not ended
    said: Json = {
        "anyOf" if poll.multiple else "oneOf": [
            {
                "type": "Note",
                "name": option.title,
                "replies": {"type": "Collection", "totalItems": 0 if hidden else option.votes_count},
            }
            for option in poll.options
        ]
    }
    if poll.ends_at is not None:
        said["endTime"] = moment_of(poll.ends_at)
        if ended:
            said["closed"] = said["endTime"]
    if poll.voters_count is not None:
        said["votersCount"] = poll.voters_count
    return said


def poll_from(post: Post, *, published: datetime, now: datetime) -> NewPoll | None:
    """Give the poll that a peer's post is, if it is one."""
    options = post.any_of or post.one_of
    if post.type != "Question" or not options:
        return None
    ends_at = post.end_time
    if post.closed is not None:
        # Some say only that it was closed, which reads as a time before there was a poll.
        ends_at = max(min(post.closed, now), published)
    return NewPoll(
        # As it came: whoever votes has to name an option to the letter.
        options=tuple(NewOption(option.name, option.votes) for option in options),
        multiple=bool(post.any_of),
        ends_at=ends_at,
        voters_count=post.voters_count,
        counted_at=now,
    )


def is_vote(post: Post) -> bool:
    """Tell whether a post is a vote: a name, an answered post and no text (FEP-9967)."""
    answers = post.type == "Note" and bool(post.name and post.in_reply_to)
    return answers and not (post.content or "").strip() and not post.content_map and not post.attachment


def vote_of(uri: str, voter: str, title: str, *, poll: str, author: str, number: int) -> Json:
    """Give the Create of a vote, addressed to nobody but the poll's author."""
    vote = {
        # Nobody fetches a vote: an id with a fragment is what Mastodon gives it, too.
        "id": f"{voter}#votes/{number}",
        "type": "Note",
        "attributedTo": voter,
        "to": [author],
        "cc": [],
        "name": title,
        "inReplyTo": poll,
    }
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "Create",
        "actor": voter,
        "to": [author],
        "cc": [],
        "object": vote,
    }
