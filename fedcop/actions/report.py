"""Report a person or posts to those who can act: here, in the community, and at the other node if asked."""

from collections.abc import Sequence

from fedcop.as2 import activities
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import actors, posts, reports, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import PostId, RowId
from storage.posts import Post
from storage.reports import NewReport

LONGEST_COMMENT = 1000


async def report(
    node: Node,
    me: Actor,
    target: Actor,
    *,
    post_ids: Sequence[PostId] = (),
    comment: str = "",
    category: str = "other",
    forward: bool = False,
) -> int:
    """Report somebody, or what they posted, and give the report's id.

    ``forward`` sends it to the node of whoever is reported, and of the posts' community, too: signed by the
    node actor, so that nobody there learns who reported (decision 28 of the design).
    """
    if len(comment) > LONGEST_COMMENT:
        raise Invalid(comment=f"is longer than {LONGEST_COMMENT} characters")
    about, community, node_actor = await node.store.read(_about, node, me, target, list(post_ids))
    now = node.clock.now()
    new = NewReport(
        id=RowId(node.ids.next(now)),
        uri=None,
        by_actor=me.id,
        target_id=target.id,
        community_id=community.id if community else None,
        comment=comment,
        category=category,
        posts=tuple(post.id for post in about),
        forwarded=forward and not target.local,
        created_at=now,
    )
    sent = _flags(node, node_actor, target, about, community, comment) if forward else []
    await node.store.write(_report, node, new, sent)
    return new.id


def _flags(
    node: Node,
    node_actor: Actor,
    target: Actor,
    about: list[Post],
    community: Actor | None,
    comment: str,
) -> list[tuple[Parcel, Actor]]:
    flagged = [target.uri, *[post.uri for post in about]]
    recipients: list[tuple[Actor, list[str], list[str]]] = [(target, flagged, [])]
    if community is not None and about:
        # Lemmy takes a Flag of one post, addressed to its community (federation.md 1.7).
        recipients.append((community, [about[0].uri], [community.uri]))
    parcels = []
    for recipient, objects, to in recipients:
        if recipient.local:
            continue
        uri = node.uris.activity(node.ids.next(node.clock.now()))
        document = activities.flag_of(uri, node_actor.uri, objects, to=to, text=comment)
        sent = fanout.parcel(
            node, document, uri=uri, kind="Flag", sender_id=node_actor.id, object_uri=target.uri
        )
        parcels.append((sent, recipient))
    return parcels


async def _report(tx: Transaction, node: Node, new: NewReport, sent: list[tuple[Parcel, Actor]]) -> None:
    await reports.add(tx, new)
    for flag, recipient in sent:
        await fanout.enqueue(tx, node, flag, [fanout.target_of(recipient)], new.created_at)


async def _about(
    read: Reader, node: Node, me: Actor, target: Actor, post_ids: list[PostId]
) -> tuple[list[Post], Actor | None, Actor]:
    found = [await posts.find(read, visible.person(me.id), post_id) for post_id in post_ids]
    about = [post for post in found if post is not None and post.author_id == target.id]
    if len(about) != len(post_ids):
        raise NotFound("a reported post is not there, or is somebody else's")
    first = next((post.community_id for post in about if post.community_id), None)
    community = await actors.find(read, visible.SYSTEM, first) if first else None
    node_actor = await actors.find(read, visible.SYSTEM, node.actor_id)
    if node_actor is None:
        raise NotFound("this node has no actor")
    return about, community, node_actor
