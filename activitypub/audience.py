"""To whom something is addressed: ``to`` and ``cc`` read as an audience.

    read(post.to, post.cc, followers=author.followers).audience        "public"

Public in ``to`` is public, in ``cc`` unlisted; else the author's followers, else direct, as Mastodon reads it
(federation.md 5.2).
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from activitypub.shape import PUBLIC

Audience = Literal["public", "unlisted", "followers", "direct"]


class Addressed(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads something; ``recipients`` are those it names besides Public and the author's followers."""

    audience: Audience
    recipients: tuple[str, ...]


def read(to: Iterable[str], cc: Iterable[str], *, followers: str | None) -> Addressed:
    """Read shaped ``to`` and ``cc``; ``followers`` is the author's collection."""
    first, second = tuple(to), tuple(cc)
    named = dict.fromkeys((*first, *second))
    audience: Audience = "direct"
    if PUBLIC in named:
        audience = "public" if PUBLIC in first else "unlisted"
    elif followers in named:
        audience = "followers"
    recipients = tuple(uri for uri in named if uri not in (PUBLIC, followers))
    return Addressed(audience=audience, recipients=recipients)
