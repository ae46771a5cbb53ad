"""What a person is told."""

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id

PATH = "/api/v1/notifications"


async def seed(ada: Client, ben: Client) -> str:
    """Let Ben follow Ada, mention her, like and boost her, and give the id of her status."""
    made = await ada.write("Hello")
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'ada')}/follow")
    await ben.write("@ada good morning")
    await ben.post(f"/api/v1/statuses/{made['id']}/favourite")
    await ben.post(f"/api/v1/statuses/{made['id']}/reblog")
    status_id: str = made["id"]
    return status_id


async def test_each_thing_is_told_once_with_who_and_what(ada: Client, ben: Client) -> None:
    status_id = await seed(ada, ben)
    told = await ada.get(PATH)
    assert [one["type"] for one in told] == ["reblog", "favourite", "mention", "follow"]
    assert {one["account"]["acct"] for one in told} == {"ben"}
    assert told[0]["status"]["id"] == told[1]["status"]["id"] == status_id
    assert "status" not in told[3]
    assert told[0]["group_key"] == f"ungrouped-{told[0]['id']}"
    assert int(told[0]["id"]) < 2**53
    assert await ben.get(PATH) == []


async def test_a_request_to_join_is_told_to_the_facilitator(ada: Client, ben: Client) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'trees')}/follow")
    assert [(one["type"], one["account"]["acct"]) for one in await ada.get(PATH)] == [
        ("follow_request", "ben")
    ]


async def test_a_bell_tells_of_each_post(ada: Client, ben: Client) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'ada')}/follow", notify=True)
    await ada.write("Hello")
    assert [one["type"] for one in await ben.get(PATH)] == ["status"]


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("types[]=follow&types[]=mention", ["mention", "follow"]),
        ("types[]=follow&types[]=pleroma:emoji_reaction", ["follow"]),
        ("types[]=severed_relationships", []),
        ("exclude_types[]=follow&exclude_types[]=reblog&exclude_types[]=new", ["favourite", "mention"]),
        ("account_id=7", []),
        ("limit=1", ["reblog"]),
    ],
)
async def test_kinds_are_chosen_and_unknown_ones_skipped(
    ada: Client, ben: Client, query: str, types: list[str]
) -> None:
    await seed(ada, ben)
    assert [one["type"] for one in await ada.get(f"{PATH}?{query}")] == types


async def test_pages_end(ada: Client, ben: Client) -> None:
    await seed(ada, ben)
    first = await ada.ask("GET", PATH, params={"limit": 3})
    second = await ada.ask("GET", first.links["next"]["url"])
    assert [one["type"] for one in second.json()] == ["follow"]
    assert "next" not in second.links
    newest = await ada.ask("GET", first.links["prev"]["url"])
    assert (newest.json(), newest.links) == ([], {})


async def test_a_notification_is_shown_dismissed_and_cleared(ada: Client, ben: Client) -> None:
    await seed(ada, ben)
    told = await ada.get(PATH)
    one = f"{PATH}/{told[0]['id']}"
    assert (await ada.get(one))["type"] == "reblog"
    assert (await ben.refused("GET", one))[0] == 404
    assert await ben.post(f"{one}/dismiss") == {}
    assert (await ada.get(one))["type"] == "reblog"
    assert await ada.post(f"{one}/dismiss") == {}
    assert (await ada.refused("GET", one))[0] == 404
    assert await ada.post(f"{PATH}/clear") == {}
    assert await ada.get(PATH) == []


async def test_unread_ones_are_counted_from_the_marker(ada: Client, ben: Client) -> None:
    await seed(ada, ben)
    assert await ada.get(f"{PATH}/unread_count") == {"count": 4}
    assert await ada.get(f"{PATH}/unread_count", limit=2) == {"count": 2}
    told = await ada.get(PATH)
    await ada.post("/api/v1/markers", notifications={"last_read_id": told[1]["id"]})
    assert await ada.get(f"{PATH}/unread_count") == {"count": 1}


async def test_a_notification_about_a_deleted_status_is_gone(ada: Client, ben: Client) -> None:
    status_id = await seed(ada, ben)
    await ada.ask("DELETE", f"/api/v1/statuses/{status_id}")
    assert [one["type"] for one in await ada.get(PATH)] == ["mention", "follow"]
