"""The post that an activity is about, and what its community, if that is ours, passes on of the activity."""

from datetime import datetime

import msgspec

from fedcop import fetch
from fedcop.actions import announce, record
from fedcop.actions.announce import Passed
from fedcop.errors import NotPermitted
from fedcop.node import Node
from fedcop.receive.arrival import Arrival
from storage import actors, audit, communities, posts
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.posts import Post
from storage.visible import SYSTEM, Viewer

REASON = 500  # signs of what a facilitator elsewhere says about a decision


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is held here; ``plain_by`` is the plain Announce by which our community told of it."""

    post: Post
    author: Actor
    community: Actor | None
    plain_by: str | None
    facilitated: bool


async def subject_of(
    read: Reader, uri: str, by: Actor, *, viewer: Viewer = SYSTEM, removed: bool = False
) -> Subject | None:
    """Give a post by its id, and whether who acts facilitates its community.

    One that stands, or with ``removed`` one that does not.
    """
    post = await posts.find_by_uri(read, viewer, uri)
    if post is None or (post.removed_at is not None) is not removed:
        return None
    author = await actors.find(read, SYSTEM, post.author_id)
    if author is None:
        return None
    community, plain_by, facilitated = None, None, False
    if post.community_id is not None:
        community = await actors.find(read, SYSTEM, post.community_id)
        plain_by = await announce.plain_of(read, post.community_id, post.id)
        facilitated = await communities.is_facilitator(read, post.community_id, by.id)
    return Subject(post=post, author=author, community=community, plain_by=plain_by, facilitated=facilitated)


async def ensure_not_banned(read: Reader, subject: Subject, by: Actor, now: datetime) -> None:
    """Raise ``NotPermitted`` for whom a community of ours banned: it passes on nothing of theirs."""
    community = subject.community
    if community is None or not community.local:
        return
    if await communities.is_banned(read, community.id, by.id, now):
        raise NotPermitted(f"{by.uri} is banned from the community {community.handle}")


async def is_admitted(node: Node, uri: str, by: Actor) -> bool:
    """Tell whether who acts turns out to be a member of the members-only community of a post held here.

    Who joined after its node was last asked is not in the list that is kept; so it is asked about them.
    """
    subject = await node.store.read(subject_of, uri, by)
    if subject is None or subject.community is None or subject.post.audience != "members":
        return False
    return not subject.community.local and await fetch.is_member(node, subject.community, by.uri)


def is_in(subject: Subject, arrival: Arrival) -> bool:
    """Tell whether an activity may concern a post: what a community asserts counts only for its own posts.

    What concerns a community of ours is said to us by whoever does it: passed on by another, it may be a word
    of long ago, proof and all.
    """
    if arrival.community is not None and subject.community is not None and subject.community.local:
        return False
    if not arrival.asserted:
        return True
    return arrival.community is not None and subject.post.community_id == arrival.community.id


def is_astray(community: Actor | None, arrival: Arrival) -> bool:
    """Tell whether what only the members of a community read came from somewhere else than it should.

    It goes from its author to the community, and from the community to everybody else (decision 9): told by
    anybody else it may never have been taken there, or may be a word of long ago.
    """
    if community is None or not community.approves:
        return False
    if community.local:
        return arrival.community is not None
    return arrival.community is None or arrival.community.id != community.id


async def may_moderate(node: Node, subject: Subject, arrival: Arrival) -> bool:
    """Tell whether who acts may change what somebody else posted.

    In a community of ours its listed facilitators may (decision 10); elsewhere whom that community lists, in
    its Announce.
    """
    community = subject.community
    if community is None:
        return False
    if community.local:
        return subject.facilitated and arrival.community is None
    if arrival.community is None or arrival.community.id != community.id:
        return False
    return await fetch.facilitates(node, community, arrival.by)


def noted(node: Node, arrival: Arrival, community: Actor | None, verb: str, about: str) -> Note | None:
    """Make the entry of what a facilitator elsewhere decides in a community of ours; None in any other."""
    if community is None or not community.local:
        return None
    reason = (arrival.activity.summary or "")[:REASON]
    where = {"community": community.uri}
    return record.note(node, record.name_of(arrival.by), verb, about, reason=reason, after=where)


async def write_noted(tx: Transaction, note: Note | None) -> None:
    """Record what was decided in a community of ours."""
    if note is not None:
        await audit.record(tx, note)


def passed_on(
    node: Node, subject: Subject, arrival: Arrival, *, takes_back: bool = False, begins_thread: bool = False
) -> Passed | None:
    """Make what a community of ours passes on to its members; None when the post is in no such community.

    ``takes_back``: the post goes, and with it its plain Announce. ``begins_thread``: it is back, as new.
    """
    community = subject.community
    if community is None or not community.local or arrival.community is not None:
        return None
    return announce.prepare(
        node,
        community,
        uri=arrival.activity.id,
        kind=arrival.activity.type,
        actor_id=arrival.by.id,
        body=arrival.raw,
        object_uri=subject.post.uri,
        post_id=subject.post.id,
        begins_thread=begins_thread,
        undoes=subject.plain_by if takes_back else None,
    )
