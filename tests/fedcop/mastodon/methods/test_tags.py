"""Hashtags, followed and not."""

import pytest

from tests.fedcop.mastodon.conftest import BASE, Client


async def test_a_followed_tag_brings_its_statuses_home(ada: Client, ben: Client) -> None:
    followed = await ada.post("/api/v1/tags/Kent/follow")
    assert (followed["name"], followed["following"], followed["url"]) == ("kent", True, f"{BASE}/tags/kent")
    made = await ben.write("Rain over #kent")
    assert [status["id"] for status in await ada.get("/api/v1/timelines/home")] == [made["id"]]
    assert (await ada.post("/api/v1/tags/kent/unfollow"))["following"] is False
    assert await ada.get("/api/v1/timelines/home") == []


async def test_followed_tags_are_paged_by_the_row(ada: Client) -> None:
    for name in ("foo", "bar"):
        await ada.post(f"/api/v1/tags/{name}/follow")
    first = await ada.ask("GET", "/api/v1/followed_tags", params={"limit": 1})
    second = await ada.ask("GET", first.links["next"]["url"])
    assert [page.json()[0]["name"] for page in (first, second)] == ["bar", "foo"]
    assert all(tag["following"] for tag in await ada.get("/api/v1/followed_tags"))


async def test_a_tag_is_read_with_a_slash_at_the_end(ada: Client) -> None:
    assert (await ada.get("/api/v1/tags/kent/"))["following"] is False


@pytest.mark.parametrize("name", ["%23", "%20", "a" * 101])
async def test_what_is_no_tag_is_not_found(ada: Client, name: str) -> None:
    assert (await ada.refused("GET", f"/api/v1/tags/{name}"))[0] == 404
