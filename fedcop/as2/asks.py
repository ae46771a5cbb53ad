"""Asks both ways: what a thread of a community asks for, and which thread does.

    said = asks.ask_of(ask)                         what a post of ours says beside its text
    new = asks.ask_from(post, title, tags)          what a peer's post asks for; None when it asks nothing

Rules that hold in this file
  1. A thread asks when it says so in our terms; when a sentence of its title ends in a question mark; or when
     it has one of the tags ``#ask`` and ``#cwestiwn``. So every Mastodon client can ask, and every node takes
     the same threads for asks. A question mark within an address or a word is none; a poll, an event and a
     text that answers something never ask.
  2. Software that knows nothing of asks sees an ordinary post: all that the terms say its text says too.
"""

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
