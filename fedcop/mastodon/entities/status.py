"""Status, its context, source and history.

Rules that hold in this file (mastodon-api.md 3.3 and 4.3)
  1. An announce or boost is a wrapper: id, account, uri and time are its own, and of a boost the visibility;
     everything else is that of the inner status, which has an explicit ``reblog: null``.
  2. A Page's text is its title, its body and its link: clients know no titles, and a content warning would
     hide the post.
  3. Members-only and followers-only are both ``private``: clients refuse a word they do not know.
  4. A post whose title stands in its text anyway, as a Note or Question from elsewhere, gets it once.
  5. What became of an ask stands below its text, unless its author's node says so in it.
  6. A quote is shown as Mastodon 4.5 does: ``quoted_status`` only if whom it quotes has authorized it and the
     caller may see it; one that was said without asking, not at all, for it stands in the text as a link.
"""

import html
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from fedcop.actions.draft import title_apart
from fedcop.as2 import asks
from fedcop.mastodon import answer
from fedcop.mastodon.entities import filtering
from fedcop.mastodon.entities.account import VISIBILITY, Account, account, acct
from fedcop.mastodon.entities.attachment import MediaAttachment, attachment
from fedcop.mastodon.entities.event import details_of
from fedcop.mastodon.entities.filter import FilterResult
from fedcop.mastodon.entities.place import Place
from fedcop.mastodon.entities.poll import Poll, poll
from fedcop.policy.pictures import EVERYBODY
from storage.posts import Revision
from storage.views import Mention as Named
from storage.views import PostView, QuoteView

# Types of post whose content holds all that is shown of them.
UNTITLED = frozenset({"Note", "Question"})


class Mention(msgspec.Struct, kw_only=True):
    """Somebody whom a status names."""

    id: str
    username: str
    url: str
    acct: str


class TagLink(msgspec.Struct):
    """A hashtag of a status."""

    name: str
    url: str


class Application(msgspec.Struct):
    """The client that a status was written with."""

    name: str
    website: str | None


class Quote(msgspec.Struct, kw_only=True):
    """What a status quotes, as far as the caller may see it."""

    state: str
    quoted_status: "Status | None"


class QuoteApproval(msgspec.Struct, kw_only=True):
    """Who may quote a status, and whether the caller may: automatic, manual or denied."""

    automatic: list[str]
    manual: list[str]
    current_user: str


class Status(msgspec.Struct, kw_only=True):
    """A post, or somebody's announce or boost of one."""

    id: str
    uri: str
    url: str | None
    created_at: str
    edited_at: str | None
    account: Account
    content: str
    visibility: str
    sensitive: bool
    spoiler_text: str
    language: str | None
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    reblog: "Status | None"
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    media_attachments: list[MediaAttachment]
    mentions: list[Mention]
    tags: list[TagLink]
    emojis: list[str] = []
    card: None = None
    poll: Poll | None = None
    quote: Quote | UnsetType = UNSET  # Pachli reads null as a quote without a state
    quote_approval: QuoteApproval
    application: Application | None
    favourited: bool | UnsetType
    reblogged: bool | UnsetType
    muted: bool | UnsetType
    bookmarked: bool | UnsetType
    pinned: bool | UnsetType
    filtered: list[FilterResult] | UnsetType
    text: str | UnsetType = UNSET


class Context(msgspec.Struct):
    """What stands before and after a status in its thread."""

    ancestors: list[Status]
    descendants: list[Status]


class StatusSource(msgspec.Struct, kw_only=True):
    """What the author typed."""

    id: str
    text: str
    spoiler_text: str


class StatusEdit(msgspec.Struct, kw_only=True):
    """A status as it read at some time."""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: Account
    poll: None = None
    media_attachments: list[MediaAttachment]
    emojis: list[str] = []


def status(view: PostView, at: Place) -> Status:
    """Give a post, or a wrapper with the post inside it."""
    inner = _inner(view, at)
    wrapper = view.wrapper
    if wrapper is None:
        return inner
    return msgspec.structs.replace(
        inner,
        id=str(view.entry_id),
        uri=wrapper.uri or inner.uri,
        visibility=VISIBILITY[wrapper.audience] if wrapper.kind == "boost" else inner.visibility,
        created_at=answer.time(wrapper.at),
        account=account(wrapper.by, at),
        reblog=inner,
    )


def statuses(views: Iterable[PostView], at: Place) -> list[Status]:
    """Give posts and wrappers in their order."""
    return [status(view, at) for view in views]


def source(view: PostView) -> StatusSource:
    """Give what the author typed; a thread's title stands in the text, or is the warning that it was."""
    post = view.post
    warning = post.summary or title_apart(post, view.community)
    return StatusSource(id=str(post.id), text=post.source, spoiler_text=warning)


def history(view: PostView, revisions: Sequence[Revision], at: Place) -> list[StatusEdit]:
    """Give every text that a post had, oldest first."""
    by = account(view.author, at)
    files = [attachment(file, at, view.post.audience) for file in view.media]
    return [
        StatusEdit(
            content=content_of(_title(view, revision.title), revision.content, view.post.link),
            spoiler_text=revision.summary,
            sensitive=revision.sensitive,
            created_at=answer.time(revision.at),
            account=by,
            media_attachments=files,
        )
        for revision in revisions
    ]


def content_of(title: str, content: str, *links: str | None) -> str:
    """Give a post's text as one piece of HTML: its title, its body and what it links to."""
    parts = [f"<p><strong>{html.escape(title, quote=False)}</strong></p>"] if title else []
    parts.append(content)
    for link in dict.fromkeys(one for one in links if one):
        href = html.escape(link)
        parts.append(f'<p><a href="{href}" rel="nofollow noopener" target="_blank">{href}</a></p>')
    return "".join(parts)


def _title(view: PostView, title: str) -> str:
    return "" if view.post.type in UNTITLED else title


def _content(view: PostView) -> str:
    post, event = view.post, view.event
    if event is not None:
        page = None if post.local else post.url
        return content_of(post.title, details_of(event) + post.content, post.link, page)
    # On its page stands who is behind know-how, and what one can do with it.
    page = post.url if view.know_how is not None else None
    return content_of(_title(view, post.title), post.content, post.link, page) + became(view)


def became(view: PostView) -> str:
    """Say what became of an ask; the node of its author may have said so already, in the text."""
    post, ask = view.post, view.ask
    if ask is None or (ask.withdrawn_at is not None and not post.local):
        return ""
    if ask.accepted_url and html.escape(ask.accepted_url) in post.content:
        return ""
    return asks.html_of(ask, ask.accepted_url, post.language)


def _quote(quoted: QuoteView | None, at: Place) -> Quote | UnsetType:
    if quoted is None or (quoted.quote.legacy and quoted.quote.state != "accepted"):
        return UNSET
    quote, view = quoted.quote, quoted.view
    state: str = quote.state
    if quote.removed:
        state = "deleted"
    elif state == "accepted" and view is None:
        state = "unauthorized" if quote.held else "pending"
    elif state == "accepted" and (quote.blocked or quote.muted):
        state = "blocked_account" if quote.blocked else "muted_account"
    shown = view if state in ("accepted", "blocked_account", "muted_account") else None
    return Quote(state=state, quoted_status=_inner(shown, at) if shown is not None else None)


def _approval(view: PostView, at: Place) -> QuoteApproval:
    policy = view.post.quote_policy
    automatic = [policy] if policy in ("public", "followers") else []
    manual = ["public"] if policy == "manual" else []
    if at.caller.me == 0 or view.post.audience == "direct":
        current = "denied"
    elif view.author.id == at.caller.me or view.followed:
        current = "automatic"
    elif view.post.audience not in EVERYBODY:
        current = "denied"
    else:
        current = {"public": "automatic", "manual": "manual"}.get(policy, "denied")
    return QuoteApproval(automatic=automatic, manual=manual, current_user=current)


def _inner(view: PostView, at: Place) -> Status:
    post, author = view.post, view.author
    known = at.caller.me != 0
    return Status(
        id=str(post.id),
        uri=post.uri,
        url=post.url or post.uri,
        created_at=answer.time(post.published_at),
        edited_at=answer.time_if(post.edited_at),
        account=account(author, at),
        content=_content(view),
        visibility=VISIBILITY[post.audience],
        sensitive=post.sensitive,
        spoiler_text=post.summary,
        language=post.language,
        in_reply_to_id=_id(post.parent_id),
        in_reply_to_account_id=_id(view.parent_author_id),
        reblog=None,
        replies_count=post.replies_count,
        reblogs_count=post.boosts_count,
        favourites_count=post.likes_count,
        quotes_count=post.quotes_count,
        media_attachments=[attachment(file, at, post.audience) for file in view.media],
        mentions=[_mention(mention, at) for mention in view.mentions if mention.named],
        tags=[TagLink(tag.name, at.uris.tag(tag.tag)) for tag in view.tags],
        poll=poll(view.poll, author=author.id, me=at.caller.me, now=at.now) if view.poll else None,
        quote=_quote(view.quote, at),
        quote_approval=_approval(view, at),
        application=Application(post.application, post.application_website) if post.application else None,
        favourited=view.liked if known else UNSET,
        reblogged=view.boosted if known else UNSET,
        muted=view.muted if known else UNSET,
        bookmarked=view.bookmarked if known else UNSET,
        pinned=view.pinned if known and author.id == at.caller.me else UNSET,
        filtered=filtering.results(view, at) if known else UNSET,
    )


def _id(row_id: int | None) -> str | None:
    return None if row_id is None else str(row_id)


def _mention(mention: Named, at: Place) -> Mention:
    return Mention(
        id=str(mention.actor_id),
        username=mention.handle,
        url=mention.url or mention.uri,
        acct=acct(mention.handle, mention.domain, at),
    )
