"""What filters find and hide, in every page of statuses."""

from datetime import timedelta
from typing import Any

import pytest

from fedcop.clock import SetClock
from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id

FILTERS = "/api/v2/filters"


async def make(client: Client, *words: str, action: str = "warn", **more: Any) -> Any:
    keywords = [{"keyword": word, "whole_word": True} for word in words]
    contexts = more.pop("context", ["home", "public", "account", "thread", "notifications"])
    return await client.post(
        FILTERS, title="Snow", context=contexts, filter_action=action, keywords_attributes=keywords, **more
    )


@pytest.mark.parametrize(
    ("word", "whole", "text", "found"),
    [
        ("snow", True, "Snow today", ["Snow"]),
        ("snow", True, "snowplough", None),
        ("snow", False, "snowplough", ["snow"]),
        ("c++", True, "We write C++ here", ["C++"]),
        ("#gritting", True, "No #gritting", ["#gritting"]),
        ("a&b", True, "both a&b", ["a&b"]),
        ("strong", True, "x", None),
        (".*", False, "anything", None),
        ("eira", True, "Mae'n bwrw eira.", ["eira"]),
    ],
)
async def test_words_are_found_as_they_are_read(
    ada: Client, ben: Client, word: str, whole: bool, text: str, found: list[str] | None
) -> None:
    await ben.post(
        FILTERS,
        title="One",
        context=["home"],
        keywords_attributes=[{"keyword": word, "whole_word": whole}],
    )
    made = await ada.write(text)
    filtered = (await ben.get(f"/api/v1/statuses/{made['id']}"))["filtered"]
    assert [one["keyword_matches"] for one in filtered] == ([found] if found else [])


async def test_a_warning_says_which_filter_it_was_and_hides_nothing(ada: Client, ben: Client) -> None:
    held = await make(ben, "snow")
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'ada')}/follow")
    made = await ada.write("Snow again")
    (shown,) = await ben.get("/api/v1/timelines/home")
    (result,) = shown["filtered"]
    expected = {name: held[name] for name in ("id", "title", "context", "expires_at", "filter_action")}
    assert result == {"filter": expected, "keyword_matches": ["Snow"], "status_matches": None}
    assert (await ada.get(f"/api/v1/statuses/{made['id']}"))["filtered"] == []


async def test_what_is_hidden_is_not_sent(ada: Client, ben: Client) -> None:
    one = await account_id(ben, "ada")
    await ben.post(f"/api/v1/accounts/{one}/follow")
    question = await ada.write("Anything new?")
    await ada.write("@ben snow again", in_reply_to_id=question["id"])
    await ada.write("Quiet here")
    paths = (
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        f"/api/v1/accounts/{one}/statuses",
        "/api/v1/notifications",
    )
    before = [len(await ben.get(path)) for path in paths]
    await make(ben, "snow", action="hide")
    after = [len(await ben.get(path)) for path in paths]
    assert [was - now for was, now in zip(before, after, strict=True)] == [1, 1, 1, 1]
    assert (await ben.get(f"/api/v1/statuses/{question['id']}/context"))["descendants"] == []


async def test_a_filter_holds_in_its_contexts_only(ada: Client, ben: Client) -> None:
    await make(ben, "snow", action="hide", context=["home"])
    await ada.write("Snow again")
    (shown,) = await ben.get("/api/v1/timelines/public")
    assert len(shown["filtered"]) == 1


async def test_a_page_goes_on_after_what_is_hidden(ada: Client, ben: Client) -> None:
    await make(ben, "snow", action="hide")
    for text in ("one", "snow", "snow", "two"):
        await ada.write(text)
    response = await ben.ask("GET", "/api/v1/timelines/public", params={"limit": 3})
    assert len(response.json()) == 1
    following = response.links["next"]["url"]
    assert [one["content"] for one in (await ben.ask("GET", following)).json()] == ["<p>one</p>"]


async def test_a_filter_that_ran_out_finds_nothing(ada: Client, ben: Client, clock: SetClock) -> None:
    await make(ben, "snow", expires_in=60)
    made = await ada.write("Snow")
    path = f"/api/v1/statuses/{made['id']}"
    assert len((await ben.get(path))["filtered"]) == 1
    clock.move(timedelta(minutes=2))
    assert (await ben.get(path))["filtered"] == []


async def test_a_single_status_may_be_filtered(ada: Client, ben: Client) -> None:
    held = await make(ben)
    made = await ada.write("Whatever")
    await ben.post(f"{FILTERS}/{held['id']}/statuses", status_id=made["id"])
    (result,) = (await ben.get(f"/api/v1/statuses/{made['id']}"))["filtered"]
    assert (result["keyword_matches"], result["status_matches"]) == (None, [made["id"]])
