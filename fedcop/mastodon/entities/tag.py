"""Tag."""

from urllib.parse import quote

import msgspec
from msgspec import UNSET, UnsetType

from fedcop.mastodon.entities.place import Place
from storage.actors import Actor
from storage.featured_tags import FeaturedTag as Row


class Tag(msgspec.Struct, kw_only=True):
    """A hashtag, and whether the person who asks follows it and shows it on their profile."""

    id: str
    name: str
    url: str
    history: list[str] = []
    following: bool
    featuring: bool | UnsetType = UNSET


class FeaturedTag(msgspec.Struct, kw_only=True):
    """A hashtag on somebody's profile; the count is text (mastodon-api.md 3.1)."""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None


def featured(row: Row, actor: Actor, at: Place) -> FeaturedTag:
    """Give a hashtag on an actor's profile."""
    page = at.uris.tag(row.tag) if actor.local else f"{actor.url or actor.uri}/tagged/{quote(row.tag)}"
    return FeaturedTag(
        id=str(row.id),
        name=row.name,
        url=page,
        statuses_count=str(row.posts_count),
        last_status_at=row.last_post_at.date().isoformat() if row.last_post_at else None,
    )


def tag(name: str, at: Place, *, following: bool, featuring: bool | UnsetType = UNSET) -> Tag:
    """Give a hashtag as clients read it; its name serves as its id, since it is nothing but a name."""
    return Tag(id=name, name=name, url=at.uris.tag(name), following=following, featuring=featuring)
