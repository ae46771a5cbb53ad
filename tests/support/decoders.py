"""What the decoder of each client insists on, and what of it an entity lacks.

The sets are those of mastodon-api.md 3.2 and 3.3, read from the sources of the clients: a name that is
missing or null makes the whole page fail. ``a.b`` is a name in a table; of a list each item is looked at.
"""

import re
from collections.abc import Iterator
from typing import Any

Sets = dict[str, str]

COUNTS = "replies_count reblogs_count favourites_count"
ICE_CUBES: Sets = {
    "Account": "id username acct note created_at avatar header fields locked emojis bot",
    "Status": f"id content account created_at media_attachments mentions {COUNTS} emojis visibility "
    "spoiler_text sensitive tags",
    "CredentialAccount": "source.note source.fields source.sensitive",
    "Instance": "title domain version registrations.enabled thumbnail.url contact.email configuration.polls "
    "configuration.statuses rules",
    "NotificationGroup": "group_key notifications_count type most_recent_notification_id sample_account_ids",
    "WebPushSubscription": "id endpoint server_key alerts",
    "List": "id title replies_policy exclusive",
    "Filter": "id title context filter_action keywords",
    "Conversation": "id unread accounts",
    "StatusEdit": "content account created_at emojis",
}
TUSKY: Sets = {
    "Account": "id username acct url avatar note bot emojis fields roles",
    "Status": "id account content created_at visibility spoiler_text sensitive media_attachments mentions "
    "emojis tags favourited reblogged bookmarked muted",
    "Relationship": "id following followed_by blocking muting muting_notifications requested showing_reblogs "
    "domain_blocking",
    "MediaAttachment": "id type url",
    "Poll": "id expired multiple votes_count options own_votes voted",
    "Instance": "domain version",
    "V1Instance": "uri title version",
    "Search": "accounts statuses hashtags",
    "Notification": "id type account created_at",
    "Tag": "name url",
    "ScheduledStatus": "id scheduled_at params.text media_attachments",
    "List": "id title",
    "Conversation": "id accounts unread",
}
ANDROID: Sets = {
    "Account": "id username acct url display_name note avatar header created_at",
    "Status": "id uri created_at account visibility spoiler_text media_attachments mentions tags emojis",
    "CredentialAccount": "source.note source.fields",
    "MediaAttachment": "id type url",
    "Poll": "id options own_votes",
    "Mention": "id username acct url",
    "Instance": "domain registrations title version",
    "V1Instance": "uri email title description version",
    "Notification": "id type created_at account",
    "NotificationGroup": "group_key type most_recent_notification_id sample_account_ids",
    "Relationship": "id",
    "Filter": "id title context filter_action",
    "Report": "id category target_account",
    "Marker": "last_read_id updated_at version",
}
ELK: Sets = {
    "Account": "id acct url display_name note avatar emojis fields",
    "Status": f"id account content {COUNTS} visibility media_attachments mentions tags emojis",
    "Instance": "configuration.urls.streaming configuration.statuses.max_characters "
    "configuration.media_attachments configuration.vapid.public_key",
    "Marker": "last_read_id",
    "Poll": "id options voted own_votes",
    "Notification": "id type created_at account",
    "WebPushSubscription": "id endpoint alerts server_key",
    "StatusEdit": "content created_at account",
    "List": "id title",
}
PHANPY: Sets = {
    "Account": "id username acct url display_name avatar avatar_static emojis fields bot group",
    "Status": f"id account content created_at visibility {COUNTS} media_attachments mentions tags emojis",
    "CredentialAccount": "source.note source.privacy source.fields",
    "Preferences": "posting:default:visibility",
    "Poll": "id options votes_count own_votes emojis",
    "Notification": "id type account created_at",
    "NotificationGroup": "group_key type notifications_count sample_account_ids",
    "StatusSource": "id text spoiler_text",
    "Filter": "id title context keywords statuses",
    "FamiliarFollowers": "id accounts",
    "Suggestion": "account sources",
    "FeaturedTag": "id name url statuses_count",
    "ScheduledStatus": "id scheduled_at params",
    "Search": "accounts statuses hashtags",
}
CLIENTS = {"Ice Cubes": ICE_CUBES, "Tusky": TUSKY, "Android": ANDROID, "Elk": ELK, "Phanpy": PHANPY}


# What an answer says only of somebody who is signed in; these clients show nobody else a status.
OWN = {"favourited", "reblogged", "bookmarked", "muted"}
# What an entity is also, or is called in the description.
ALSO = {"CredentialAccount": "Account", "MutedAccount": "Account", "StatusMention": "Mention"}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DAYS = {"last_status_at"}


def refused(kind: str, entity: Any, *, signed_in: bool = True) -> list[str]:
    """Give what clients would not read of an entity, each with the client and the names."""
    kinds = {kind, ALSO.get(kind, kind)}
    found = [
        f"{client} wants {name} of {one}"
        for client, sets in CLIENTS.items()
        for one in kinds
        for name in lacking(entity, sets.get(one, ""))
        if signed_in or name not in OWN
    ]
    return found + [f"{kind}: {fault}" for fault in misshapen(entity)]


def misshapen(entity: dict[str, Any]) -> Iterator[str]:
    """Give what is wrong with dates and addresses: Swift reads one shape of date, and "" is no address."""
    for name, value in entity.items():
        if name.endswith("_at") and name not in DAYS and isinstance(value, str) and not DATE.fullmatch(value):
            yield f"{name} is {value}"
        if name.endswith("url") and value == "":
            yield f"{name} is empty"


def lacking(entity: Any, names: str) -> list[str]:
    """Give the names that are missing or null."""
    absent = []
    for name in names.split():
        value = entity
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            absent.append(name)
    return absent
