"""Featured hashtags as clients manage them."""

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id

PATH = "/api/v1/featured_tags"


async def test_a_tag_is_featured_and_no_longer(ada: Client, ben: Client) -> None:
    await ada.write("Look at the #Gullies")
    made = await ada.post(PATH, name="#Gullies")
    assert (made["name"], made["statuses_count"], made["last_status_at"]) == ("Gullies", "1", "2026-03-02")
    assert await ada.get(PATH) == [made]
    assert await ben.get(f"/api/v1/accounts/{await account_id(ben, 'ada')}/featured_tags") == [made]
    assert (await ada.refused("POST", PATH, json={"name": "gullies"}))[0] == 422
    assert (await ben.refused("DELETE", f"{PATH}/{made['id']}"))[0] == 404
    assert (await ada.ask("DELETE", f"{PATH}/{made['id']}")).json() == {}
    assert await ada.get(PATH) == []


async def test_what_one_writes_about_is_suggested(ada: Client) -> None:
    await ada.write("#pumps and #gullies")
    await ada.write("#pumps")
    assert [one["name"] for one in await ada.get(f"{PATH}/suggestions")] == ["pumps", "gullies"]


@pytest.mark.parametrize("name", ["", "two words", "a-b", "#", "x" * 101])
async def test_what_is_no_tag_is_refused(ada: Client, name: str) -> None:
    assert (await ada.refused("POST", PATH, json={"name": name}))[0] == 422


async def test_no_more_are_shown_than_a_profile_has_room_for(ada: Client) -> None:
    for number in range(10):
        await ada.post(PATH, name=f"tag{number}")
    assert (await ada.refused("POST", PATH, json={"name": "more"}))[0] == 422


async def test_a_tag_is_featured_by_its_own_address(ada: Client) -> None:
    for _ in range(2):
        shown = await ada.post("/api/v1/tags/Gullies/feature")
        assert (shown["name"], shown["featuring"]) == ("gullies", True)
    assert [one["name"] for one in await ada.get(PATH)] == ["Gullies"]
    assert (await ada.refused("POST", "/api/v1/tags/a-b/feature"))[0] == 422
    assert (await ada.post("/api/v1/tags/gullies/unfeature"))["featuring"] is False
    assert await ada.get(PATH) == []
