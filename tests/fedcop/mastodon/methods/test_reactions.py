"""Favourite, reblog, bookmark, pin, mute: done, undone, and who did."""

import pytest

from tests.fedcop.mastodon.conftest import Client


@pytest.mark.parametrize(
    ("verb", "field"),
    [("favourite", "favourited"), ("bookmark", "bookmarked"), ("mute", "muted")],
)
async def test_a_mark_is_set_and_taken_back(ada: Client, ben: Client, verb: str, field: str) -> None:
    made = await ada.write("Hello")
    assert (await ben.post(f"/api/v1/statuses/{made['id']}/{verb}"))[field] is True
    assert (await ben.post(f"/api/v1/statuses/{made['id']}/{verb}"))[field] is True
    assert (await ada.get(f"/api/v1/statuses/{made['id']}"))[field] is False
    assert (await ben.post(f"/api/v1/statuses/{made['id']}/un{verb}"))[field] is False
    assert (await ben.post(f"/api/v1/statuses/{made['id']}/un{verb}"))[field] is False


async def test_a_pin_is_ones_own(ada: Client, ben: Client) -> None:
    made = await ada.write("Hello")
    assert (await ada.post(f"/api/v1/statuses/{made['id']}/pin"))["pinned"] is True
    pinned = await ben.get(f"/api/v1/accounts/{made['account']['id']}/statuses", pinned="true")
    assert [status["id"] for status in pinned] == [made["id"]]
    assert (await ben.refused("POST", f"/api/v1/statuses/{made['id']}/pin"))[0] == 422
    assert (await ada.post(f"/api/v1/statuses/{made['id']}/unpin"))["pinned"] is False


async def test_a_reblog_gives_a_wrapper_round_the_status(ada: Client, ben: Client) -> None:
    made = await ada.write("Hello")
    wrapper = await ben.post(f"/api/v1/statuses/{made['id']}/reblog", visibility="public")

    assert wrapper["id"] != made["id"]
    assert wrapper["account"]["acct"] == "ben"
    assert wrapper["reblog"]["id"] == made["id"]
    assert wrapper["reblog"]["reblog"] is None
    assert wrapper["content"] == wrapper["reblog"]["content"]
    assert wrapper["created_at"] > wrapper["reblog"]["created_at"]
    assert wrapper["reblogged"] is wrapper["reblog"]["reblogged"] is True
    assert wrapper["reblog"]["reblogs_count"] == 1
    again = await ben.post(f"/api/v1/statuses/{made['id']}/reblog")
    assert again["id"] == wrapper["id"]


async def test_ones_own_status_can_be_reblogged(ada: Client) -> None:
    made = await ada.write("Hello")
    assert (await ada.post(f"/api/v1/statuses/{made['id']}/reblog"))["reblog"]["id"] == made["id"]


async def test_an_unreblog_gives_the_inner_status(ada: Client, ben: Client) -> None:
    made = await ada.write("Hello")
    wrapper = await ben.post(f"/api/v1/statuses/{made['id']}/reblog")
    inner = await ben.post(f"/api/v1/statuses/{wrapper['id']}/unreblog")
    assert (inner["id"], inner["reblog"], inner["reblogged"]) == (made["id"], None, False)


async def test_what_is_done_to_a_wrapper_is_done_to_the_status_in_it(ada: Client, ben: Client) -> None:
    made = await ada.write("Hello")
    wrapper = await ben.post(f"/api/v1/statuses/{made['id']}/reblog")
    liked = await ada.post(f"/api/v1/statuses/{wrapper['id']}/favourite")
    assert (liked["id"], liked["favourites_count"]) == (made["id"], 1)
    context = await ada.get(f"/api/v1/statuses/{wrapper['id']}/context")
    assert context == {"ancestors": [], "descendants": []}


async def test_what_is_for_followers_is_not_reblogged(ada: Client, ben: Client) -> None:
    made = await ada.write("Hello @ben", visibility="private")
    assert (await ben.refused("POST", f"/api/v1/statuses/{made['id']}/reblog"))[0] == 422


async def test_who_did_is_listed_with_the_cursor_of_the_row(ada: Client, ben: Client, cai: Client) -> None:
    made = await ada.write("Hello")
    for client in (ben, cai):
        await client.post(f"/api/v1/statuses/{made['id']}/favourite")
        await client.post(f"/api/v1/statuses/{made['id']}/reblog")
    for what in ("favourited_by", "reblogged_by"):
        path = f"/api/v1/statuses/{made['id']}/{what}"
        first = await ada.ask("GET", path, params={"limit": 1})
        assert [account["acct"] for account in first.json()] == ["cai"]
        second = await ada.ask("GET", first.links["next"]["url"])
        assert [account["acct"] for account in second.json()] == ["ben"]
        last = await ada.ask("GET", second.links["next"]["url"])
        assert (last.json(), last.links) == ([], {})


async def test_a_reblog_says_who_may_see_it(ada: Client, ben: Client, stranger: Client) -> None:
    made = await ada.write("Hello")
    for word, shown in (("unlisted", "unlisted"), ("private", "private"), ("circle", "private")):
        wrapper = await ben.post(f"/api/v1/statuses/{made['id']}/reblog", visibility=word)
        assert (wrapper["visibility"], wrapper["reblog"]["visibility"]) == (shown, "public")
        await ben.post(f"/api/v1/statuses/{made['id']}/unreblog")


async def test_ones_followers_may_be_shown_ones_own_post_again(ada: Client, ben: Client) -> None:
    made = await ada.write("For followers", visibility="private")
    wrapper = await ada.post(f"/api/v1/statuses/{made['id']}/reblog", visibility="public")
    assert wrapper["visibility"] == "private"
    assert await ada.get(f"/api/v1/statuses/{made['id']}/reblogged_by") == []
    assert (await ben.refused("GET", f"/api/v1/statuses/{wrapper['id']}"))[0] == 404
    await ben.post(f"/api/v1/accounts/{made['account']['id']}/follow")
    assert (await ben.get(f"/api/v1/statuses/{wrapper['id']}"))["reblog"]["id"] == made["id"]
    assert (await ben.refused("POST", f"/api/v1/statuses/{made['id']}/reblog"))[0] == 422
