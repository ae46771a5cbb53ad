"""Posts both ways: what we know of a post to Page or Note, and a peer's document to what we store.

    page = post_of(outgoing, uris)                         a document, not yet inside an activity
    incoming = incoming_from(document, author=..., community=..., now=...)

Rules that hold in this file
  1. A community's top-level post is a Page with a name, everything else a Note (decision 4): Lemmy 1.0 drops
     a top-level Note (federation.md 1.4). A poll is a Question, whose content holds its title too, since
     Mastodon shows nothing but that; a meeting is an Event, know-how an Article.
  2. ``summary`` is a content warning on a Note and an excerpt on a Page, both ways: Mastodon shows of a Page
     only name, summary and a link.
  3. ``to`` names the community, ``audience`` is one id, ``attachment`` and ``tag`` are lists (federation.md
     5.5).
  4. A reply carries the Mention of its community and of whom it answers, though the text does not: Mastodon's
     reply box copies the mentions, and so the next answer finds its way back (federation.md 1.4).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from activitypub import audience as audiences
from activitypub import origin
from activitypub.document import Json
from activitypub.errors import WrongOrigin
from activitypub.shape import PUBLIC
from activitypub.vocab.objects import Post, Tag
from activitypub.vocab.write import ASK_CONTEXT, CONTEXT, EVENT_CONTEXT, KNOW_HOW_CONTEXT, POST_CONTEXT
from fedcop import uris as addresses
from fedcop.as2 import asks, events, files, knowhow, polls, quotes, referrals, texts
from fedcop.as2.activities import moment_of
from fedcop.as2.files import File, IncomingFile
from fedcop.content import markup, sanitise
from fedcop.uris import Uris
from storage.actors import Actor, Shown
from storage.asks import Ask, NewAsk
from storage.events import Event, NewEvent
from storage.knowhow import NewKnowHow
from storage.polls import NewPoll, Poll
from storage.quotes import NewQuote
from storage.views import PostView

LONGEST_EXCERPT = 500
LOOKED_AT = 10_000  # of a text, for its first line
MOST_MENTIONS = 100
# Times on the wire have whole seconds, and an Update counts only if it is newer (federation.md 5.3, 5.5).
SECOND = timedelta(seconds=1)

_LANGUAGES = {"en": "English", "cy": "Cymraeg"}


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody a post mentions."""

    uri: str
    handle: str
    domain: str


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a post of ours says on the wire; ``resolved`` is the address of an accepted answer."""

    uri: str
    author_uri: str
    type: str
    title: str
    content: str
    source: str
    summary: str
    sensitive: bool
    language: str | None
    audience: str
    in_reply_to: str | None
    context: str | None
    published_at: datetime
    edited_at: datetime | None = None
    locked: bool = False
    community: Named | None = None
    community_followers: str | None = None
    mentions: tuple[Named, ...] = ()
    tags: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    poll: Poll | NewPoll | None = None
    event: Event | NewEvent | None = None
    ask: Ask | NewAsk | None = None
    resolved: str | None = None
    know_how: NewKnowHow | None = None
    quote: str | None = None
    quote_stamp: str | None = None
    quoted_author: str | None = None
    quote_policy: str = "nobody"
    refers: str = ""  # the id of the ask, if this is a routed one


def outgoing_of(view: PostView, uris: Uris) -> Outgoing:
    """Give what a stored post of ours says, with all that it names."""
    post, community, quote = view.post, view.community, view.quote
    # Whom a post quotes is told of it, and not named by it; the community is named apart.
    quoted = quote.view.author if quote and quote.view else None
    silent = {quoted.id} - {view.parent_author_id} if quoted else set()
    people = [
        mention
        for mention in view.mentions
        if mention.actor_id != post.community_id and (mention.named or mention.actor_id not in silent)
    ]
    return Outgoing(
        uri=post.uri,
        author_uri=view.author.uri,
        type=post.type,
        title=post.title,
        content=post.content,
        source=post.source,
        summary=post.summary,
        sensitive=post.sensitive,
        language=post.language,
        audience=post.audience,
        in_reply_to=post.in_reply_to,
        context=post.context,
        published_at=post.published_at,
        edited_at=post.edited_at,
        locked=post.locked,
        community=named(community) if community else None,
        community_followers=community.followers_uri if community else None,
        mentions=tuple(Named(uri=who.uri, handle=who.handle, domain=who.domain) for who in people),
        tags=tuple(tag.name for tag in view.tags),
        files=tuple(files.file_of(file, uris, closed=post.audience == "members") for file in view.media),
        poll=view.poll,
        event=view.event,
        ask=view.ask,
        resolved=view.ask.accepted_url if view.ask else None,
        quote=quote.quote.uri if quote else None,
        quote_stamp=quote.quote.stamp if quote else None,
        quoted_author=quoted.uri if quoted and quoted.id != view.author.id else None,
        quote_policy=post.quote_policy,
    )


def named(actor: Shown) -> Named:
    """Give an actor as a post names it."""
    return Named(uri=actor.uri, handle=actor.handle, domain=actor.domain)


def post_of(post: Outgoing, uris: Uris, *, now: datetime) -> Json:
    """Give the Page, Note, Question or Event of a post of ours, as it is ``now``."""
    to, cc = addressed(post)
    document: Json = {
        "@context": _context_of(post),
        "id": post.uri,
        "type": post.type,
        "attributedTo": post.author_uri,
        "to": to,
        "cc": cc,
        "content": post.content,
        "mediaType": "text/html",
        "source": {"content": post.source, "mediaType": "text/markdown"},
        "url": post.uri,
        "sensitive": post.sensitive,
        "attachment": [files.attachment_of(file) for file in post.files],
        "tag": _tags_of(post, uris),
        "replies": addresses.replies_of(post.uri),
        "published": moment_of(post.published_at),
        "interactionPolicy": quotes.policy_of(post.author_uri, post.quote_policy),
    }
    if post.poll is not None:
        document |= polls.question_of(post.poll, now)
    if post.event is not None:
        document |= events.event_of(post.event)
    if post.ask is not None:
        document |= asks.ask_of(post.ask)
        document["content"] += asks.html_of(post.ask, post.resolved, post.language)
    if post.know_how is not None:
        document |= knowhow.article_of(post.know_how)
        del document["source"]  # which holds its lead only: Lemmy would show no more than that
    if post.quote is not None:
        document |= quotes.said_of(post.quote, post.quote_stamp)
    return document | _whether(post, document["content"])


def _context_of(post: Outgoing) -> list[Any]:
    if post.event is not None:
        return EVENT_CONTEXT
    if post.know_how is not None:
        return KNOW_HOW_CONTEXT
    return POST_CONTEXT if post.ask is None else ASK_CONTEXT


def _whether(post: Outgoing, content: str) -> Json:
    """Give the properties that only some posts have; a null would be an error to Lemmy."""
    some: Json = {}
    if post.community:
        some["audience"] = post.community.uri
    if post.title:
        some |= {"name": post.title, "commentsEnabled": not post.locked}
    if summary := _summary_of(post):
        some["summary"] = summary
    if post.in_reply_to:
        some["inReplyTo"] = post.in_reply_to
    if post.context:
        some["context"] = post.context
    if post.language:
        some["language"] = {
            "identifier": post.language,
            "name": _LANGUAGES.get(post.language, post.language),
        }
        some["contentMap"] = {post.language: content}
    if post.edited_at:
        some["updated"] = moment_of(post.edited_at)
    return some


def _summary_of(post: Outgoing) -> str:
    if post.event is not None:
        return events.line_of(post.event)
    if post.type in ("Page", "Article"):
        excerpt = sanitise.text_of(post.content)[:LONGEST_EXCERPT] or post.title
        line = asks.line_of(post.ask, post.resolved, post.language) if post.ask else ""
        return f"{line}\n\n{excerpt}" if line else excerpt
    return post.summary


def addressed(post: Outgoing) -> tuple[list[str], list[str]]:
    """Give ``to`` and ``cc`` of a post: who reads it, and who is told."""
    followers = addresses.followers_of(post.author_uri)
    community = [post.community.uri] if post.community else []
    named = [mention.uri for mention in post.mentions if mention.uri not in community]
    if post.quoted_author and post.quoted_author not in named:
        named.append(post.quoted_author)
    if post.audience == "members":
        # Whom it names is a member like any other, or does not read it.
        return [*community, *([post.community_followers] if post.community_followers else [])], []
    if post.audience == "direct":
        return [mention.uri for mention in post.mentions], []
    if post.audience == "followers":
        return [followers], named
    top = community if not post.in_reply_to else []
    told = named if top else [*community, *named]
    if post.audience == "unlisted":
        return [*top, followers], [PUBLIC, *told]
    return [*top, PUBLIC], [*told, followers]


def _tags_of(post: Outgoing, uris: Uris) -> list[Json]:
    mentioned = {mention.uri: mention for mention in post.mentions}
    if post.community:
        mentioned.setdefault(post.community.uri, post.community)
    return [
        *(
            {"type": "Mention", "href": mention.uri, "name": f"@{mention.handle}@{mention.domain}"}
            for mention in mentioned.values()
        ),
        *(
            {"type": "Hashtag", "href": uris.tag(markup.tag_key(name)), "name": f"#{name}"}
            for name in post.tags
        ),
        *([referrals.link_of(post.refers)] if post.refers else []),
    ]


def tombstone_of(uri: str, kind: str, removed_at: datetime) -> Json:
    """Give what stands where a post of ours was."""
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "Tombstone",
        "formerType": kind,
        "deleted": moment_of(removed_at),
    }


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """What a peer's post says, cleaned and cut, before our row ids are known."""

    uri: str
    url: str
    host: str
    type: str
    title: str
    content: str
    source: str
    summary: str
    sensitive: bool
    language: str | None
    audience: str
    in_reply_to: str | None
    context: str | None
    link: str | None
    locked: bool
    published_at: datetime
    edited_at: datetime | None
    mentioned: tuple[str, ...]
    addressed: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    files: tuple[IncomingFile, ...]
    poll: NewPoll | None
    event: NewEvent | None
    ask: NewAsk | None
    quote: NewQuote | None
    know_how: NewKnowHow | None
    quote_policy: str


def incoming_from(post: Post, *, author: Actor, community: Actor | None, now: datetime) -> Incoming:
    """Give what a peer's post says; raise ``WrongOrigin`` when it is not its author's to say.

    ``community`` is the one that the post is in, if any: a Note that begins a thread there gets the first
    line of its text as its title, as a post from Mastodon has none.
    """
    if post.attributed_to != author.uri:
        raise WrongOrigin(f"{post.id} is attributed to {post.attributed_to}, not to {author.uri}")
    origin.ensure_same_origin(post.id, author.uri)
    content = texts.body_from(post)
    title = texts.title_from(post)
    if community and not post.in_reply_to and not title:
        title = markup.title_of(
            sanitise.text_of(content[:LOOKED_AT])[:LONGEST_EXCERPT], "", community.handle
        )[0]
    quote = quotes.quote_from(post)
    tags = texts.tags_from(post.tag)
    published = min(post.published or now, now)
    updated = min(post.updated or published, now)
    readers = audiences.read(post.to, post.cc, followers=author.followers_uri)
    return Incoming(
        uri=post.id,
        url=post.url or post.id,
        host=origin.host_of(post.id),
        type=texts.type_from(post),
        title=title,
        content=quotes.linked(content, quote),
        source=post.source.content if post.source else "",
        summary=texts.warning_from(post),
        # Clients hide the pictures of a post all together or not at all.
        sensitive=bool(post.sensitive) or any(attachment.sensitive for attachment in post.attachment),
        language=texts.language_from(post),
        audience=_audience_of(readers.audience, community, post),
        in_reply_to=post.in_reply_to,
        context=post.context,
        link=texts.link_from(post),
        locked=post.comments_enabled is False,
        published_at=published,
        edited_at=updated if updated > published else None,
        mentioned=_mentioned(post.tag),
        addressed=readers.recipients,
        tags=tags,
        files=tuple(files.incoming_from(texts.pictured(post))),
        poll=polls.poll_from(post, published=published, now=now),
        event=events.event_from(post),
        ask=asks.ask_from(post, title, [folded for folded, _ in tags]) if community else None,
        quote=quote,
        know_how=knowhow.know_how_from(post),
        quote_policy=quotes.policy_from(post, author.followers_uri),
    )


def in_question(post: Post) -> list[str]:
    """Give the ids that may name the community of a post, the likeliest first."""
    named = [tag.href for tag in post.tag if tag.type == "Mention" and tag.href]
    return list(dict.fromkeys(uri for uri in (*post.audience, *post.to, *post.cc, *named) if uri != PUBLIC))


def _audience_of(read: str, community: Actor | None, post: Post) -> str:
    """Correct what looks direct: the followers of a community that only its members read are those.

    Mastodon names the followers of a mentioned community in what is for the author's followers, too; in a
    community that everybody reads that widens nothing.
    """
    if community is None or not community.approves or read not in ("direct", "followers"):
        return read
    return "members" if community.followers_uri in (*post.to, *post.cc) else read


def _mentioned(tags: Sequence[Tag]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.href for tag in tags if tag.type == "Mention" and tag.href))[
        :MOST_MENTIONS
    ]
