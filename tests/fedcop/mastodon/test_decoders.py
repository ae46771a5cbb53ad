"""Every kind of entity, in answers and in streams, holds what each client's decoder insists on.

Here one of each kind is looked at for certain; what any other test is answered is looked at by ``Described``.
"""

from typing import Any

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_push import form as push_form
from tests.fedcop.mastodon.streaming.conftest import Dial, Wire, dial, port
from tests.fedcop.mastodon.test_described import seed
from tests.support import pictures
from tests.support.decoders import CLIENTS, lacking, misshapen, refused
from tests.support.described import ensured, entities

__all__ = ("dial", "port")  # fixtures

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


def test_what_a_client_would_not_read_is_named() -> None:
    half = {"id": "1", "options": [], "votes_count": 0, "emojis": [], "own_votes": None, "voted": False}
    assert refused("Poll", half) == [
        "Tusky wants expired of Poll",
        "Tusky wants multiple of Poll",
        "Tusky wants own_votes of Poll",
        "Android wants own_votes of Poll",
        "Elk wants own_votes of Poll",
        "Phanpy wants own_votes of Poll",
    ]
    assert refused("StatusMention", {"id": "1", "username": "ben", "acct": "ben"}) == [
        "Android wants url of Mention"
    ]
    moment = {"last_read_id": "1", "version": 1, "updated_at": "2026-03-02T13:00:00Z"}
    assert refused("Marker", moment) == ["Marker: updated_at is 2026-03-02T13:00:00Z"]
    assert list(misshapen({"avatar_url": "", "url": None, "last_status_at": "2026-03-02"})) == [
        "avatar_url is empty"
    ]


def test_what_only_somebody_who_is_signed_in_is_told_is_asked_of_nobody_else() -> None:
    for name in ("favourited", "reblogged", "bookmarked", "muted"):
        assert f"Tusky wants {name} of Status" in refused("Status", {})
        assert f"Tusky wants {name} of Status" not in refused("Status", {}, signed_in=False)


async def test_each_entity_inside_an_answer_is_found(ada: Client, ben: Client, cai: Client) -> None:
    await seed(ada, ben, cai)
    schema = {"type": "array", "items": {"$ref": "#/components/schemas/Status"}}
    ensured()
    found = [kind for kind, _ in entities(await ada.get("/api/v1/timelines/home"), schema)]
    assert {"Status", "Account", "StatusMention", "StatusTag"} <= set(found)
    posted = await ada.write("Hello")
    either = {"oneOf": [{"$ref": f"#/components/schemas/{one}"} for one in ("Status", "ScheduledStatus")]}
    assert next(entities(posted, either)) == ("Status", posted)
    assert "ScheduledStatus" not in [kind for kind, _ in entities(posted, either)]
