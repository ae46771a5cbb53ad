"""A person's policy and what waits to be looked through, as clients use them."""

from typing import Any

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id

V1, V2 = "/api/v1/notifications", "/api/v2/notifications"


async def strict(client: Client) -> Any:
    return (await client.ask("PATCH", f"{V2}/policy", json={"for_not_following": "filter"})).json()


async def test_a_policy_is_said_and_kept(ada: Client, ben: Client) -> None:
    before = await ada.get(f"{V2}/policy")
    assert before.pop("summary") == {"pending_requests_count": 0, "pending_notifications_count": 0}
    assert set(before.values()) == {"accept"}
    assert (await strict(ada))["for_not_following"] == "filter"
    changed = (await ada.ask("PUT", f"{V2}/policy", data={"for_new_accounts": "drop"})).json()
    assert (changed["for_not_following"], changed["for_new_accounts"]) == ("filter", "drop")
    assert (await ben.get(f"{V2}/policy"))["for_not_following"] == "accept"
    assert (await ada.refused("PATCH", f"{V2}/policy", json={"for_new_accounts": "hide"}))[0] == 422


async def test_version_1_says_the_same_with_fewer_words(ada: Client) -> None:
    changed = (await ada.ask("PATCH", f"{V1}/policy", json={"filter_not_following": True})).json()
    assert (changed["filter_not_following"], changed["filter_new_accounts"]) == (True, False)
    assert (await ada.get(f"{V1}/policy"))["filter_not_following"] is True
    assert (await ada.get(f"{V2}/policy"))["for_not_following"] == "filter"


async def test_what_waits_is_accepted_or_dismissed(ada: Client, ben: Client, cai: Client) -> None:
    await strict(ada)
    made = await ada.write("Hello")
    await ben.post(f"/api/v1/statuses/{made['id']}/favourite")
    await cai.post(f"/api/v1/accounts/{await account_id(cai, 'ada')}/follow")
    assert await ada.get(V1) == []
    assert len(await ada.get(V1, include_filtered="true")) == 2
    waiting = await ada.get(f"{V1}/requests")
    assert [(one["account"]["acct"], one["notifications_count"]) for one in waiting] == [
        ("cai", "1"),
        ("ben", "1"),
    ]
    assert waiting[1]["last_status"]["id"] == made["id"]
    assert (await ada.get(f"{V2}/policy"))["summary"] == {
        "pending_requests_count": 2,
        "pending_notifications_count": 2,
    }
    by_ben = f"{V1}/requests/{waiting[1]['id']}"
    assert await ada.get(by_ben) == waiting[1]
    assert len(await ada.get(V1, account_id=waiting[1]["id"])) == 1
    assert await ada.post(f"{by_ben}/accept") == {}
    assert [one["type"] for one in await ada.get(V1)] == ["favourite"]
    assert (await ada.refused("GET", by_ben))[0] == 404
    assert await ada.post(f"{V1}/requests/dismiss", id=[waiting[0]["id"]]) == {}
    assert await ada.get(f"{V1}/requests") == []
    assert await ada.get(f"{V1}/requests/merged") == {"merged": True}


@pytest.mark.parametrize("verb", ["accept", "dismiss"])
async def test_there_is_nothing_to_decide_of_whom_one_has_not_heard(ada: Client, verb: str) -> None:
    assert (await ada.refused("POST", f"{V1}/requests/1/{verb}"))[0] == 404


async def test_what_waits_comes_in_pages(ada: Client, ben: Client, cai: Client) -> None:
    await strict(ada)
    for client in (ben, cai):
        await client.post(f"/api/v1/accounts/{await account_id(client, 'ada')}/follow")
    response = await ada.ask("GET", f"{V1}/requests", params={"limit": 1})
    assert [one["account"]["acct"] for one in response.json()] == ["cai"]
    following = (await ada.ask("GET", response.links["next"]["url"])).json()
    assert [one["account"]["acct"] for one in following] == ["ben"]
