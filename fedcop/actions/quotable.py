"""Say who may quote a post of ours, and take the consent to one quote back (FEP-044f).

What was allowed before stays allowed when somebody allows less; each quote is taken back by itself.
"""

from datetime import datetime

import msgspec

from fedcop.actions import quote, restate
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import NotFound, NotPermitted
from fedcop.node import Node
from fedcop.policy import quoting
from fedcop.policy.quoting import Policy
from storage import actors, posts, quotes, views, visible
from storage.actors import Actor
from storage.engine import Change, Reader, Transaction
from storage.ids import PostId
from storage.posts import Post
from storage.views import PostView


class _Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A quote that is to end: by which post, the authorization, and what tells of its end."""

    post: Post
    quoting: PostView
    stamp_id: int
    parcel: Parcel
    author: Actor
    told: Told | None
    at: datetime


async def allow(node: Node, me: Actor, post_id: PostId, policy: Policy) -> None:
    """Say who may quote one's post from now on, and tell whoever holds it."""
    view = await node.store.read(_own, me, post_id)
    wanted = quoting.policy_of(policy, view.post.audience)
    if wanted == view.post.quote_policy:
        return
    now = node.clock.now()
    changed = msgspec.structs.replace(view, post=msgspec.structs.replace(view.post, quote_policy=wanted))
    told = await restate.prepare(node, changed, now)
    await node.store.write(_allow, node, post_id, wanted, told)


async def _allow(tx: Transaction, node: Node, post_id: PostId, policy: str, told: Told) -> None:
    if await quotes.set_policy(tx, post_id, policy):
        await restate.add(tx, node, told)
        tx.changed(Change("edit", post_id))


async def _own(read: Reader, me: Actor, post_id: PostId) -> PostView:
    view = await views.post_view(read, visible.person(me.id), post_id)
    if view is None:
        raise NotFound("there is no such post")
    if view.author.id != me.id:
        raise NotPermitted("this is somebody else's post")
    return view


async def withdraw(node: Node, me: Actor, post_id: PostId, quoting_id: PostId) -> None:
    """Take the consent to one quote of one's post back for good; whoever shows it is told."""
    post, found, author, given = await node.store.read(_quote, me, post_id, quoting_id)
    now = node.clock.now()
    stamp_id = given or node.ids.next(now)
    withdrawn = _Withdrawn(
        post=post,
        quoting=found,
        stamp_id=stamp_id,
        parcel=_parcel(node, me, author, node.uris.quote_stamp(stamp_id)),
        author=author,
        told=await restate.prepare(node, quote.with_stamp(found, None), now) if found.post.local else None,
        at=now,
    )
    await node.store.write(_withdraw, node, withdrawn)


async def _quote(
    read: Reader, me: Actor, post_id: PostId, quoting_id: PostId
) -> tuple[Post, PostView, Actor, int | None]:
    view = await _own(read, me, post_id)
    # As the node sees it: what its author may not read of a quote is not asked of whoever ends it.
    seen = await posts.find(read, visible.person(me.id), quoting_id)
    found = await views.post_view(read, visible.SYSTEM, quoting_id) if seen is not None else None
    author = await actors.find(read, visible.SYSTEM, found.author.id) if found is not None else None
    if found is None or author is None or found.quote is None or found.quote.quote.uri != view.post.uri:
        raise NotFound("there is no such quote")
    return view.post, found, author, await quotes.given(read, post_id, found.post.uri)


def _parcel(node: Node, me: Actor, author: Actor, stamp: str) -> Parcel:
    uri = node.uris.activity(node.ids.next(node.clock.now()))
    document = activities.delete_of(uri, me.uri, stamp, to=[author.uri], cc=[], community=None)
    return fanout.parcel(node, document, uri=uri, kind="Delete", sender_id=me.id, object_uri=stamp)


async def _withdraw(tx: Transaction, node: Node, withdrawn: _Withdrawn) -> None:
    post, found, now = withdrawn.post, withdrawn.quoting.post, withdrawn.at
    await quotes.give(tx, withdrawn.stamp_id, post.id, found.uri)
    await quotes.take_back(tx, post.id, found.uri, now)
    if not await quotes.refuse(tx, found.id):
        return
    targets = await fanout.holders(tx, post.uri)
    if found.local:
        targets += await fanout.holders(tx, found.uri)
    else:
        targets.append(fanout.target_of(withdrawn.author))
    await fanout.enqueue(tx, node, withdrawn.parcel, targets, now)
    if withdrawn.told is not None:
        await restate.add(tx, node, withdrawn.told)
