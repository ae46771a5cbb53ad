"""The post that an activity is about, and what its community, if that is ours, passes on of the activity."""

from datetime import datetime

import msgspec

from fedcop.actions import announce
from fedcop.actions.announce import Passed
from fedcop.errors import NotPermitted
from fedcop.node import Node
from fedcop.receive.arrival import Arrival
from storage import actors, communities, posts
from storage.actors import Actor
from storage.engine import Reader
from storage.posts import Post
from storage.visible import SYSTEM, Viewer


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is held here; ``plain_by`` is the plain Announce by which our community told of it."""

    post: Post
    author: Actor
    community: Actor | None
    plain_by: str | None
    facilitated: bool


async def subject_of(read: Reader, uri: str, by: Actor, *, viewer: Viewer = SYSTEM) -> Subject | None:
    """Give a post that stands by its id, and whether who acts facilitates its community."""
    post = await posts.find_by_uri(read, viewer, uri)
    if post is None or post.removed_at is not None:
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


def may_moderate(subject: Subject, arrival: Arrival) -> bool:
    """Tell whether who acts may change what somebody else posted.

    In a community of ours its listed facilitators may (decision 10); elsewhere whoever that community says
    may, in its Announce.
    """
    if subject.community is None:
        return False
    if subject.community.local:
        return subject.facilitated
    return arrival.community is not None and arrival.community.id == subject.community.id


def passed_on(node: Node, subject: Subject, arrival: Arrival, *, takes_back: bool = False) -> Passed | None:
    """Make what a community of ours passes on to its members; None when the post is in no such community."""
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
        undoes=subject.plain_by if takes_back else None,
    )
