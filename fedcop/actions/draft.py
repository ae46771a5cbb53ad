"""What somebody typed, turned into what is stored and what goes out.

    written = await compose(node, author, draft, post_id=..., place=..., at=...)

Rules that hold in this file (decision 4 of the design, mastodon-api.md 4.3)
  1. A public or unlisted post that answers nothing and mentions a community is a thread in it; the first
     community that it names counts.
  2. A reply belongs to the community of what it answers, whatever it mentions.
  3. A direct post, or one to followers, is in no community; a members-only community narrows to its members,
     and a direct answer to a post there stands alone: its readers are not to know of the thread.
  4. Whom a public reply answers is addressed, even where the text does not name them, and so is whom a post
     quotes; what is direct goes to nobody but those who are named.
"""

from datetime import datetime, timedelta
from html import escape
from typing import Any

import msgspec

from fedcop import uris
from fedcop.actions.named import Mentions
from fedcop.as2 import asks as as2_asks
from fedcop.as2 import posts as as2_posts
from fedcop.as2 import quotes as as2_quotes
from fedcop.as2.files import File
from fedcop.content import markup
from fedcop.content.markup import MentionLink
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.policy import quoting
from storage import actors, media, posts, visible
from storage.actors import Actor, Shown
from storage.asks import Ask, NewAsk
from storage.engine import Reader
from storage.events import Event, NewEvent
from storage.ids import ActorId, MediaId, PostId, RowId
from storage.knowhow import NewKnowHow
from storage.media import Media
from storage.polls import NewOption, NewPoll, Poll, is_same
from storage.posts import NewPost, Post
from storage.quotes import NewQuote
from storage.visible import Viewer


class PollDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as somebody asks it; it is open for ``seconds`` from its publication on."""

    options: tuple[str, ...]
    seconds: int
    multiple: bool = False
    hide_totals: bool = False


class Distilled(msgspec.Struct, frozen=True, kw_only=True):
    """Know-how ready to be published: its text as clean HTML, what it says beside that, and where."""

    content: str
    new: NewKnowHow
    community: Actor


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A post as somebody wrote it; ``title`` is a thread's title in a community, elsewhere a content warning.

    ``idempotency`` is the token and the key under which a repeated request gives the same post, ``scheduled``
    the row in which a post waited for its time, ``routed`` the note of a routed ask that it answers. An
    event's ``title`` is its name everywhere, the ``text`` of know-how what its owner says first.
    ``quote_policy``: who may quote it (``policy.quoting``); empty: as the account, or the post before, says.
    """

    text: str = ""
    title: str = ""
    audience: str = "public"
    language: str | None = None
    sensitive: bool = False
    in_reply_to: PostId | None = None
    media: tuple[MediaId, ...] = ()
    application: str | None = None
    application_website: str | None = None
    idempotency: tuple[int, str] | None = None
    scheduled: RowId | None = None
    poll: PollDraft | None = None
    event: NewEvent | None = None
    ask: NewAsk | None = None
    know_how: Distilled | None = None
    quotes: PostId | None = None
    quote_policy: str = ""
    routed: PostId | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a post stands: what it answers, by whom, in which community, and who reads it."""

    parent: Post | None
    answered: Actor | None
    community: Actor | None
    audience: str


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """What a post quotes, and by which other person, if held; ``stamp_id``: the authorization to be given."""

    new: NewQuote
    post_id: PostId | None = None
    author: Actor | None = None
    stamp_id: int | None = None


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked up for a post before it is written: its place, whom it names, its files and poll.

    ``resolved`` is the address of the first accepted answer to what it asks.
    """

    place: Place
    named: Mentions
    files: tuple[File, ...] = ()
    poll: Poll | NewPoll | None = None
    event: Event | NewEvent | None = None
    ask: Ask | NewAsk | None = None
    resolved: str | None = None
    quoted: Quoted | None = None


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A post ready to be stored and sent; ``people`` are all whom it addresses but the community.

    ``named`` are those of them whom it names or answers: of the quote alone somebody is told as of a quote.
    """

    new: NewPost
    outgoing: as2_posts.Outgoing
    place: Place
    people: tuple[Actor, ...]
    named: tuple[Actor, ...]


async def place_of_draft(node: Node, author: Actor, draft: Draft, named: Mentions) -> Place:
    """Say where a new post stands; raise ``NotFound`` if what it answers cannot be seen."""
    if draft.in_reply_to is not None:
        viewer = visible.person(author.id)
        return await node.store.read(place_of_reply, viewer, draft.in_reply_to, draft.audience)
    if draft.know_how is not None:
        written_in = draft.know_how.community
        audience = _narrowed("public", written_in)
        return Place(parent=None, answered=None, community=written_in, audience=audience)
    communities = (actor for actor in named.values() if actor.type == "Group")
    community = next(communities, None) if draft.audience != "direct" else None
    if community is not None and draft.audience == "followers" and not community.approves:
        community = None
    return Place(
        parent=None, answered=None, community=community, audience=_narrowed(draft.audience, community)
    )


async def place_of_reply(read: Reader, viewer: Viewer, answered: PostId, audience: str) -> Place:
    """Say where a reply stands; raise ``NotFound`` if what it answers is gone or cannot be seen."""
    parent = await posts.find(read, viewer, answered)
    if parent is None or parent.removed_at is not None:
        raise NotFound("the post that you answer is not there")
    if parent.audience == "members" and audience == "direct":
        return Place(parent=None, answered=None, community=None, audience="direct")
    community = None
    if parent.community_id is not None and audience != "direct" and parent.audience != "direct":
        community = await actors.find(read, visible.SYSTEM, parent.community_id)
    if community is not None and audience == "followers" and not community.approves:
        community = None
    if community is None and parent.audience == "members":
        raise NotFound("the community of the post that you answer is not there any more")
    return Place(
        parent=parent,
        answered=await actors.find(read, visible.SYSTEM, parent.author_id),
        community=community,
        audience="members" if parent.audience == "members" else _narrowed(audience, community),
    )


async def place_of_post(read: Reader, post: Post) -> Place:
    """Say where a post already stands: an edit changes nothing of that."""
    parent = await posts.find(read, visible.SYSTEM, post.parent_id) if post.parent_id else None
    return Place(
        parent=parent,
        answered=await actors.find(read, visible.SYSTEM, parent.author_id) if parent else None,
        community=await actors.find(read, visible.SYSTEM, post.community_id) if post.community_id else None,
        audience=post.audience,
    )


def _narrowed(audience: str, community: Actor | None) -> str:
    return "members" if community is not None and community.approves else audience


async def uploads_of(
    read: Reader, author: Actor, ids: tuple[MediaId, ...], post_id: PostId | None = None
) -> list[Media]:
    """Give a person's uploads that are free, or in this post, in order; raise ``Invalid`` for any other."""
    wanted = dict.fromkeys(ids)
    found = [await media.find(read, visible.person(author.id), media_id) for media_id in wanted]
    held = [row for row in found if row and row.owner_id == author.id and row.post_id in (None, post_id)]
    if len(held) != len(wanted):
        raise Invalid(media_ids="names a file that is not yours, or is attached to another post")
    if not all(row.there for row in held):
        raise Invalid(media_ids="names a film that is not ready yet; try again in a moment")
    return held


def poll_of(draft: Draft, held: Poll | None, now: datetime) -> Poll | NewPoll | None:
    """Give the poll that a post is to have; ``held`` is the one that it has: its votes stay if it can be."""
    if draft.poll is None:
        return held
    new = NewPoll(
        options=tuple(NewOption(title) for title in draft.poll.options),
        multiple=draft.poll.multiple,
        hide_totals=draft.poll.hide_totals,
        ends_at=now + timedelta(seconds=draft.poll.seconds),
        voters_count=0,
    )
    if held is None or not is_same(held, new):
        return new
    counted = tuple(NewOption(option.title, option.votes_count) for option in held.options)
    return msgspec.structs.replace(new, options=counted, voters_count=held.voters_count)


def compose(
    node: Node,
    author: Actor,
    draft: Draft,
    gathered: Gathered,
    *,
    post_id: PostId,
    at: datetime,
    edited_at: datetime | None = None,
) -> Written:
    """Write a post: title and text parted, HTML made, everybody addressed."""
    place = gathered.place
    people = _people(author, gathered)
    new = NewPost(
        id=post_id,
        uri=(uri := (node.uris.know_how if draft.know_how else node.uris.post)(post_id)),
        url=uri,
        host=node.uris.host,
        local=True,
        author_id=author.id,
        community_id=place.community.id if place.community else None,
        language=draft.language,
        audience=place.audience,
        in_reply_to=place.parent.uri if place.parent else None,
        parent_id=place.parent.id if place.parent else None,
        root_id=place.parent.root_id if place.parent else post_id,
        context=place.parent.context if place.parent else uris.context_of(uri),
        application=draft.application,
        application_website=draft.application_website,
        published_at=at,
        mentions=_mentioned(people, gathered),
        tags=tuple((markup.tag_key(tag), tag) for tag in dict.fromkeys(markup.found(draft.text).tags)),
        media=draft.media,
        poll=gathered.poll if isinstance(gathered.poll, NewPoll) else None,
        event=gathered.event if isinstance(gathered.event, NewEvent) else None,
        know_how=draft.know_how.new if draft.know_how else None,
        quote=gathered.quoted.new if gathered.quoted else None,
        quote_policy=quoting.policy_of(draft.quote_policy, place.audience),
        **_said(node, draft, gathered),
    )
    new = msgspec.structs.replace(new, ask=_ask_of(new, gathered))
    named = _named(people, gathered)
    outgoing = _outgoing_of(author, new, gathered, named, edited_at)
    return Written(new=new, outgoing=outgoing, place=place, people=people, named=named)


def _ask_of(new: NewPost, gathered: Gathered) -> NewAsk | None:
    """Give what a thread asks for; what asked once, asks still, whatever an edit makes of its title."""
    if new.type != "Page":
        return None
    if gathered.ask is not None:
        return NewAsk(**{name: getattr(gathered.ask, name) for name in NewAsk.__struct_fields__})
    return NewAsk() if as2_asks.asks(new.title, (folded for folded, _ in new.tags)) else None


def _said(node: Node, draft: Draft, gathered: Gathered) -> dict[str, Any]:
    """Give the type and the texts of a post; in a thread's first post the title is parted from the rest."""
    if draft.know_how is not None:
        said = {"type": "Article", "title": draft.title, "content": draft.know_how.content}
        return said | {"source": draft.text, "summary": "", "sensitive": False}
    community = gathered.place.community
    title, text, summary = "", draft.text, draft.title
    if gathered.event is not None:
        title, summary = draft.title, ""
    elif community is not None and gathered.place.parent is None:
        title, text = markup.title_of(draft.text, draft.title, community.handle)
        summary = ""
        if not title:
            raise Invalid(text="has no first line that could be the title of a thread")
    links = {
        key: MentionLink(url=actor.url or actor.uri, uri=actor.uri, handle=actor.handle)
        for key, actor in gathered.named.items()
    }
    content = markup.html_of(text, links, node.uris.tag)
    if gathered.poll is not None and title:
        # Mastodon shows of a Question its content and nothing else.
        content = f"<p><strong>{escape(title, quote=False)}</strong></p>{content}"
    if gathered.quoted is not None:
        content = as2_quotes.linked(content, gathered.quoted.new)
    return {
        "type": _type(gathered, title),
        "title": title,
        "content": content,
        "source": draft.text,
        "summary": summary,
        "sensitive": draft.sensitive or bool(summary),
    }


def title_apart(post: Post, community: Actor | Shown | None) -> str:
    """Give the title of a thread that was given apart from its text; empty where the text begins with it.

    Who edits the text is shown it apart again, and gives it back: else the thread would lose it.
    """
    if post.type != "Page" or community is None:
        return ""
    return "" if markup.title_of(post.source, "", community.handle)[0] == post.title else post.title


def _type(gathered: Gathered, title: str) -> str:
    if gathered.event is not None:
        return "Event"
    if gathered.poll is not None:
        return "Question"
    return "Page" if title else "Note"


def _people(author: Actor, gathered: Gathered) -> tuple[Actor, ...]:
    place = gathered.place
    community = place.community.id if place.community else None
    people = {actor.id: actor for actor in gathered.named.values() if actor.id != community}
    if place.answered and place.audience not in ("direct", "followers"):
        people.setdefault(place.answered.id, place.answered)
    if gathered.quoted and gathered.quoted.author and place.audience != "direct":
        people.setdefault(gathered.quoted.author.id, gathered.quoted.author)
    people.pop(author.id, None)
    return tuple(people.values())


def _named(people: tuple[Actor, ...], gathered: Gathered) -> tuple[Actor, ...]:
    """Give those whom a post addresses without him whom it only quotes, who is told of that."""
    quoted = gathered.quoted.author if gathered.quoted else None
    others = {actor.id for actor in (*gathered.named.values(), gathered.place.answered) if actor}
    return tuple(person for person in people if person.id in others or quoted is None or person != quoted)


def _mentioned(people: tuple[Actor, ...], gathered: Gathered) -> tuple[tuple[ActorId, bool], ...]:
    """Give all whom a post addresses and whether its text names them; the community only if the text does."""
    written = {actor.id for actor in gathered.named.values()}
    community = gathered.place.community
    listed = [person.id for person in people]
    if community and community.id in written:
        listed.append(community.id)
    return tuple((actor_id, actor_id in written) for actor_id in listed)


def _outgoing_of(
    author: Actor,
    new: NewPost,
    gathered: Gathered,
    people: tuple[Actor, ...],
    edited_at: datetime | None,
) -> as2_posts.Outgoing:
    community = gathered.place.community
    return as2_posts.Outgoing(
        uri=new.uri,
        author_uri=author.uri,
        type=new.type,
        title=new.title,
        content=new.content,
        source=new.source,
        summary=new.summary,
        sensitive=new.sensitive,
        language=new.language,
        audience=new.audience,
        in_reply_to=new.in_reply_to,
        context=new.context,
        published_at=new.published_at,
        edited_at=edited_at,
        community=as2_posts.named(community) if community else None,
        community_followers=community.followers_uri if community else None,
        mentions=tuple(as2_posts.named(person) for person in people),
        tags=tuple(name for _, name in new.tags),
        files=gathered.files,
        poll=gathered.poll,
        event=gathered.event,
        ask=new.ask,
        resolved=gathered.resolved,
        know_how=new.know_how,
        quote=new.quote.uri if new.quote else None,
        quote_stamp=new.quote.stamp if new.quote else None,
        quoted_author=quoted.author.uri if (quoted := gathered.quoted) and quoted.author else None,
        quote_policy=new.quote_policy,
    )
