"""A report from a peer: Mastodon sends a list of an account and posts, Lemmy one id (federation.md 1.7)."""

import msgspec

from activitypub.vocab.registry import id_of
from fedcop.actions import report
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored
from storage import actors, posts
from storage.engine import Reader
from storage.ids import ActorId, PostId, RowId
from storage.reports import NewReport
from storage.visible import SYSTEM

LONGEST = 5000
MOST_NAMED = 100


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What of a report is known here."""

    target_id: ActorId
    community_id: ActorId | None
    posts: tuple[PostId, ...]


async def receive_flag(node: Node, arrival: Arrival) -> Outcome:
    """Take a report about somebody or something here, and tell who can act; unknown ids are passed over."""
    activity = arrival.activity
    named = dict.fromkeys(filter(None, map(id_of, activity.objects)))
    reported = await node.store.read(_reported, list(named)[:MOST_NAMED])
    if reported is None:
        return ignored("it is about nobody here")
    now = node.clock.now()
    new = NewReport(
        id=RowId(node.ids.next(now)),
        uri=activity.id,
        by_actor=arrival.by.id,
        target_id=reported.target_id,
        community_id=reported.community_id,
        comment=(activity.content or activity.summary or "")[:LONGEST],
        posts=reported.posts,
        created_at=now,
    )
    added = await report.take(node, new, sender=arrival.by.host)
    return DONE if added else ignored("it is known already")


async def _reported(read: Reader, uris: list[str]) -> Reported | None:
    found = [post for uri in uris if (post := await posts.find_by_uri(read, SYSTEM, uri)) is not None]
    people = [one for uri in uris if (one := await actors.find_by_uri(read, SYSTEM, uri)) is not None]
    target = next((one.id for one in people), None) or next((post.author_id for post in found), None)
    if target is None:
        return None
    return Reported(
        target_id=target,
        community_id=next((post.community_id for post in found if post.community_id), None),
        posts=tuple(post.id for post in found),
    )
