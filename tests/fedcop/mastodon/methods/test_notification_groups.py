"""Notifications of several people about one thing, told as one."""

from datetime import timedelta
from typing import Any

import pytest

from fedcop.clock import SetClock
from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id

PATH = "/api/v2/notifications"


async def liked(ada: Client, *others: Client) -> Any:
    made = await ada.write("Hello")
    for client in others:
        await client.post(f"/api/v1/statuses/{made['id']}/favourite")
    return made


async def test_likes_of_one_post_are_one(ada: Client, ben: Client, cai: Client) -> None:
    made = await liked(ada, ben, cai)
    await ben.write("@ada hello")
    result = await ada.get(PATH)
    mention, likes = result["notification_groups"]
    assert (mention["type"], mention["group_key"]) == ("mention", f"ungrouped-{mention['page_max_id']}")
    assert (likes["type"], likes["notifications_count"], likes["status_id"]) == ("favourite", 2, made["id"])
    assert likes["most_recent_notification_id"] == int(likes["page_max_id"]) > int(likes["page_min_id"])
    ids = {one["acct"]: one["id"] for one in result["accounts"]}
    assert likes["sample_account_ids"] == [ids["cai"], ids["ben"]]
    assert {one["id"] for one in result["statuses"]} == {made["id"], mention["status_id"]}
    assert await ada.get(f"{PATH}/unread_count") == {"count": 2}


async def test_a_client_says_which_kinds_it_wants_grouped(ada: Client, ben: Client, cai: Client) -> None:
    await liked(ada, ben, cai)
    result = await ada.get(PATH, **{"grouped_types[]": "follow"})
    assert [one["notifications_count"] for one in result["notification_groups"]] == [1, 1]


async def test_yesterdays_likes_are_others(ada: Client, ben: Client, cai: Client, clock: SetClock) -> None:
    made = await liked(ada, ben)
    clock.move(timedelta(hours=12))
    await cai.post(f"/api/v1/statuses/{made['id']}/favourite")
    assert len((await ada.get(PATH))["notification_groups"]) == 2


async def test_a_group_is_asked_for_and_dismissed_by_its_key(ada: Client, ben: Client, cai: Client) -> None:
    await liked(ada, ben, cai)
    for client in (ben, cai):
        await client.post(f"/api/v1/accounts/{await account_id(client, 'ada')}/follow")
    follows, likes = (await ada.get(PATH))["notification_groups"]
    for group, count in ((follows, 2), (likes, 2)):
        path = f"{PATH}/{group['group_key']}"
        assert (await ada.get(path))["notification_groups"] == [group]
        assert len(await ada.get(f"{path}/accounts")) == count
    path = f"{PATH}/{likes['group_key']}"
    assert (await ben.refused("GET", path))[0] == 404
    assert (await ben.refused("GET", f"{path}/accounts"))[0] == 404
    assert await ada.post(f"{path}/dismiss") == {}
    assert [one["type"] for one in (await ada.get(PATH))["notification_groups"]] == ["follow"]


@pytest.mark.parametrize("key", ["ungrouped-", "favourite-x-1", "mention-1-2", "policy-", "ungrouped-1"])
async def test_what_is_no_key_names_nothing(ada: Client, key: str) -> None:
    assert (await ada.refused("GET", f"{PATH}/{key}"))[0] == 404


async def test_pages_of_groups_join_up(ada: Client, ben: Client, cai: Client) -> None:
    for _ in range(3):
        await liked(ada, ben, cai)
    seen: list[str] = []
    address = f"{PATH}?limit=1"
    for _ in range(3):
        response = await ada.ask("GET", address)
        seen += [one["group_key"] for one in response.json()["notification_groups"]]
        address = response.links["next"]["url"]
    assert len(set(seen)) == 3
    newest = (await ada.get(PATH))["notification_groups"]
    assert seen == [one["group_key"] for one in newest]
    above = await ada.get(PATH, min_id=newest[2]["page_max_id"], limit=1)
    assert [one["group_key"] for one in above["notification_groups"]] == [newest[1]["group_key"]]
