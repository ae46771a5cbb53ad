"""What each client's decoder insists on; one entity that fails takes the whole page with it.

Ice Cubes and the official iOS client are Codable, Tusky and Pachli are Moshi, the official Android client is
Gson with required fields (mastodon-api.md 3.2, 3.3): a field named here is present and not null.
"""

import re
from typing import Any

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.test_described import seed

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

ACCOUNT = [
    "id",
    "username",
    "acct",
    "url",
    "note",
    "avatar",
    "avatar_static",
    "header",
    "header_static",
    "display_name",
    "created_at",
    "fields",
    "locked",
    "emojis",
    "bot",
    "group",
    "roles",
    "followers_count",
    "following_count",
    "statuses_count",
]
STATUS = [
    "id",
    "uri",
    "content",
    "account",
    "created_at",
    "media_attachments",
    "mentions",
    "tags",
    "emojis",
    "visibility",
    "spoiler_text",
    "sensitive",
    "replies_count",
    "reblogs_count",
    "favourites_count",
    "favourited",
    "reblogged",
    "bookmarked",
    "muted",
    "filtered",
]
RELATIONSHIP = [
    "id",
    "following",
    "followed_by",
    "blocking",
    "muting",
    "muting_notifications",
    "requested",
    "showing_reblogs",
    "domain_blocking",
    "notifying",
    "endorsed",
    "note",
    "requested_by",
    "blocked_by",
]
NULL_BUT_PRESENT = (
    "reblog",
    "in_reply_to_id",
    "in_reply_to_account_id",
    "edited_at",
    "poll",
    "card",
    "language",
)


def everywhere(value: Any) -> list[dict[str, Any]]:
    """Give every object inside an answer."""
    if isinstance(value, list):
        return [found for item in value for found in everywhere(item)]
    if isinstance(value, dict):
        return [value, *(found for item in value.values() for found in everywhere(item))]
    return []


@pytest.fixture
async def answers(ada: Client, ben: Client, cai: Client) -> list[Any]:
    """Give one of every answer that holds accounts or statuses."""
    ids = await seed(ada, ben, cai)
    paths = (
        "accounts/verify_credentials",
        "accounts/{floods}/statuses",
        "timelines/home",
        "timelines/public",
        "notifications",
        "statuses/{status}/context",
        "statuses/{boost}",
        "follow_requests",
        "mutes",
    )
    return [await ada.get(f"/api/v1/{path.format(**ids)}") for path in paths]


def statuses(answers: list[Any]) -> list[dict[str, Any]]:
    found = [one for one in everywhere(answers) if "visibility" in one and "account" in one]
    assert any(one["reblog"] for one in found)
    return found


def accounts(answers: list[Any]) -> list[dict[str, Any]]:
    found = [one for one in everywhere(answers) if "acct" in one and "avatar" in one]
    assert {True, False} == {one["group"] for one in found}
    return found


def test_a_status_lacks_nothing(answers: list[Any]) -> None:
    for status in statuses(answers):
        assert [name for name in STATUS if status.get(name) is None] == []
        assert [name for name in NULL_BUT_PRESENT if name not in status] == []
        assert status["visibility"] in ("public", "unlisted", "private", "direct")
        assert "quote" not in status


def test_an_account_lacks_nothing(answers: list[Any]) -> None:
    for account in accounts(answers):
        assert [name for name in ACCOUNT if account.get(name) is None] == []
        for name in ("url", "uri", "avatar", "avatar_static", "header", "header_static"):
            assert account[name].startswith(("http://", "https://"))
        assert not account["avatar"].endswith(".svg")
        assert account["last_status_at"] is None or re.fullmatch(
            r"\d{4}-\d\d-\d\d", account["last_status_at"]
        )


def test_every_date_has_three_digits_and_a_z(answers: list[Any]) -> None:
    dates = [
        value
        for one in everywhere(answers)
        for name, value in one.items()
        if name.endswith("_at") and name != "last_status_at" and value is not None
    ]
    assert dates
    assert [date for date in dates if not DATE.fullmatch(date)] == []


def test_every_id_is_decimal_text(answers: list[Any]) -> None:
    ids = [
        value
        for one in everywhere(answers)
        for name, value in one.items()
        if (name == "id" or name.endswith("_id")) and value is not None
    ]
    assert ids
    assert [value for value in ids if not re.fullmatch(r"0|[1-9]\d*", value)] == []


def test_no_list_is_null_and_no_address_empty(answers: list[Any]) -> None:
    for one in everywhere(answers):
        for name in ("mentions", "tags", "emojis", "media_attachments", "fields", "roles", "filtered"):
            assert isinstance(one.get(name, []), list)
        for name, value in one.items():
            assert not (name.endswith("url") and value == "")


async def test_a_relationship_lacks_nothing(ada: Client) -> None:
    ben = await ada.get("/api/v1/accounts/lookup", acct="ben")
    row = (await ada.get("/api/v1/accounts/relationships", id=ben["id"]))[0]
    assert [name for name in RELATIONSHIP if row.get(name) is None] == []


async def test_ones_own_account_has_a_source_and_a_role(ada: Client) -> None:
    own = await ada.get("/api/v1/accounts/verify_credentials")
    assert {"note", "fields", "sensitive", "privacy"} <= own["source"].keys()
    assert own["source"]["note"] == ""
    assert own["role"]["permissions"].isdecimal()


def test_a_wrapper_repeats_what_is_inside(answers: list[Any]) -> None:
    for wrapper in (one for one in statuses(answers) if one["reblog"]):
        inner = wrapper["reblog"]
        own = {"id", "uri", "created_at", "account", "reblog"}
        assert {name: value for name, value in wrapper.items() if name not in own} == {
            name: value for name, value in inner.items() if name not in own
        }
        assert inner["reblog"] is None
