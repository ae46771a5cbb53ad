"""What somebody typed, turned into what is stored and what goes out.

    written = await compose(node, author, draft, post_id=..., place=..., at=...)

Rules that hold in this file (decision 4 of the design, mastodon-api.md 4.3)
  1. A public or unlisted post that answers nothing and mentions a community is a thread in it; the first
     community that it names counts.
  2. A reply belongs to the community of what it answers, whatever it mentions.
  3. A direct post, or one to followers, is in no community; a members-only community narrows to its members.
  4. Whom a public reply answers is addressed, even where the text does not name them; a direct reply goes to
     nobody but those who are named.
"""

import contextlib
from datetime import datetime

import msgspec

from fedcop import fetch, uris
from fedcop.as2.posts import File, Named, Outgoing
from fedcop.content import markup
from fedcop.content.markup import Found, MentionLink
from fedcop.errors import Invalid, NotFound, PeerTrouble
from fedcop.node import Node
from storage import actors, media, posts, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import MediaId, PostId
from storage.media import Media
from storage.posts import NewPost, Post
from storage.visible import Viewer

MOST_LOOKED_UP = 20

Mentions = dict[tuple[str, str | None], Actor]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A post as somebody wrote it; ``title`` is a thread's title in a community, elsewhere a content warning.

    ``idempotency`` is the token and the key under which a repeated request gives the same post.
    """

    text: str = ""
    title: str = ""
    audience: str = "public"
    language: str | None = None
    sensitive: bool = False
    in_reply_to: PostId | None = None
    media: tuple[MediaId, ...] = ()
    application: str | None = None
    idempotency: tuple[int, str] | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a post stands: what it answers, by whom, in which community, and who reads it."""

    parent: Post | None
    answered: Actor | None
    community: Actor | None
    audience: str


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A post ready to be stored and sent; ``people`` are all whom it addresses, the community not among them."""

    new: NewPost
    outgoing: Outgoing
    place: Place
    people: tuple[Actor, ...]


async def mentions_of(node: Node, found: Found) -> Mentions:
    """Give the actors that a text names, those of other nodes looked up; who is not found stays plain text."""
    named: Mentions = {}
    for handle, domain in list(dict.fromkeys(found.mentions))[:MOST_LOOKED_UP]:
        # A peer that is down or not allowed must not keep anybody from posting.
        with contextlib.suppress(PeerTrouble):
            actor = await fetch.handle(node, handle, domain or node.uris.domain)
            if actor is not None and actor.state == "active":
                named[handle, domain] = actor
    return named


async def place_of_draft(node: Node, author: Actor, draft: Draft, named: Mentions) -> Place:
    """Say where a new post stands; raise ``NotFound`` if what it answers cannot be seen."""
    if draft.in_reply_to is not None:
        return await node.store.read(_place_of_reply, visible.person(author.id), draft)
    communities = (actor for actor in named.values() if actor.type == "Group")
    community = next(communities, None) if draft.audience != "direct" else None
    if community is not None and draft.audience == "followers" and not community.approves:
        community = None
    return Place(
        parent=None, answered=None, community=community, audience=_narrowed(draft.audience, community)
    )


async def _place_of_reply(read: Reader, viewer: Viewer, draft: Draft) -> Place:
    assert draft.in_reply_to is not None
    parent = await posts.find(read, viewer, draft.in_reply_to)
    if parent is None or parent.removed_at is not None:
        raise NotFound("the post that you answer is not there")
    community = None
    if parent.community_id is not None and (draft.audience != "direct" and parent.audience != "direct"):
        community = await actors.find(read, visible.SYSTEM, parent.community_id)
    if community is not None and draft.audience == "followers" and not community.approves:
        community = None
    return Place(
        parent=parent,
        answered=await actors.find(read, visible.SYSTEM, parent.author_id),
        community=community,
        audience=_narrowed(draft.audience, community),
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


async def pictures_of(read: Reader, author: Actor, ids: tuple[MediaId, ...]) -> list[Media]:
    """Give a person's uploads that are not attached yet, in order; raise ``Invalid`` for any other."""
    found = [await media.find(read, visible.person(author.id), media_id) for media_id in ids]
    held = [row for row in found if row and row.owner_id == author.id and row.post_id is None]
    if len(held) != len(ids):
        raise Invalid(media_ids="names a file that is not yours, or is attached to another post")
    return held


def compose(
    node: Node,
    author: Actor,
    draft: Draft,
    *,
    post_id: PostId,
    place: Place,
    named: Mentions,
    pictures: list[Media],
    at: datetime,
    edited_at: datetime | None = None,
) -> Written:
    """Write a post: title and text parted, HTML made, everybody addressed."""
    begins_thread = place.community is not None and place.parent is None
    title, text, summary = "", draft.text, draft.title
    if place.community is not None and begins_thread:
        title, text = markup.title_of(draft.text, draft.title, place.community.handle)
        summary = ""
    links = {
        key: MentionLink(url=actor.url or actor.uri, uri=actor.uri, handle=actor.handle)
        for key, actor in named.items()
    }
    tags = tuple((tag.casefold(), tag) for tag in dict.fromkeys(markup.found(draft.text).tags))
    uri = node.uris.post(post_id)
    people = _people(author, place, named)
    new = NewPost(
        id=post_id,
        uri=uri,
        url=uri,
        host=node.uris.host,
        local=True,
        author_id=author.id,
        community_id=place.community.id if place.community else None,
        type="Page" if begins_thread else "Note",
        title=title,
        content=markup.html_of(text, links, node.uris.tag),
        source=draft.text,
        summary=summary,
        sensitive=draft.sensitive or bool(summary),
        language=draft.language,
        audience=place.audience,
        in_reply_to=place.parent.uri if place.parent else None,
        parent_id=place.parent.id if place.parent else None,
        root_id=place.parent.root_id if place.parent else post_id,
        context=place.parent.context if place.parent else uris.context_of(uri),
        application=draft.application,
        link=None,
        published_at=at,
        mentions=tuple((person.id, person in named.values()) for person in people),
        tags=tags,
        media=draft.media,
    )
    return Written(
        new=new,
        outgoing=_outgoing_of(node, author, new, place, people, pictures, edited_at),
        place=place,
        people=people,
    )


def _people(author: Actor, place: Place, named: Mentions) -> tuple[Actor, ...]:
    community = place.community.id if place.community else None
    people = {actor.id: actor for actor in named.values() if actor.id not in (author.id, community)}
    if place.answered and place.audience not in ("direct", "followers"):
        people.setdefault(place.answered.id, place.answered)
    people.pop(author.id, None)
    return tuple(people.values())


def _outgoing_of(
    node: Node,
    author: Actor,
    new: NewPost,
    place: Place,
    people: tuple[Actor, ...],
    pictures: list[Media],
    edited_at: datetime | None,
) -> Outgoing:
    return Outgoing(
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
        community=_named(place.community) if place.community else None,
        community_followers=place.community.followers_uri if place.community else None,
        mentions=tuple(_named(person) for person in people),
        tags=tuple(name for _, name in new.tags),
        files=tuple(_file_of(node, picture) for picture in pictures),
    )


def _named(actor: Actor) -> Named:
    return Named(uri=actor.uri, handle=actor.handle, domain=actor.domain)


def _file_of(node: Node, picture: Media) -> File:
    focus = (picture.focus_x, picture.focus_y)
    return File(
        url=node.uris.media(picture.name or ""),
        media_type=picture.media_type,
        description=picture.description,
        width=picture.width,
        height=picture.height,
        blurhash=picture.blurhash,
        focus=focus if None not in focus else None,
    )
