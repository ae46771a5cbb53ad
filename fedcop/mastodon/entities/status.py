"""Status, its context, source and history.

Rules that hold in this file (mastodon-api.md 3.3 and 4.3)
  1. An announce or boost is a wrapper: id, account, uri and time are its own, everything else is that of the
     inner status, which has an explicit ``reblog: null``.
  2. A Page's text is its title, its body and its link: clients know no titles, and a content warning would
     hide the post.
  3. Members-only and followers-only are both ``private``: clients refuse a word they do not know.
"""

import html
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from fedcop.mastodon import answer
from fedcop.mastodon.entities.account import VISIBILITY, Account, account, acct
from fedcop.mastodon.entities.attachment import MediaAttachment, attachment
from fedcop.mastodon.entities.place import Place
from storage.posts import Revision
from storage.views import PostView


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
    media_attachments: list[MediaAttachment]
    mentions: list[Mention]
    tags: list[TagLink]
    emojis: list[str] = []
    card: None = None
    poll: None = None
    application: Application | None
    favourited: bool | UnsetType
    reblogged: bool | UnsetType
    muted: bool | UnsetType
    bookmarked: bool | UnsetType
    pinned: bool | UnsetType
    filtered: list[str] | UnsetType
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
