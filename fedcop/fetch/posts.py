"""Posts of other nodes: fetched from their own origin with what they answer, and made ready to be stored."""

import contextlib
from collections.abc import Container
from datetime import datetime

import msgspec

from activitypub import vocab
from activitypub.errors import RemoteFault
from activitypub.origin import same_origin
from activitypub.vocab import registry
from fedcop.as2 import posts as as2_posts
from fedcop.as2 import quotes as as2_quotes
from fedcop.as2.files import IncomingFile
from fedcop.as2.posts import Incoming
from fedcop.errors import NotPermitted, Refusal
from fedcop.fetch.actors import actor
from fedcop.fetch.documents import document
from fedcop.node import Node
from fedcop.policy import membership, posting
from fedcop.policy.pictures import EVERYBODY
from storage import actors, posts, quotes, threads, tombstones, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, MediaId, PostId
from storage.media import NewMedia
from storage.posts import NewPost, Post
from storage.quotes import NewQuote
from storage.visible import SYSTEM

# A post with what it answers, at most. Each may cost three requests, its author's included, and one activity
# is worth about twenty: a host that makes up parents without end has no more of us (Misskey#9247). The rest
# comes once somebody here opens the thread (``fetch.threads``).
MOST_PARENTS = 5


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What is held here of that which a post names: whom and what it answers, its community, its people."""

    parent: Post | None
    answered: Actor | None
    community: Actor | None
    people: list[Actor]


class Drafted(msgspec.Struct, frozen=True, kw_only=True):
    """A peer's post ready to be stored."""

    new: NewPost
    around: Around


async def post(
    node: Node, uri: str, *, community: Actor | None = None, budget: int = MOST_PARENTS
) -> PostId | None:
    """Give the post with this id, fetched with the posts that it answers if it is not held.

    None when it is not there, was deleted, or is no post. What cannot be had of its parents is left out.
    ``community`` is the one that announces it.
    """
    held = await node.store.read(_held, uri)
    if held is not None or node.uris.is_ours(uri):
        return held
    thread = [first] if (first := await given(node, uri)) is not None else []
    while thread and len(thread) < budget:
        wanted = thread[-1].in_reply_to
        if wanted is None or any(wanted == one.id for one in thread):
            break
        parent = await _parent(node, wanted)
        if parent is None:
            break
        thread.append(parent)
    for one in reversed(thread[1:]):
        # Of what is fetched for another post's sake no quotes are followed: they would have no end.
        with contextlib.suppress(RemoteFault, Refusal):
            await keep(node, one, community)
    if not thread:
        return None
    await keep(node, thread[0], community, with_quote=budget > 1)
    return await node.store.read(_held, thread[0].id)


async def around_of(read: Reader, found: vocab.Post, announcer: Actor | None = None) -> Around:
    """Give what is held of that which a post names.

    Its community is its parent's; without a parent the one that announces it if the post names it, or the
    first one named that is held here and that it may be said in.
    """
    parent = await posts.find_by_uri(read, SYSTEM, found.in_reply_to) if found.in_reply_to else None
    named = as2_posts.in_question(found)
    people = [one for uri in named if (one := await actors.find_by_uri(read, SYSTEM, uri)) is not None]
    community = None
    if parent is not None and parent.community_id is not None:
        community = await actors.find(read, SYSTEM, parent.community_id)
    elif announcer is not None and announcer.uri in named:
        community = announcer
    else:
        community = next((one for one in people if _is_said_in(found, one)), None)
    return Around(
        parent=parent,
        answered=await actors.find(read, SYSTEM, parent.author_id) if parent is not None else None,
        community=community,
        people=people,
    )


async def quoted(node: Node, found: vocab.Post, author: Actor) -> NewQuote | None:
    """Give what a post quotes, fetched if it is not held, and whether whom it quotes has authorized that.

    What cannot be had now is left out: the quote stays pending.
    """
    quote = as2_quotes.quote_from(found)
    if quote is None:
        return None
    with contextlib.suppress(RemoteFault, Refusal):
        held = await post(node, quote.uri, budget=1)
        original = await node.store.read(posts.find, SYSTEM, held) if held is not None else None
        if original is not None:
            quote = msgspec.structs.replace(quote, uri=original.uri)
            if await _is_authorized(node, quote, original, by=found.id, author=author):
                return msgspec.structs.replace(quote, state="accepted")
    return quote


async def _is_authorized(node: Node, quote: NewQuote, original: Post, *, by: str, author: Actor) -> bool:
    """Tell whether a post may be quoted: by its own author, by our policy, or by a stamp (FEP-044f)."""
    if original.author_id == author.id:
        return True
    if original.local:
        return await node.store.read(quotes.may_quote, visible.person(author.id), original.id, by)
    if quote.stamp is None or not same_origin(quote.stamp, original.uri):
        return False
    got = await document(node, quote.stamp)
    stamp = registry.read(got) if got is not None else None
    of = await node.store.read(actors.find, SYSTEM, original.author_id)
    if not isinstance(stamp, vocab.QuoteAuthorization) or of is None or stamp.attributed_to != of.uri:
        return False
    return (stamp.interacting_object, stamp.interaction_target) == (by, original.uri)


def _is_said_in(found: vocab.Post, named: Actor) -> bool:
    """Tell whether a post that answers nothing held here is in a community that it names.

    One that is for a community's members is in it whatever it answers; any other has to begin a thread.
    """
    for_members = named.approves and named.followers_uri in (*found.to, *found.cc)
    return named.type == "Group" and (found.in_reply_to is None or for_members)


def draft(
    node: Node, found: vocab.Post, author: Actor, around: Around, quote: NewQuote | None = None
) -> Drafted:
    """Make a peer's post ready to be stored; what is not public is in no community (federation.md 1.5).

    ``quote`` is what ``quoted`` found out; without it what the post quotes is not authorized.
    Raises ``NotPermitted`` for what addresses everybody in a community that only its members read.
    """
    now = node.clock.now()
    incoming = as2_posts.incoming_from(found, author=author, community=around.community, now=now)
    if around.community is not None and around.community.approves and incoming.audience in EVERYBODY:
        raise NotPermitted(f"{found.id} addresses everybody; {around.community.uri} is read by its members")
    if around.community is not None and incoming.audience not in ("public", "unlisted", "members"):
        around = msgspec.structs.replace(around, community=None)
        incoming = as2_posts.incoming_from(found, author=author, community=None, now=now)
    if around.parent is not None and around.parent.audience == "members" and incoming.audience != "members":
        # What answers it elsewhere must not tell that there is such a thread.
        around = msgspec.structs.replace(around, parent=None, answered=None)
        incoming = msgspec.structs.replace(incoming, in_reply_to=None, context=None)
    new = _new(node, incoming, author, around)
    return Drafted(new=msgspec.structs.replace(new, quote=quote or incoming.quote), around=around)


async def _held(read: Reader, uri: str) -> PostId | None:
    found = await posts.find_by_uri(read, SYSTEM, uri)
    return found.id if found is not None and found.removed_at is None else None


async def given(node: Node, uri: str) -> vocab.Post | None:
    """Fetch a post, or the post inside the Create that stands at an id; None for what is none, or is dead.

    Raises as ``document`` does.
    """
    got = await document(node, uri)
    thing = registry.read(got) if got is not None else None
    if isinstance(thing, vocab.Activity) and thing.type == "Create" and isinstance(thing.object, vocab.Post):
        inner = thing.object
        if same_origin(inner.id, thing.id):
            return inner
        # Once: two hosts that point at each other would lead on without end.
        got = await document(node, inner.id)
        thing = registry.read(got) if got is not None else None
    if not isinstance(thing, vocab.Post):
        return None
    is_dead = await node.store.read(tombstones.is_dead, thing.id, thing.attributed_to or "")
    return None if is_dead else thing


async def _parent(node: Node, uri: str) -> vocab.Post | None:
    """Fetch what a post answers, if it is not held, is not ours, and can be had."""
    if node.uris.is_ours(uri) or await node.store.read(_held, uri) is not None:
        return None
    with contextlib.suppress(RemoteFault, Refusal):
        return await given(node, uri)
    return None


async def keep(
    node: Node,
    found: vocab.Post,
    community: Actor | None = None,
    *,
    with_quote: bool = False,
    audiences: Container[str] | None = None,
) -> bool:
    """Store a post as its own node gave it, if it is for one of ``audiences``; False if not, or if held.

    In a community of ours it has no place that its author could not have taken. Raises as ``document`` does,
    and a Refusal when the post may not stand where it says.
    """
    if found.attributed_to is None:
        return False
    author = await actor(node, found.attributed_to)
    around = await node.store.read(around_of, found, community)
    quote = await quoted(node, found, author) if with_quote else None
    drafted = draft(node, found, author, around, quote)
    if audiences is not None and drafted.new.audience not in audiences:
        return False
    return await node.store.write(_add, drafted, node.clock.now())


async def _add(tx: Transaction, drafted: Drafted, now: datetime) -> bool:
    """Store a post; of a community of ours what it allows is read here, where it cannot change any more."""
    await ensure_admitted(tx, drafted, now)
    return await posts.add(tx, drafted.new)


async def ensure_admitted(read: Reader, drafted: Drafted, now: datetime) -> None:
    """Raise a Refusal for a post that a community of ours does not take: its author, or a reply so late."""
    around = drafted.around
    if around.community is None or not around.community.local:
        return
    new = drafted.new
    thread = new.root_id if around.parent is not None else None
    standing = await membership.standing_of(read, around.community, new.author_id, now, thread=thread)
    posting.ensure_may_post(standing, around.community.handle)
    if around.parent is not None:
        posting.ensure_unlocked(locked=await threads.is_locked(read, around.parent.id))


def _new(node: Node, incoming: Incoming, author: Actor, around: Around) -> NewPost:
    now = node.clock.now()
    post_id = PostId(node.ids.next(now))
    parent = around.parent
    mentioned = set(incoming.mentioned)
    return NewPost(
        id=post_id,
        uri=incoming.uri,
        url=incoming.url,
        host=incoming.host,
        local=False,
        author_id=author.id,
        community_id=around.community.id if around.community else None,
        type=incoming.type,
        title=incoming.title,
        content=incoming.content,
        source=incoming.source,
        summary=incoming.summary,
        sensitive=incoming.sensitive,
        language=incoming.language,
        audience=incoming.audience,
        in_reply_to=incoming.in_reply_to,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else post_id,
        context=incoming.context,
        link=incoming.link,
        locked=incoming.locked,
        published_at=incoming.published_at,
        edited_at=incoming.edited_at,
        mentions=tuple((one.id, one.uri in mentioned) for one in around.people if one != around.community),
        tags=incoming.tags,
        poll=incoming.poll,
        event=incoming.event,
        ask=incoming.ask,
        know_how=incoming.know_how,
        quote_policy=incoming.quote_policy,
        media=tuple(_media(node, file, author.id, place) for place, file in enumerate(incoming.files)),
    )


def _media(node: Node, file: IncomingFile, owner_id: ActorId, place: int) -> NewMedia:
    now = node.clock.now()
    focus_x, focus_y = file.focus or (None, None)
    return NewMedia(
        id=MediaId(node.ids.next(now)),
        owner_id=owner_id,
        place=place,
        type=file.type,
        media_type=file.media_type,
        remote_url=file.url,
        description=file.description,
        blurhash=file.blurhash,
        width=file.width,
        height=file.height,
        focus_x=focus_x,
        focus_y=focus_y,
        created_at=now,
    )
