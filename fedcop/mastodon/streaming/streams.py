"""The streams that a client may ask for: names, parameters and scopes, as Mastodon has them."""

from collections.abc import Mapping

import msgspec

from fedcop.errors import Refusal
from fedcop.mastodon.methods.timelines import folded

PUBLIC = (
    "public",
    "public:media",
    "public:local",
    "public:local:media",
    "public:remote",
    "public:remote:media",
)
HASHTAGS = ("hashtag", "hashtag:local")
NAMES = frozenset({"user", "user:notification", "list", "direct", *PUBLIC, *HASHTAGS})

# The paths of server-sent events, and the stream that each gives.
PATHS = {
    "user": "user",
    "user/notification": "user:notification",
    "public": "public",
    "public/local": "public:local",
    "public/remote": "public:remote",
    "hashtag": "hashtag",
    "hashtag/local": "hashtag:local",
    "list": "list",
    "direct": "direct",
}


class Stream(msgspec.Struct, frozen=True):
    """One stream: its name, and the hashtag or the id of the list that it is of."""

    name: str
    of: str = ""

    @property
    def label(self) -> list[str]:
        """Give how frames name the stream: masto.js compares every part."""
        return [self.name, self.of] if self.of else [self.name]

    @property
    def scope(self) -> str:
        """Give the scope that whoever reads it needs."""
        return "read:notifications" if self.name == "user:notification" else "read:statuses"


class Unheard(Refusal):
    """There is no such stream: Mastodon answers 400 in these words."""


def stream_of(asked: Mapping[str, str]) -> Stream:
    """Give the stream that a query or a frame asks for; ``Unheard`` for one that there is not."""
    name = asked.get("stream", "")
    if name not in NAMES:
        raise Unheard("Unknown stream type")
    if name in HASHTAGS:
        return Stream(name, _needed(folded(asked.get("tag", "")), "Missing tag name parameter"))
    if name == "list":
        return Stream(name, _needed(asked.get("list", ""), "Missing list name parameter"))
    return Stream(name)


def _needed(text: str, fault: str) -> str:
    if not text:
        raise Unheard(fault)
    return text
