"""Vote in a poll, and tell what came of one.

    await vote.vote(node, ada, post_id, [0, 2])      places of the options, from 0
    await vote.settle(node, post_id)                 new counts, or that it ended, to whoever holds it

A poll of ours is counted here. New counts go out once a minute at most while votes come, and at the end, by
the way on which an edit goes. A vote in another node's poll is told to its author and to nobody else.
"""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from activitypub import vocab
from activitypub.errors import RemoteFault
from activitypub.vocab import registry
from fedcop import fetch
from fedcop.actions import notify, restate
from fedcop.actions.tell import Told
from fedcop.as2 import polls as as2_polls
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Invalid, NotFound, Refusal
from fedcop.node import Node
from fedcop.policy import membership, posting
from fedcop.policy import polls as rules
from storage import actors, polls, posts, views, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.notifications import NewNotification
from storage.polls import Poll
from storage.posts import Post
from storage.views import PostView

TOLD_EVERY = timedelta(minutes=1)
# Mastodon asks again no sooner either (Poll#possibly_stale?).
FRESH_FOR = timedelta(minutes=1)
MOST_CHOICES = 20  # as many options as are read of a poll


class _Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """Votes of one person in one poll, ready to be checked and counted."""

    post_id: PostId
    voter_id: ActorId
    choices: tuple[int, ...]
    ids: tuple[int, ...]
    at: datetime


async def vote(node: Node, voter: Actor, post_id: PostId, choices: Sequence[int]) -> None:
    """Let somebody here vote; raise ``Invalid`` for what does not count, in the words that clients know."""
    if not choices:
        raise Invalid("Validation failed: Choices can't be blank", choices="can't be blank")
    poll, post, author = await node.store.read(_asked, voter, post_id)
    if post.local:
        await count(node, voter, post_id, choices)
        return
    ballot = _ballot(node, voter, post_id, choices)
    parcels = [
        _parcel(node, voter, poll, post, author, choice, number)
        for choice, number in zip(ballot.choices, ballot.ids, strict=True)
        if 0 <= choice < len(poll.options)
    ]
    await node.store.write(_send, node, ballot, parcels, author)


async def count(node: Node, voter: Actor, post_id: PostId, choices: Sequence[int]) -> None:
    """Count somebody's votes in a poll of ours; raise a Refusal if they may not vote, or not so."""
    await node.store.write(_cast, _ballot(node, voter, post_id, choices))


def _ballot(node: Node, voter: Actor, post_id: PostId, choices: Sequence[int]) -> _Ballot:
    now = node.clock.now()
    wanted = tuple(dict.fromkeys(choices))[:MOST_CHOICES]
    ids = tuple(node.ids.next(now) for _ in wanted)
    return _Ballot(post_id=post_id, voter_id=voter.id, choices=wanted, ids=ids, at=now)


async def _asked(read: Reader, voter: Actor, post_id: PostId) -> tuple[Poll, Post, Actor]:
    viewer = visible.person(voter.id)
    post = await posts.find(read, viewer, post_id)
    poll = await polls.find(read, viewer, post_id)
    author = await actors.find(read, visible.SYSTEM, post.author_id) if post is not None else None
    if post is None or poll is None or author is None:
        raise NotFound("there is no such poll")
    return poll, post, author


async def _cast(tx: Transaction, ballot: _Ballot) -> None:
    viewer = visible.person(ballot.voter_id)
    post = await posts.find(tx, viewer, ballot.post_id)
    poll = await polls.find(tx, viewer, ballot.post_id)
    if post is None or poll is None:
        raise NotFound("there is no such poll")
    await _ensure_may_vote(tx, post, ballot)
    told_soon = post.local and not poll.hide_totals
    await polls.due_by(tx, post.id, ballot.at + TOLD_EVERY if told_soon else poll.ends_at)
    before = await polls.voted(tx, post.id, ballot.voter_id)
    rules.ensure_choice(
        ballot.choices,
        before,
        options=len(poll.options),
        multiple=poll.multiple,
        own=post.author_id == ballot.voter_id,
        ended=poll.has_ended(ballot.at),
    )
    for place, (choice, number) in enumerate(zip(ballot.choices, ballot.ids, strict=True)):
        first = not before and place == 0
        await polls.count_vote(tx, post.id, ballot.voter_id, choice, vote_id=number, first=first)


async def _ensure_may_vote(read: Reader, post: Post, ballot: _Ballot) -> None:
    """Refuse who was banned from the community that the poll is in."""
    if post.community_id is None:
        return
    community = await actors.find(read, visible.SYSTEM, post.community_id)
    if community is not None and community.local:
        standing = await membership.standing_of(read, community, ballot.voter_id, ballot.at)
        posting.ensure_not_banned(standing, community.handle)


def _parcel(
    node: Node, voter: Actor, poll: Poll, post: Post, author: Actor, choice: int, number: int
) -> Parcel:
    uri = node.uris.activity(node.ids.next(node.clock.now()))
    title = poll.options[choice].title
    document = as2_polls.vote_of(uri, voter.uri, title, poll=post.uri, author=author.uri, number=number)
    return fanout.parcel(node, document, uri=uri, kind="Create", sender_id=voter.id, object_uri=None)


async def _send(tx: Transaction, node: Node, ballot: _Ballot, parcels: list[Parcel], author: Actor) -> None:
    await _cast(tx, ballot)
    for parcel in parcels:
        await fanout.enqueue(tx, node, parcel, [fanout.target_of(author, personal=True)], ballot.at)


async def refresh(node: Node, poll: Poll) -> None:
    """Ask the node of a poll for its counts, if those held are older than a minute and may still change."""
    if poll.fetched_at is None or poll.fetched_at > node.clock.now() - FRESH_FOR:
        return
    if poll.has_ended(poll.fetched_at):
        return
    post = await node.store.read(posts.find, visible.SYSTEM, poll.post_id)
    if post is None or post.audience == "members":
        return  # nobody fetches it by its id (decision 9)
    # Whoever looks at a poll sees what is held, however its node is.
    with contextlib.suppress(RemoteFault, Refusal):
        await _refresh(node, post)


async def _refresh(node: Node, post: Post) -> None:
    got = await fetch.document(node, post.uri)
    found = registry.read(got) if got is not None else None
    now = node.clock.now()
    if isinstance(found, vocab.Post) and found.id == post.uri:
        new = as2_polls.poll_from(found, published=post.published_at, now=now)
        if new is not None:
            await node.store.write(polls.tally, post.id, new)


async def settle(node: Node, post_id: PostId) -> None:
    """Do what is due with a poll: tell its new counts, or that it ended, also to its author and who voted.

    Another node's is asked for its counts first.
    """
    now = node.clock.now()
    poll = await node.store.read(polls.find, visible.SYSTEM, post_id)
    if poll is not None:
        await refresh(node, poll)
    view = await node.store.read(views.post_view, visible.SYSTEM, post_id)
    if view is None or view.poll is None:
        return
    told = await restate.prepare(node, view, now) if view.post.local else None
    notices = await node.store.read(_notices, node, view) if view.poll.has_ended(now) else []
    await node.store.write(_settle, node, post_id, told, notices, now)


async def _notices(read: Reader, node: Node, view: PostView) -> list[NewNotification]:
    voters = await polls.voters_here(read, view.post.id)
    asked = [view.author.id] if view.post.local else []
    return notify.prepare(node, "poll", [*asked, *voters], by=view.author.id, post_id=view.post.id)


async def _settle(
    tx: Transaction,
    node: Node,
    post_id: PostId,
    told: Told | None,
    notices: list[NewNotification],
    now: datetime,
) -> None:
    if not await polls.settle(tx, post_id, now):
        return
    if told is not None:
        await restate.add(tx, node, told)
    await notify.add(tx, notices)
