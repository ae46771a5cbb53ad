"""Somebody elsewhere asks whether their post may quote one of ours (FEP-044f)."""

from datetime import datetime

import msgspec

from activitypub.document import Json
from activitypub.origin import same_origin
from activitypub.vocab.registry import id_of
from fedcop.as2 import quotes as as2_quotes
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.node import Node
from fedcop.policy.pictures import EVERYBODY
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from storage import actors, posts, quotes, visible
from storage.actors import Actor
from storage.deliveries import Target
from storage.engine import Reader, Transaction
from storage.ids import PostId
from storage.posts import Post
from storage.visible import Viewer


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A post of ours, who wrote it, and the authorization that was given before."""

    post: Post
    author: Actor
    stamp_id: int | None


async def receive_quote_request(node: Node, arrival: Arrival) -> Outcome:
    """Say yes if the quoted post is for everybody, no if not; who may not see it hears nothing."""
    uri, quoting_uri = id_of(arrival.activity.object) or "", arrival.activity.instrument
    if quoting_uri is None or not same_origin(quoting_uri, arrival.by.uri) or arrival.community is not None:
        return refused("who quotes asks for a post of their own, and nobody for them")
    viewer = visible.person(arrival.by.id)
    asked = await node.store.read(_asked, viewer, uri, quoting_uri)
    if asked is None:
        return ignored("it is no post of ours, or none that they may see")
    now = node.clock.now()
    stamp_id = None
    if asked.post.audience in EVERYBODY:
        stamp_id = asked.stamp_id or node.ids.next(now)
    parcel = _answer(node, arrival, asked, quoting_uri, stamp_id)
    target = fanout.target_of(arrival.by, personal=True)
    await node.store.write(_write, node, asked.post.id, quoting_uri, stamp_id, parcel, target, now)
    return DONE


async def _asked(read: Reader, viewer: Viewer, uri: str, quoting_uri: str) -> _Asked | None:
    post = await posts.find_by_uri(read, viewer, uri)
    if post is None or post.removed_at is not None or not post.local:
        return None
    author = await actors.find(read, visible.SYSTEM, post.author_id)
    if author is None:
        return None
    return _Asked(post=post, author=author, stamp_id=await quotes.given(read, post.id, quoting_uri))


def _answer(node: Node, arrival: Arrival, asked: _Asked, quoting_uri: str, stamp_id: int | None) -> Parcel:
    request: Json = {
        "id": arrival.activity.id,
        "type": arrival.activity.type,
        "actor": arrival.by.uri,
        "object": asked.post.uri,
        "instrument": quoting_uri,
    }
    uri, by, to = node.uris.activity(node.ids.next(node.clock.now())), asked.author.uri, arrival.by.uri
    if stamp_id is None:
        document = as2_quotes.reject_of(uri, by, to, request=request)
    else:
        stamp = node.uris.quote_stamp(stamp_id)
        document = as2_quotes.accept_of(uri, by, to, request=request, result=stamp)
    return fanout.parcel(
        node,
        document,
        uri=uri,
        kind=document["type"],
        sender_id=asked.author.id,
        object_uri=arrival.activity.id,
    )


async def _write(
    tx: Transaction,
    node: Node,
    post_id: PostId,
    quoting_uri: str,
    stamp_id: int | None,
    parcel: Parcel,
    target: Target,
    now: datetime,
) -> None:
    if stamp_id is not None:
        await quotes.give(tx, stamp_id, post_id, quoting_uri)
    await fanout.enqueue(tx, node, parcel, [target], now)
