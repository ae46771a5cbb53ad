"""Asks both ways: what a thread of a community asks for, and which thread does.

    said = asks.ask_of(ask)                         what a post of ours says beside its text
    new = asks.ask_from(post, title, tags)          what a peer's post asks for; None when it asks nothing

Rules that hold in this file
  1. A thread asks when it says so in our terms; when a sentence of its title ends in a question mark; or when
     it has one of the tags ``#ask`` and ``#cwestiwn``. So every Mastodon client can ask, and every node takes
     the same threads for asks. A question mark within an address or a word is none; a poll, an event and a
     text that answers something never ask.
  2. What became of an ask stands at the end of its text: ``Resolved:`` with a link to the first accepted
     answer, or that it is withdrawn; and in its ``summary``, which is what Mastodon shows of a Page.
  3. Software that knows nothing of asks sees an ordinary post: all that the terms say its text says too.
"""

import html
import re
from collections.abc import Iterable
from datetime import date

from activitypub.document import Json
from activitypub.vocab.objects import Post
from fedcop.as2.activities import moment_of
from storage.asks import Ask, NewAsk

TAGS = frozenset({"ask", "cwestiwn"})
ASKING = frozenset({"Page", "Note"})
# Where the entries of the local-government service list have their addresses (needs.md 4.1).
SERVICES = "http://id.esd.org.uk/"

_RESOLVED = {"en": "Resolved", "cy": "Datryswyd"}
_WITHDRAWN = {
    "en": "Withdrawn: no answer is needed any more.",
    "cy": "Tynnwyd yn ôl: nid oes angen ateb mwyach.",
}

_ASKS = re.compile(r"""[?？]["'’”»)\]*_]*(?=\s|$)""")
_SERVICE = re.compile(r"(?:function|service)/\d{1,6}")


def asks(title: str, tags: Iterable[str]) -> bool:
    """Tell whether a thread asks for something, by its title and its tags (folded)."""
    return _ASKS.search(title) is not None or not TAGS.isdisjoint(tags)


def ask_from(post: Post, title: str, tags: Iterable[str]) -> NewAsk | None:
    """Give what a peer's post asks for, cut to what is read of it; None when it asks for nothing."""
    if post.type not in ASKING or post.in_reply_to is not None:
        return None
    said = post.ask
    if said is None:
        return NewAsk() if asks(title, tags) else None
    services = (uri.removeprefix(SERVICES) for uri in said.services if uri.startswith(SERVICES))
    return NewAsk(
        need=said.need.strip(),
        tried=said.tried.strip(),
        by_when=_day(said.by_when),
        services=tuple(dict.fromkeys(one for one in services if _SERVICE.fullmatch(one))),
        withdrawn_at=said.withdrawn,
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def ask_of(ask: Ask | NewAsk) -> Json:
    """Give what a thread of ours asks for, in our terms."""
    said: Json = {"services": [SERVICES + one for one in ask.services]}
    if ask.need:
        said["need"] = ask.need
    if ask.tried:
        said["tried"] = ask.tried
    if ask.by_when is not None:
        said["byWhen"] = ask.by_when.isoformat()
    if ask.withdrawn_at is not None:
        said["withdrawn"] = moment_of(ask.withdrawn_at)
    return {"ask": said}


def line_of(ask: Ask | NewAsk, resolved: str | None, language: str | None) -> str:
    """Give what became of an ask in a line of text; empty while an answer is wanted.

    ``resolved`` is the address of its first accepted answer.
    """
    spoken = language if language in _RESOLVED else "en"
    if ask.withdrawn_at is not None:
        return _WITHDRAWN[spoken]
    return f"{_RESOLVED[spoken]}: {resolved}" if resolved else ""


def html_of(ask: Ask | NewAsk, resolved: str | None, language: str | None) -> str:
    """Give the same line as a paragraph, with a link to the answer."""
    line = html.escape(line_of(ask, resolved, language), quote=False)
    if ask.withdrawn_at is None and resolved:
        href = html.escape(resolved)
        link = f'<a href="{href}" rel="nofollow noopener" target="_blank">{href}</a>'
        line = line.replace(html.escape(resolved, quote=False), link)
    return f"<p>{line}</p>" if line else ""
