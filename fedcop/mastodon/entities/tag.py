"""Tag."""

import msgspec

from fedcop.mastodon.entities.place import Place


class Tag(msgspec.Struct, kw_only=True):
    """A hashtag, and whether the person who asks follows it."""

    id: str
    name: str
    url: str
    history: list[str] = []
    following: bool


def tag(name: str, at: Place, *, following: bool) -> Tag:
    """Give a hashtag as clients read it; its name serves as its id, since it is nothing but a name."""
    return Tag(id=name, name=name, url=at.uris.tag(name), following=following)
