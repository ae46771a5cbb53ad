"""Home, public, tag, favourites and bookmarks, page by page."""

from typing import Any

from tests.fedcop.mastodon.conftest import Client


def ids(statuses: list[dict[str, Any]]) -> list[str]:
    return [status["id"] for status in statuses]


async def account_id(client: Client, acct: str) -> str:
    found: str = (await client.get("/api/v1/accounts/lookup", acct=acct))["id"]
    return found


async def test_home_holds_ones_own_and_whom_one_follows(ada: Client, ben: Client, cai: Client) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'ada')}/follow")
    hers, his, other = await ada.write("hers"), await ben.write("his"), await cai.write("other")
    assert ids(await ben.get("/api/v1/timelines/home")) == [his["id"], hers["id"]]
    assert ids(await ben.get("/api/v1/timelines/public")) == [other["id"], his["id"], hers["id"]]


async def test_pages_forwards_and_back_hold_each_status_once(ada: Client) -> None:
    made = [(await ada.write(f"{n}"))["id"] for n in range(5)][::-1]
    first = await ada.ask("GET", "/api/v1/timelines/home", params={"limit": 2})
    second = await ada.ask("GET", first.links["next"]["url"])
    third = await ada.ask("GET", second.links["next"]["url"])
    assert [ids(page.json()) for page in (first, second, third)] == [made[:2], made[2:4], made[4:]]
    empty = await ada.ask("GET", third.links["next"]["url"])
    assert (empty.json(), empty.links) == ([], {})
    back = await ada.ask("GET", third.links["prev"]["url"])
    assert ids(back.json()) == made[2:4]
    assert ids(await ada.get("/api/v1/timelines/home", since_id=made[4], limit=2)) == made[:2]
    assert ids(await ada.get("/api/v1/timelines/home", min_id=made[4], max_id=made[0], limit=2)) == made[2:4]


async def test_the_public_timeline_has_no_reblogs(ada: Client, ben: Client) -> None:
    made = await ada.write("Hello")
    await ben.post(f"/api/v1/statuses/{made['id']}/reblog")
    assert ids(await ben.get("/api/v1/timelines/public", local="true")) == [made["id"]]
    assert await ben.get("/api/v1/timelines/public", remote="1") == []
    assert await ben.get("/api/v1/timelines/public", only_media="on") == []


async def test_a_tag_is_found_in_any_case_and_combined(ada: Client) -> None:
    both, one = await ada.write("#Flood and #Kent"), await ada.write("#flood")
    path = "/api/v1/timelines/tag"
    assert ids(await ada.get(f"{path}/FLOOD")) == [one["id"], both["id"]]
    assert ids(await ada.get(f"{path}/flood", **{"all[]": "kent"})) == [both["id"]]
    assert ids(await ada.get(f"{path}/kent", **{"any[]": "flood"})) == [one["id"], both["id"]]
    assert ids(await ada.get(f"{path}/flood", **{"none[]": "Kent"})) == [one["id"]]


async def test_a_community_post_reaches_home_once(ada: Client, ben: Client) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'floods')}/follow")
    made = await ada.write("@floods Sandbags at the depot")
    home = await ben.get("/api/v1/timelines/home")
    assert [(status["account"]["acct"], status["reblog"]["id"]) for status in home] == [
        ("floods", made["id"])
    ]
    inner = home[0]["reblog"]
    assert inner["content"].startswith("<p><strong>Sandbags at the depot</strong></p>")
    assert ids(await ada.get("/api/v1/timelines/home")) == [made["id"]]


async def test_favourites_and_bookmarks_are_paged_by_when_they_were_made(ada: Client, ben: Client) -> None:
    first, second = await ada.write("a"), await ada.write("b")
    for verb, path in (("favourite", "/api/v1/favourites"), ("bookmark", "/api/v1/bookmarks")):
        await ben.post(f"/api/v1/statuses/{second['id']}/{verb}")
        await ben.post(f"/api/v1/statuses/{first['id']}/{verb}")
        page = await ben.ask("GET", path, params={"limit": 1})
        assert ids(page.json()) == [first["id"]]
        page = await ben.ask("GET", page.links["next"]["url"])
        assert ids(page.json()) == [second["id"]]
        assert await ada.get(path) == []


async def test_direct_posts_are_a_timeline_for_older_clients(ada: Client, ben: Client, cai: Client) -> None:
    sent = await ada.write("@ben hush", visibility="direct")
    await ada.write("@ben loud")
    for client in (ada, ben):
        assert ids(await client.get("/api/v1/timelines/direct")) == [sent["id"]]
    assert await cai.get("/api/v1/timelines/direct") == []
