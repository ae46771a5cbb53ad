"""Every kind of entity, in answers and in streams, holds what each client's decoder insists on.

The sets are those of mastodon-api.md 3.2 and 3.3, read from the sources of the clients: a name that is
missing or null makes the whole page fail. ``a.b`` is a name in a table; of a list each item is looked at.
"""

from typing import Any

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_push import form as push_form
from tests.fedcop.mastodon.streaming.conftest import Dial, Wire, dial, port
from tests.fedcop.mastodon.test_schema import seed
from tests.support import pictures

__all__ = ("dial", "port")  # fixtures

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
    "MediaAttachment": "id type url preview_url",
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

# By which names an entity is known when it stands inside another one.
_MARKS = (
    ("Status", {"content", "visibility", "account", "reblog"}),
    ("Account", {"acct", "avatar", "display_name"}),
    ("MediaAttachment", {"preview_url", "meta", "type"}),
    ("Poll", {"options", "votes_count", "expired"}),
    ("NotificationGroup", {"group_key", "sample_account_ids"}),
    ("Notification", {"type", "group_key", "account"}),
)

PATHS = {
    "CredentialAccount": "v1/accounts/verify_credentials",
    "Relationship": "v1/accounts/relationships?id[]={ben}&id[]={floods}",
    "FamiliarFollowers": "v1/accounts/familiar_followers?id[]={floods}",
    "FeaturedTag": "v1/featured_tags",
    "Tag": "v1/followed_tags",
    "Preferences": "v1/preferences",
    "Instance": "v2/instance",
    "V1Instance": "v1/instance",
    "Search": "v2/search?q=ben",
    "List": "v1/lists",
    "Filter": "v2/filters",
    "Conversation": "v1/conversations",
    "StatusSource": "v1/statuses/{status}/source",
    "StatusEdit": "v1/statuses/{status}/history",
    "ScheduledStatus": "v1/scheduled_statuses",
    "WebPushSubscription": "v1/push/subscription",
}
PAGES = (
    "v1/timelines/home",
    "v1/timelines/public",
    "v1/timelines/direct",
    "v1/accounts/{floods}/statuses",
    "v1/statuses/{status}/context",
    "v1/notifications",
    "v2/notifications",
    "v1/favourites",
    "v1/follow_requests",
    "v1/mutes",
    "v1/directory",
)


async def more(ada: Client, ben: Client, ids: dict[str, str]) -> None:
    """Let there be one of each kind that ``seed`` does not make."""
    picture = {"file": ("a.png", pictures.png(40, 30), "image/png")}
    media = (await ada.ask("POST", "/api/v2/media", files=picture)).json()
    await ada.write("Look", media_ids=[media["id"]])
    await ben.write("Which?", poll={"options": ["a", "b"], "expires_in": 3600})
    await ada.write("@ben hush", visibility="direct")
    await ada.write("later", scheduled_at="2030-01-01T12:00:00.000Z")
    await ada.post("/api/v1/lists", title="Pumps")
    keyword = {"keyword": "rain", "whole_word": True}
    await ada.post("/api/v2/filters", title="Rain", context=["home"], keywords_attributes=[keyword])
    await ada.post("/api/v1/featured_tags", name="kent")
    await ada.post("/api/v1/push/subscription", **push_form())
    await ada.post(f"/api/v1/accounts/{ids['ben']}/follow")


def sort_in(found: dict[str, list[Any]], value: Any) -> None:
    """Sort each entity that stands in an answer in under its name."""
    if isinstance(value, list):
        for item in value:
            sort_in(found, item)
    elif isinstance(value, dict):
        kind = next((name for name, marks in _MARKS if marks <= value.keys()), None)
        if kind is not None:
            found.setdefault(kind, []).append(value)
        found.setdefault("Mention", []).extend(value.get("mentions", ()))
        sort_in(found, list(value.values()))


async def produced(ada: Client, ben: Client, cai: Client) -> dict[str, list[Any]]:
    """Give all the entities of a node where a little of everything happened, by kind."""
    ids = await seed(ada, ben, cai)
    await more(ada, ben, ids)
    found: dict[str, list[Any]] = {}
    for kind, path in PATHS.items():
        value = await ada.get(f"/api/{path.format(**ids)}")
        found[kind] = value if isinstance(value, list) else [value]
        sort_in(found, value)
    for path in PAGES:
        sort_in(found, await ada.get(f"/api/{path.format(**ids)}"))
    found["Suggestion"] = await ben.get("/api/v2/suggestions")
    found["Report"] = [await ada.post("/api/v1/reports", account_id=ids["ben"])]
    found["Marker"] = list((await ada.get("/api/v1/markers")).values())
    return found


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


@pytest.mark.parametrize("client", CLIENTS)
async def test_no_entity_lacks_what_a_client_insists_on(
    ada: Client, ben: Client, cai: Client, client: str
) -> None:
    found = await produced(ada, ben, cai)
    wrong = {
        kind: absent
        for kind, names in CLIENTS[client].items()
        for entity in found.get(kind, [])
        if (absent := lacking(entity, names))
    }
    assert wrong == {}
    assert [kind for kind in CLIENTS[client] if not found.get(kind)] == []


async def test_numbers_are_numbers_where_a_client_reads_numbers(
    ada: Client, ben: Client, cai: Client
) -> None:
    found = await produced(ada, ben, cai)
    assert all(type(one["most_recent_notification_id"]) is int for one in found["NotificationGroup"])
    assert all(type(one["id"]) is int for one in found["WebPushSubscription"])
    assert all(type(one["statuses_count"]) is str for one in found["FeaturedTag"])
    assert all(one["accounts"] for one in found["Conversation"])
    assert all("status" in one for one in found["Notification"] if one["type"] in ("mention", "favourite"))
    for status in found["Status"]:
        assert {"reblog", "in_reply_to_id", "edited_at"} <= status.keys()


async def test_what_is_streamed_lacks_nothing_either(
    dial: Dial, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    async with dial(f"?access_token={secrets['ben']}") as connection:
        wire = Wire(connection)
        for stream in ("user", "direct"):
            await wire.subscribe(stream)
        await ada.post(f"/api/v1/accounts/{(await ben.write('hello'))['account']['id']}/follow")
        await ada.write("@ben hush", visibility="direct")
        told = await wire.events(4)
    kinds = {event for _, event, _ in told}
    assert {"update", "notification", "conversation"} <= kinds
    found: dict[str, list[Any]] = {"Conversation": [one for _, event, one in told if event == "conversation"]}
    sort_in(found, [one for _, _, one in told])
    for sets in CLIENTS.values():
        wrong = {
            kind: absent
            for kind, names in sets.items()
            for entity in found.get(kind, [])
            if (absent := lacking(entity, names))
        }
        assert wrong == {}


def test_what_is_missing_is_seen() -> None:
    assert lacking({"id": "1", "source": {"note": None}}, "id source.note source.fields acct") == [
        "source.note",
        "source.fields",
        "acct",
    ]
