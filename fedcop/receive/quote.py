"""Somebody elsewhere asks whether their post may quote one of ours, or answers when we asked (FEP-044f)."""

import contextlib
from datetime import datetime

import msgspec

from activitypub import vocab
from activitypub.document import Json
from activitypub.errors import RemoteFault
from activitypub.origin import same_origin
from activitypub.vocab.registry import id_of
from fedcop import fetch
from fedcop.actions import notify, quote, restate
from fedcop.actions.tell import Told
from fedcop.as2 import quotes as as2_quotes
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Refusal
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from storage import actors, posts, quotes, views, visible
from storage.actors import Actor
from storage.deliveries import Target
from storage.engine import Reader, Transaction
from storage.ids import PostId
from storage.posts import Post
from storage.visible import Viewer


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A post of ours, who wrote it, whether it may be quoted, and the authorization that was given before."""

    post: Post
    author: Actor
    allowed: bool
    stamp_id: int | None


async def receive_quote_request(node: Node, arrival: Arrival) -> Outcome:
    """Say yes or no as the author of the quoted post has it; who may not see it hears nothing.

    The quoting post is fetched, since its node may send it to nobody here, and the author is told of it.
    """
    uri, quoting_uri = id_of(arrival.activity.object) or "", arrival.activity.instrument
    if quoting_uri is None or not same_origin(quoting_uri, arrival.by.uri) or arrival.community is not None:
        return refused("who quotes asks for a post of their own, and nobody for them")
    viewer = visible.person(arrival.by.id)
    asked = await node.store.read(_asked, viewer, uri, quoting_uri)
    if asked is None:
        return ignored("it is no post of ours, or none that they may see")
    now = node.clock.now()
    stamp_id = (asked.stamp_id or node.ids.next(now)) if asked.allowed else None
    parcel = _answer(node, arrival, asked, quoting_uri, stamp_id)
    target = fanout.target_of(arrival.by, personal=True)
    await node.store.write(_write, node, asked.post.id, quoting_uri, stamp_id, parcel, target, now)
    if asked.allowed:
        await _tell_author(node, arrival, asked, quoting_uri)
    return DONE


async def _tell_author(node: Node, arrival: Arrival, asked: _Asked, quoting_uri: str) -> None:
    held = None
    with contextlib.suppress(RemoteFault, Refusal):
        held = await fetch.post(node, quoting_uri)
    if held is None:
        return
    told = await node.store.read(quotes.author_here, visible.SYSTEM, held)
    if told == asked.author.id:
        by = arrival.by.id
        await node.store.write(notify.add, notify.prepare(node, "quote", [told], by=by, post_id=held))


async def _asked(read: Reader, viewer: Viewer, uri: str, quoting_uri: str) -> _Asked | None:
    post = await posts.find_by_uri(read, viewer, uri)
    if post is None or post.removed_at is not None or not post.local:
        return None
    author = await actors.find(read, visible.SYSTEM, post.author_id)
    if author is None:
        return None
    allowed = await quotes.may_quote(read, viewer, post.id, quoting_uri)
    stamp_id = await quotes.given(read, post.id, quoting_uri)
    return _Asked(post=post, author=author, allowed=allowed, stamp_id=stamp_id)


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


async def settle(node: Node, arrival: Arrival, *, accept: bool) -> Outcome | None:
    """Take the answer to a QuoteRequest of ours, or a later no; None if it answers something else.

    Whoever holds the quoting post is told by an Update of it, which names the authorization or none.
    """
    post_id = await node.store.read(_answered, arrival)
    if post_id is None:
        return None
    stamp = arrival.activity.result if accept else None
    if accept and (stamp is None or not same_origin(stamp, arrival.by.uri)):
        return refused("an authorization is of the origin of whoever gives it")
    view = await node.store.read(views.post_view, visible.SYSTEM, post_id)
    if view is None or not view.post.local:
        return ignored("the post that quotes is gone")
    told = await restate.prepare(node, quote.with_stamp(view, stamp), node.clock.now())
    changed = await node.store.write(_settle, node, post_id, stamp, told)
    return DONE if changed else ignored("it was answered before")


async def _answered(read: Reader, arrival: Arrival) -> PostId | None:
    """Find the post that waits for this answer: by the id of our request, or by what is said of it."""
    request = arrival.activity.object
    quoting_uri, uri = None, None
    if isinstance(request, vocab.Activity) and request.type == "QuoteRequest":
        quoting_uri, uri = request.instrument, id_of(request.object)
    return await quotes.asked(read, arrival.by.id, id_of(request), quoting_uri, uri)


async def _settle(tx: Transaction, node: Node, post_id: PostId, stamp: str | None, told: Told) -> bool:
    changed = await (quotes.refuse(tx, post_id) if stamp is None else quotes.accept(tx, post_id, stamp))
    if changed:
        await restate.add(tx, node, told)
    return changed


async def revoked(node: Node, arrival: Arrival, stamp: str) -> bool:
    """End what an authorization allowed that its author deletes; False if nothing of ours had it."""
    post_id = await node.store.read(quotes.by_stamp, stamp, arrival.by.id)
    view = await node.store.read(views.post_view, visible.SYSTEM, post_id) if post_id is not None else None
    if post_id is None or view is None or not view.post.local:
        return False
    told = await restate.prepare(node, quote.with_stamp(view, None), node.clock.now())
    return await node.store.write(_settle, node, post_id, None, told)
