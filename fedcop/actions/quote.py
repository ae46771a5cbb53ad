"""What a post of ours quotes: whether it may, and how its author is asked (FEP-044f).

Whoever is of this node consents by what they said of their post; the authorization is made with the quoting
post. Somebody elsewhere is asked by a QuoteRequest, and until they accept the quote is pending.
"""

from datetime import datetime

import msgspec

from fedcop.actions import notify
from fedcop.actions.draft import Draft, Place, Quoted
from fedcop.actions.named import Mentions
from fedcop.as2 import activities
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.policy import quoting
from storage import actors, posts, quotes, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.notifications import NewNotification
from storage.posts import Post
from storage.quotes import NewQuote
from storage.views import PostView

GONE = "the post that you quote is not there, or its author does not let you quote it"


async def quoted_of(
    node: Node, author: Actor, draft: Draft, place: Place, named: Mentions, post_id: PostId
) -> Quoted | None:
    """Give what a new post quotes; raise a Refusal if it may not, or not where it stands."""
    if draft.quotes is None:
        return None
    uri = node.uris.post(post_id)
    post, of = await node.store.read(_wanted, author.id, draft.quotes, uri)
    quoting.ensure_may_stand(
        post,
        by=author.id,
        audience=place.audience,
        community_id=place.community.id if place.community else None,
        named=any(actor.id == of.id for actor in named.values()),
    )
    held = Quoted(new=NewQuote(uri=post.uri, state="accepted"), post_id=post.id)
    if of.id == author.id:
        return held
    held = msgspec.structs.replace(held, author=of)
    row_id = node.ids.next(node.clock.now())
    if of.local:
        stamped = msgspec.structs.replace(held.new, stamp=node.uris.quote_stamp(row_id))
        return msgspec.structs.replace(held, new=stamped, stamp_id=row_id)
    return msgspec.structs.replace(held, new=NewQuote(uri=post.uri, asked=node.uris.activity(row_id)))


async def _wanted(read: Reader, by: ActorId, quoted: PostId, uri: str) -> tuple[Post, Actor]:
    post = await posts.find(read, visible.person(by), quoted)
    of = await actors.find(read, visible.SYSTEM, post.author_id) if post is not None else None
    if post is None or of is None:
        raise NotFound(GONE)
    await ensure_may(read, by, quoted, uri)
    return post, of


async def ensure_may(read: Reader, by: ActorId, quoted: PostId, uri: str) -> None:
    """Refuse to quote what one may not, in a post of that id."""
    if not await quotes.may_quote(read, visible.person(by), quoted, uri):
        raise NotFound(GONE)


def request_of(node: Node, author: Actor, quoted: Quoted | None, uri: str) -> Parcel | None:
    """Give the question to whom a post quotes; None if nobody has to be asked."""
    if quoted is None or quoted.new.asked is None or quoted.author is None:
        return None
    asked, to = quoted.new.asked, quoted.author.uri
    document = activities.quote_request_of(asked, author.uri, quoted.new.uri, quoting=uri, to=to)
    return fanout.parcel(
        node, document, uri=asked, kind="QuoteRequest", sender_id=author.id, object_uri=quoted.new.uri
    )


def notices_of(node: Node, author: Actor, quoted: Quoted | None, post_id: PostId) -> list[NewNotification]:
    """Tell somebody here that their post is quoted; who is asked first hears of it where they are."""
    if quoted is None or quoted.author is None or quoted.new.state != "accepted":
        return []
    return notify.prepare(node, "quote", notify.here([quoted.author]), by=author.id, post_id=post_id)


async def give(tx: Transaction, by: ActorId, quoted: Quoted, uri: str) -> None:
    """Ask again whether a post may be quoted, and store the authorization that is given with it."""
    if quoted.post_id is not None:
        await ensure_may(tx, by, quoted.post_id, uri)
        if quoted.stamp_id is not None:
            await quotes.give(tx, quoted.stamp_id, quoted.post_id, uri)


async def ask(
    tx: Transaction, node: Node, quoted: Quoted | None, request: Parcel | None, now: datetime
) -> None:
    """Queue the question to whom a post quotes, behind the post itself."""
    if request is not None and quoted is not None and quoted.author is not None:
        await fanout.enqueue(tx, node, request, [fanout.target_of(quoted.author, personal=True)], now)


async def held_by(read: Reader, by: Post) -> Quoted | None:
    """Give what a post of ours quotes already: an edit changes nothing of that."""
    held = (await quotes.of_posts(read, visible.SYSTEM, [by.id])).get(by.id)
    if held is None:
        return None
    post = await posts.find(read, visible.SYSTEM, held.quoted_id) if held.quoted_id else None
    of = None
    if post is not None and post.author_id != by.author_id:
        of = await actors.find(read, visible.SYSTEM, post.author_id)
    return Quoted(new=NewQuote(uri=held.uri, state=held.state, stamp=held.stamp), author=of)


def with_stamp(view: PostView, stamp: str | None) -> PostView:
    """Give a post as it says what it quotes with another authorization, or with none."""
    if view.quote is None:
        return view
    said = msgspec.structs.replace(view.quote.quote, stamp=stamp)
    return msgspec.structs.replace(view, quote=msgspec.structs.replace(view.quote, quote=said))
