"""Account, CredentialAccount and Relationship.

A community is an Account with ``group: true``; what a client may not miss stands in mastodon-api.md 3.3.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from fedcop.mastodon import answer
from fedcop.mastodon.entities.place import Place
from storage import actors
from storage.accounts import Account as SignIn
from storage.actors import Actor, Shown, Tabs
from storage.follows import Relationship as Row

# Who is findable by whom from "allowed nodes" upward (decision 12).
DISCOVERABLE = frozenset({"nodes", "public"})

_ALL_TABS = Tabs()

# An audience, and the word that clients have for it.
VISIBILITY = {
    "public": "public",
    "unlisted": "unlisted",
    "followers": "private",
    "members": "private",
    "direct": "direct",
}


class Field(msgspec.Struct, kw_only=True):
    """One line of a profile."""

    name: str
    value: str
    verified_at: str | None = None


class Account(msgspec.Struct, kw_only=True):
    """A person, a community or a service, as clients read it."""

    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    bot: bool
    group: bool
    discoverable: bool
    indexable: bool
    created_at: str
    note: str
    url: str
    uri: str
    avatar: str
    avatar_static: str
    avatar_description: str
    header: str
    header_static: str
    header_description: str
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None
    hide_collections: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    emojis: list[str] = []
    roles: list[str] = []
    fields: list[Field]
    suspended: bool | UnsetType = UNSET
    mute_expires_at: str | UnsetType | None = UNSET


class Source(msgspec.Struct, kw_only=True):
    """What a person typed for their profile, and their defaults for writing."""

    privacy: str
    sensitive: bool
    language: str | None
    note: str
    fields: list[Field]
    follow_requests_count: int
    hide_collections: bool
    discoverable: bool
    indexable: bool
    quote_policy: str
    attribution_domains: list[str]


class Role(msgspec.Struct, kw_only=True):
    """What a person may do beside writing; ``permissions`` is a bit mask in decimal text."""

    id: str
    name: str
    color: str = ""
    permissions: str = "0"
    highlighted: bool = False


class CredentialAccount(Account, kw_only=True):
    """One's own account."""

    source: Source
    role: Role


class Relationship(msgspec.Struct, kw_only=True):
    """How a person stands to another account."""

    id: str
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: list[str] | None = None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: str | None
    requested: bool
    requested_by: bool
    domain_blocking: bool
    endorsed: bool
    note: str


def account(actor: Shown, at: Place) -> Account:
    """Give an actor as clients read it."""
    held: Account | None = at.accounts.get(actor.id)
    if held is None:
        held = at.accounts[actor.id] = Account(**_shown(actor, at))
    return held


def accounts(rows: Iterable[Shown], at: Place) -> list[Account]:
    """Give actors in their order."""
    return [account(row, at) for row in rows]


def muted(actor: Actor, until: datetime | None, at: Place) -> Account:
    """Give an account with the moment at which its mute ends."""
    return Account(**_shown(actor, at), mute_expires_at=answer.time_if(until))


def credential(actor: Actor, sign_in: SignIn, requests: int, at: Place) -> CredentialAccount:
    """Give a person their own account, ``requests`` being how many wait for their decision."""
    shown = _shown(actor, at)
    return CredentialAccount(
        **shown,
        source=Source(
            privacy=VISIBILITY[sign_in.audience],
            sensitive=sign_in.sensitive,
            language=sign_in.language,
            note=actor.summary_source,
            fields=[Field(name=line.name, value=line.value) for line in actors.fields_of(actor)],
            follow_requests_count=requests,
            hide_collections=actor.hides_follows,
            discoverable=actor.findable in DISCOVERABLE,
            indexable=actor.indexable,
            quote_policy=sign_in.quote_policy,
            attribution_domains=actors.sites_of(actor),
        ),
        role=Role(id="1", name="Admin") if sign_in.admin else Role(id="0", name=""),
    )


def relationship(row: Row) -> Relationship:
    """Give how the person who asks stands to an account."""
    return Relationship(
        id=str(row.actor_id),
        following=row.following,
        showing_reblogs=row.showing_reblogs,
        notifying=row.notifying,
        followed_by=row.followed_by,
        blocking=row.blocking,
        blocked_by=row.blocked_by,
        muting=row.muting,
        muting_notifications=row.muting_notifications,
        muting_expires_at=answer.time_if(row.mute_until),
        requested=row.requested,
        requested_by=row.requested_by,
        domain_blocking=row.host_muted,
        endorsed=row.endorsed,
        note=row.remark,
    )


def acct(handle: str, domain: str, at: Place) -> str:
    """Give a handle as clients write it: bare for our own."""
    return handle if domain == at.uris.domain else f"{handle}@{domain}"


def _shown(actor: Shown, at: Place) -> dict[str, Any]:
    if not actor.whole:
        actor = _card(actor)
    # Clients want a picture they can decode: never "" and never SVG (GoToSocial#799, #1629).
    avatar = at.pictures.of_actor(actor, "icon") or at.missing("avatars")
    header = at.pictures.of_actor(actor, "image") or at.missing("headers")
    tabs = _ALL_TABS if actor.tabs == "{}" else actors.tabs_of(actor)
    return {
        "id": str(actor.id),
        "username": actor.handle,
        "acct": acct(actor.handle, actor.domain, at),
        "display_name": actor.display_name,
        "locked": actor.approves or actor.id in at.caller.gated,
        "bot": actor.bot,
        "group": actor.type == "Group",
        "discoverable": actor.findable in DISCOVERABLE,
        "indexable": actor.indexable,
        "created_at": answer.time(actor.created_at),
        "note": actor.summary,
        "url": actor.url or actor.uri,
        "uri": actor.uri,
        "avatar": avatar,
        "avatar_static": avatar,
        "avatar_description": actor.icon_text,
        "header": header,
        "header_static": header,
        "header_description": actor.image_text,
        "followers_count": actor.followers_count,
        "following_count": actor.following_count,
        "statuses_count": actor.posts_count,
        "last_status_at": actor.last_post_at and actor.last_post_at.date().isoformat(),
        "hide_collections": actor.hides_follows,
        "show_media": tabs.media,
        "show_media_replies": tabs.media_replies,
        "show_featured": tabs.featured,
        "fields": _fields(actor),
        "suspended": UNSET if actor.state == "active" else True,
    }


def _card(actor: Shown) -> Shown:
    """Give an actor as whoever may not read their profile sees them: by name, and not what they are like."""
    return msgspec.structs.replace(
        actor, summary="", fields="[]", icon=None, icon_text="", image=None, image_text="", findable="hidden"
    )


def _fields(actor: Shown) -> list[Field]:
    if actor.fields == "[]":
        return []
    return [Field(name=line.name, value=line.value) for line in actors.fields_of(actor)]
