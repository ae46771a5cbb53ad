"""Every answer holds against the published description of the client API."""

from typing import Any

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.schema import faults

ANSWERS = (
    ("/api/v1/accounts/verify_credentials", "CredentialAccount"),
    ("/api/v1/accounts/lookup?acct=ben", "Account"),
    ("/api/v1/accounts/lookup?acct=floods", "Account"),
    ("/api/v1/accounts/{floods}/statuses", "Status"),
    ("/api/v1/accounts/{ada}/followers", "Account"),
    ("/api/v1/accounts/search?q=be", "Account"),
    ("/api/v1/accounts/relationships?id[]={ben}&id[]={floods}", "Relationship"),
    ("/api/v1/accounts/familiar_followers?id[]={ben}", "FamiliarFollowers"),
    ("/api/v1/follow_requests", "Account"),
    ("/api/v1/mutes", "MutedAccount"),
    ("/api/v1/statuses/{status}", "Status"),
    ("/api/v1/statuses/{boost}", "Status"),
    ("/api/v1/statuses/{status}/context", "Context"),
    ("/api/v1/statuses/{status}/source", "StatusSource"),
    ("/api/v1/statuses/{status}/history", "StatusEdit"),
    ("/api/v1/timelines/home", "Status"),
    ("/api/v1/timelines/public", "Status"),
    ("/api/v1/favourites", "Status"),
    ("/api/v1/notifications", "Notification"),
    ("/api/v1/notifications/policy", "NotificationPolicy"),
    ("/api/v1/preferences", "Preferences"),
    ("/api/v1/tags/kent", "Tag"),
    ("/api/v1/followed_tags", "Tag"),
    ("/api/v2/search?q=kent", "Search"),
    ("/api/v1/instance", "V1Instance"),
    ("/api/v2/instance", "Instance"),
)


async def seed(ada: Client, ben: Client, cai: Client) -> dict[str, str]:
    """Let a little of everything happen, and give the ids that came of it."""
    ids = {
        name: (await ada.get("/api/v1/accounts/lookup", acct=name))["id"]
        for name in ("ada", "ben", "cai", "floods", "trees")
    }
    await ben.post(f"/api/v1/accounts/{ids['ada']}/follow")
    await ben.post(f"/api/v1/accounts/{ids['trees']}/follow")
    await ada.post(f"/api/v1/accounts/{ids['cai']}/mute", duration=60)
    made = await ada.write("@floods Sandbags for #kent\n\nAsk @ben")
    await ada.ask(
        "PUT", f"/api/v1/statuses/{made['id']}", json={"status": "@floods Sandbags for #Kent, @ben"}
    )
    await ben.write("@ada good", in_reply_to_id=made["id"], spoiler_text="Rain")
    ids["status"] = made["id"]
    ids["boost"] = (await ben.post(f"/api/v1/statuses/{made['id']}/reblog"))["id"]
    await ben.post(f"/api/v1/statuses/{made['id']}/favourite")
    await ada.post(f"/api/v1/statuses/{made['id']}/favourite")
    await ada.post("/api/v1/tags/kent/follow")
    return ids


async def test_every_answer_is_as_described(ada: Client, ben: Client, cai: Client) -> None:
    ids = await seed(ada, ben, cai)
    wrong: dict[str, Any] = {}
    for path, entity in ANSWERS:
        value = await ada.get(path.format(**ids))
        assert value != [], path
        if found := faults(entity, value):
            wrong[path] = found
    markers = await ada.get("/api/v1/markers")
    wrong |= {name: found for name, marker in markers.items() if (found := faults("Marker", marker))}
    assert wrong == {}


async def test_a_report_is_as_described(ada: Client) -> None:
    ben = await ada.get("/api/v1/accounts/lookup", acct="ben")
    assert faults("Report", await ada.post("/api/v1/reports", account_id=ben["id"])) == []


@pytest.mark.parametrize(
    ("entity", "value"), [("Marker", {"last_read_id": 1}), ("Relationship", {"id": "1"}), ("Account", {})]
)
def test_the_comparison_finds_faults(entity: str, value: dict[str, Any]) -> None:
    assert faults(entity, value) != []
