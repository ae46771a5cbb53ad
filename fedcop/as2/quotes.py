"""Quotes both ways: what a post quotes, in each way that servers say it, and our word on being quoted.

Read are ``quote`` (FEP-044f), ``quoteUrl``, ``quoteUri``, ``_misskey_quote`` and a Link among the tags
(FEP-e232). All but the first know no consent of whom is quoted.
"""

import html
import re
from collections.abc import Iterable

from activitypub.document import Json
from activitypub.shape import PUBLIC
from activitypub.vocab.objects import Approval, Post, Tag
from activitypub.vocab.write import QUOTE_CONTEXT
from fedcop import uris as addresses
from fedcop.as2 import files
from storage.quotes import NewQuote, Stamp

# What Mastodon, Misskey and Bridgy Fed put into the text for readers who know no quotes.
_FALLBACK = re.compile(r"quote-inline|RE:\s*(?:<a\b|https?:)")


def quote_from(post: Post) -> NewQuote | None:
    """Give what a peer's post quotes, not yet known to be authorized."""
    if post.quote is not None:
        found = NewQuote(uri=post.quote, stamp=post.quote_authorization)
    else:
        found = NewQuote(uri=post.quote_url or _linked(post.tag) or "", legacy=True)
    return found if files.is_web(found.uri) and found.uri != post.id else None


def _linked(tags: Iterable[Tag]) -> str | None:
    """Give the quoted post among the objects that a text refers to (FEP-e232)."""
    for tag in tags:
        known_as_quote = (tag.rel or "").endswith("quote") or (tag.name or "").startswith("RE:")
        if tag.type == "Link" and known_as_quote and "json" in (tag.media_type or ""):
            return tag.href
    return None


def linked(content: str, quote: NewQuote | None) -> str:
    """Give a post's text with a link to what it quotes, unless it has one, in the form of Mastodon's."""
    if quote is None or _FALLBACK.search(content):
        return content
    address = html.escape(quote.uri)
    if address in content:
        return content
    link = f'<a href="{address}" rel="nofollow noopener noreferrer ugc">{address}</a>'
    return f'{content}<p class="quote-inline">RE: {link}</p>'


def policy_of(author: str, policy: str) -> Json:
    """Give who gets the right to quote a post by asking for it; nobody is said by its author alone."""
    allowed = {"public": PUBLIC, "followers": addresses.followers_of(author)}
    return {"canQuote": {"automaticApproval": [allowed.get(policy, author)]}}


def policy_from(post: Post, followers: str | None) -> str:
    """Give who may quote a peer's post: nobody where it does not say; ``manual``: its author is asked."""
    said = post.interaction_policy.can_quote if post.interaction_policy is not None else Approval()
    if PUBLIC in said.automatic_approval:
        return "public"
    if followers is not None and followers in said.automatic_approval:
        return "followers"
    return "manual" if PUBLIC in said.manual_approval else "nobody"


def said_of(uri: str, stamp: str | None) -> Json:
    """Give how a post of ours says what it quotes, in the three ways that servers read (Mastodon 4.5)."""
    said: Json = {"quote": uri, "quoteUri": uri, "_misskey_quote": uri}
    return said if stamp is None else said | {"quoteAuthorization": stamp}


def authorization_of(uri: str, stamp: Stamp) -> Json:
    """Give our word that a post may quote one of ours."""
    return {
        "@context": QUOTE_CONTEXT,
        "id": uri,
        "type": "QuoteAuthorization",
        "attributedTo": stamp.author_uri,
        "interactingObject": stamp.quoting_uri,
        "interactionTarget": stamp.quoted_uri,
    }


def accept_of(uri: str, author: str, asked_by: str, *, request: Json, result: str) -> Json:
    """Give the Accept of a QuoteRequest, which names the authorization."""
    return _answer(uri, "Accept", author, asked_by, request) | {"result": result}


def reject_of(uri: str, author: str, asked_by: str, *, request: Json) -> Json:
    """Give the Reject of a QuoteRequest."""
    return _answer(uri, "Reject", author, asked_by, request)


def _answer(uri: str, kind: str, author: str, asked_by: str, request: Json) -> Json:
    return {
        "@context": QUOTE_CONTEXT,
        "id": uri,
        "type": kind,
        "actor": author,
        "to": [asked_by],
        "cc": [],
        "object": request,
    }
