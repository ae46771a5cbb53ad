"""Somebody elsewhere votes in a poll of ours (FEP-9967): it is counted here and never passed on."""

from activitypub import vocab
from fedcop.actions import vote
from fedcop.as2 import polls as as2_polls
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.subject import is_admitted
from storage import polls, posts, visible
from storage.engine import Reader
from storage.polls import Poll


async def receive_vote(node: Node, arrival: Arrival) -> Outcome:
    """Count a vote, or several in one Create, as GoToSocial sends those for more than one choice."""
    if arrival.community is not None:
        return refused("a vote is told to the author of the poll, and nobody passes it on")
    votes = [
        one for one in arrival.activity.objects if isinstance(one, vocab.Post) and as2_polls.is_vote(one)
    ]
    poll_uri = votes[0].in_reply_to or ""
    by = {vote.attributed_to for vote in votes}
    if by != {arrival.by.uri} or {vote.in_reply_to for vote in votes} != {poll_uri}:
        return refused("each votes for themselves, in one poll")
    viewer = visible.person(arrival.by.id)
    poll = await node.store.read(_poll, viewer, poll_uri)
    if poll is None and node.uris.is_ours(poll_uri) and await is_admitted(node, poll_uri, arrival.by):
        poll = await node.store.read(_poll, viewer, poll_uri)
    if poll is None:
        return ignored("it is no poll of ours, or none that they may see")
    titles = [option.title for option in poll.options]
    names = [(vote.name or "").strip() for vote in votes]
    # Refusals raised here end as refused, with their words.
    await vote.count(
        node, arrival.by, poll.post_id, [titles.index(name) if name in titles else -1 for name in names]
    )
    return DONE


async def _poll(read: Reader, viewer: visible.Viewer, uri: str) -> Poll | None:
    post = await posts.find_by_uri(read, viewer, uri)
    return await polls.find(read, viewer, post.id) if post is not None and post.local else None
