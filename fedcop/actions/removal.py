"""A post that a facilitator removes, and one that is put back: what goes with either, whoever says so.

    told = await removal.told_to_holders(node, author, post, community)     on the loop
    await removal.remove(tx, post.id, now, facilitator.id, reason)          in the transaction
    new = await removal.text_of(node, post, author, community)              what may be put back, if anything
    gone = await removal.remove_all(node, author, community, by.id, reason) all that somebody said there

Rules that hold in this file
  1. Whoever got the post through the community hears of its removal from the community. Whoever has it from
     the author, as a follower at Mastodon has, believes only the author's node: for an author of ours that
     sends its own Delete to every host that holds a copy, but for those that the community tells, since to
     them it would be the author's word, which is final (federation.md 1.7).
  2. What was removed may be put back as it was, for 30 days: from what the node of the community and that of
     the author put away (``storage.withheld``), elsewhere as the author's node gives it.
  3. What its author deleted stays deleted.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from activitypub import document as documents
from activitypub import vocab
from activitypub.shape import PUBLIC
from activitypub.vocab import registry
from fedcop import fetch, uris
from fedcop.actions import announce, tell
from fedcop.actions.announce import Passed
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.delivery.fanout import Parcel
from fedcop.errors import PeerTrouble
from fedcop.node import Node
from storage import posts, visible, withheld
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, MediaId, PostId
from storage.media import NewMedia
from storage.posts import NewPost, Post

KEPT_FOR: Final = timedelta(days=30)
AT_ONCE = 20


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    """A post that goes because its author was banned, and what is said about it."""

    post: Post
    undo: Parcel | None
    told: Told | None


async def told_to_holders(node: Node, author: Actor, post: Post, community: Actor) -> Told | None:
    """Make the Delete of an author of ours for those whom the community does not tell; None for others'."""
    if not author.local:
        return None
    widely = post.audience in ("public", "unlisted")
    uri = node.uris.activity(node.ids.next(node.clock.now()))
    document = activities.delete_of(
        uri,
        author.uri,
        post.uri,
        to=[PUBLIC] if widely else [],
        cc=[uris.followers_of(author.uri)] if widely else [],
        community=None,
    )
    return await tell.prepare(
        node,
        author,
        document,
        post_id=post.id,
        object_uri=post.uri,
        audience=post.audience,
        holders_of=post.uri,
        but_members_of=community.id,
    )


async def remove(tx: Transaction, post_id: PostId, now: datetime, by: ActorId, reason: str) -> bool:
    """Empty a post that a facilitator removes, and put its text away; False if it was empty."""
    await withheld.keep(tx, post_id, now)
    return await posts.remove(tx, post_id, now, by, reason)


def with_create(passed: Passed) -> Passed:
    """Give the Undo of a removal as it is kept: the new plain Announce belongs to the post's Create.

    The outbox and a later Undo look for it there, in place of the one that the removal took back.
    """
    return msgspec.structs.replace(passed, kept=msgspec.structs.replace(passed.kept, plain_by=None))


async def text_of(node: Node, post: Post, author: Actor, community: Actor) -> NewPost | None:
    """Give what a removed post said, ready to be put back.

    None: it stands, its author deleted it, or nobody has its text. Raises ``PeerTrouble`` while the author's
    node gives nothing, which may not have heard of it yet.
    """
    if post.removed_at is None or post.removed_by in (None, post.author_id) or author.state != "active":
        return None
    found = await node.store.read(_put_away, post.id)
    if found is None and not author.local and not community.local:
        found = await _from_origin(node, post)
    if found is None or found.attributed_to != author.uri:
        return None
    around = await node.store.read(fetch.around_of, found, community)
    new = fetch.draft(node, found, author, around, await fetch.quoted(node, found, author)).new
    files = await node.store.read(_uploads, node, author, new.media) if author.local else new.media
    return msgspec.structs.replace(new, id=post.id, audience=post.audience, media=files)


async def _put_away(read: Reader, post_id: PostId) -> vocab.Post | None:
    """Give the latest text that was put away: an Update holds all of it, as a Create does."""
    for kept in reversed(await withheld.of_post(read, post_id)):
        said = registry.read(documents.read(kept.body))
        if isinstance(said, vocab.Activity) and isinstance(said.object, vocab.Post):
            return said.object
    return None


async def _from_origin(node: Node, post: Post) -> vocab.Post | None:
    if post.audience == "members":
        return None  # nobody gives it by its id (decision 9)
    got = await fetch.document(node, post.uri)
    found = registry.read(got) if got is not None else None
    if not isinstance(found, vocab.Post):
        raise PeerTrouble(post.host, f"does not give {post.uri} again yet")
    return found


async def _uploads(
    read: Reader, node: Node, author: Actor, files: tuple[NewMedia | MediaId, ...]
) -> tuple[MediaId, ...]:
    """Give the uploads of an author of ours that a text names: by their row for members, else by name."""
    held = await withheld.uploads(read, visible.person(author.id), author.id)
    addresses = [file.remote_url for file in files if isinstance(file, NewMedia)]
    named = {node.uris.media(name): row_id for row_id, name in held}
    named |= {node.uris.media_row(row_id): row_id for row_id, _ in held}
    return tuple(named[url] for url in addresses if url in named)


async def remove_all(node: Node, author: Actor, community: Actor, by: ActorId, reason: str) -> int:
    """Remove all that somebody posted in a community, a few at a time, and give how much that was."""
    done = 0
    while ids := await node.store.read(
        withheld.removable, visible.SYSTEM, author.id, community.id, limit=AT_ONCE
    ):
        for post_id in ids:
            case = await _case(node, author, community, post_id)
            await node.store.write(_write, node, community, case, by, reason, node.clock.now())
            done += 1
    return done


async def _case(node: Node, author: Actor, community: Actor, post_id: PostId) -> _Case:
    post, plain_by = await node.store.read(_post, community.id, post_id)
    undo = announce.taken_back(node, community, post.uri, plain_by) if plain_by else None
    return _Case(post=post, undo=undo, told=await told_to_holders(node, author, post, community))


async def _post(read: Reader, community_id: ActorId, post_id: PostId) -> tuple[Post, str | None]:
    post = await posts.find(read, visible.SYSTEM, post_id)
    assert post is not None, "posts are emptied, never deleted"
    return post, await announce.plain_of(read, community_id, post_id)


async def _write(
    tx: Transaction, node: Node, community: Actor, case: _Case, by: ActorId, reason: str, now: datetime
) -> None:
    if not await remove(tx, case.post.id, now, by, reason):
        return
    if case.undo is not None:
        await announce.add_plain(tx, node, community.id, case.undo, now)
    if case.told is not None:
        await tell.add(tx, node, case.told)
