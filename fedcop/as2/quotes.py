"""Quotes both ways: what a post quotes, in each way that servers say it, and our word on being quoted.

Read are ``quote`` (FEP-044f), ``quoteUrl``, ``quoteUri``, ``_misskey_quote`` and a Link among the tags
(FEP-e232). All but the first know no consent of whom is quoted.
"""

import html
import re
from collections.abc import Iterable

from activitypub.document import Json
from activitypub.shape import PUBLIC
from activitypub.vocab.objects import Post, Tag
from activitypub.vocab.write import QUOTE_CONTEXT
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


def policy_of(author: str, audience: str) -> Json:
    """Give who may quote a post without asking: everybody what is for everybody, else its author alone."""
    allowed = PUBLIC if audience in ("public", "unlisted") else author
    return {"canQuote": {"automaticApproval": [allowed]}}


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
