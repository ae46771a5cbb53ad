"""Instance, version 1 and 2: what a client asks before anybody has signed in.

``configuration`` is never left out: Elk and Ice Cubes do not sign in without it (mastodon-api.md 1.1).
"""

from typing import Any

import msgspec

import fedcop
from fedcop.config import Config
from fedcop.content import kinds
from fedcop.policy import polls

# A real Mastodon number first, since clients switch features by it; what is not kept here is not claimed.
# From 4 on there are grouped notifications, PKCE and standard Web Push, from 7 on clients write quotes
# (mastodon-api.md 1.3).
VERSION = f"4.5.0 (compatible; Fedcop {fedcop.__version__})"
API_VERSIONS = {"mastodon": 7}
SOURCE = "https://www.gnu.org/licenses/agpl-3.0.html"

MIME_TYPES = [
    *("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"),
    *(kind.media_type for kind in kinds.KINDS),
]
MOST_MEDIA = 4
MOST_TAGS = 10
MOST_PINS = 5
LINK_CHARACTERS = 23
FEEDS = ("live_feeds", "hashtag_feeds", "trending_link_feeds")


class Registrations(msgspec.Struct, kw_only=True):
    """Whether an account can be had by oneself."""

    enabled: bool
    approval_required: bool = False
    reason_required: bool = False
    message: str | None = None
    url: str | None = None


class Contact(msgspec.Struct, kw_only=True):
    """Whom to write to."""

    email: str
    account: Any = None


class Usage(msgspec.Struct, kw_only=True):
    """How many people used this node in the last month."""

    users: dict[str, int]


class Instance(msgspec.Struct, kw_only=True):
    """Version 2."""

    domain: str
    title: str
    version: str
    source_url: str
    description: str
    usage: Usage
    thumbnail: dict[str, Any]
    icon: list[dict[str, str]]
    languages: list[str]
    configuration: dict[str, Any]
    registrations: Registrations
    contact: Contact
    api_versions: dict[str, int]
    rules: list[Any] = []


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What version 1 counts."""

    user_count: int
    status_count: int
    domain_count: int


class V1Instance(msgspec.Struct, kw_only=True):
    """Version 1; ``uri`` is the bare domain, by which toot keeps its sign-ins apart."""

    uri: str
    title: str
    short_description: str
    description: str
    email: str
    version: str
    urls: dict[str, str]
    stats: Counts
    thumbnail: str
    languages: list[str]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    configuration: dict[str, Any]
    contact_account: Any = None
    rules: list[Any] = []


def instance(config: Config, origin: str, *, active: int, vapid_key: str) -> Instance:
    """Give version 2 for a client that dials ``origin``."""
    picture = f"{origin}/static/node.png"
    return Instance(
        domain=config.node.domain,
        title=config.node.name,
        version=VERSION,
        api_versions=API_VERSIONS,
        source_url=SOURCE,
        description=config.node.description,
        usage=Usage(users={"active_month": active}),
        thumbnail={"url": picture, "blurhash": None, "versions": {"@1x": picture, "@2x": picture}},
        icon=[{"src": picture, "size": "192x192"}],
        languages=list(config.node.languages),
        configuration={"urls": {"streaming": streaming(origin)}, **_configuration(config, vapid_key)},
        registrations=Registrations(enabled=config.sign_in.registration == "open"),
        contact=Contact(email=config.node.contact_email),
    )


def v1_instance(config: Config, origin: str, counts: Counts, *, vapid_key: str) -> V1Instance:
    """Give version 1 for a client that dials ``origin``."""
    return V1Instance(
        uri=config.node.domain,
        title=config.node.name,
        short_description=config.node.description,
        description=config.node.description,
        email=config.node.contact_email,
        version=VERSION,
        urls={"streaming_api": streaming(origin)},
        stats=counts,
        thumbnail=f"{origin}/static/node.png",
        languages=list(config.node.languages),
        registrations=config.sign_in.registration == "open",
        approval_required=False,
        invites_enabled=False,
        configuration=_configuration(config, vapid_key),
    )


def streaming(origin: str) -> str:
    """Give where streaming is served: the host of the API, since Ice Cubes keeps nothing but that."""
    return origin.replace("http", "ws", 1)


def _configuration(config: Config, vapid_key: str) -> dict[str, Any]:
    access = dict.fromkeys(("local", "remote"), "public" if config.client_api.anonymous else "authenticated")
    return {
        "accounts": {"max_featured_tags": MOST_TAGS, "max_pinned_statuses": MOST_PINS},
        "statuses": {
            "max_characters": config.limits.post_characters,
            "max_media_attachments": MOST_MEDIA,
            "characters_reserved_per_url": LINK_CHARACTERS,
        },
        "media_attachments": {
            "supported_mime_types": MIME_TYPES,
            "description_limit": 1500,
            "image_size_limit": config.media.max_bytes,
            "image_matrix_limit": config.media.max_pixels,
            "video_size_limit": config.media.max_bytes,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": {
            "max_options": polls.MOST_OPTIONS,
            "max_characters_per_option": polls.LONGEST_OPTION,
            "min_expiration": polls.SHORTEST,
            "max_expiration": polls.LONGEST,
        },
        "translation": {"enabled": False},
        "vapid": {"public_key": vapid_key},
        "limited_federation": config.federation.mode == "allowlist",
        "timelines_access": {feed: dict(access) for feed in FEEDS},
    }
