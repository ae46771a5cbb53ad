"""Filters as clients make and change them."""

from typing import Any

import pytest

from tests.fedcop.mastodon.conftest import Client

FILTERS = "/api/v2/filters"


async def made(client: Client, **more: Any) -> Any:
    form = {"title": "Snow", "context": ["home"], "keywords_attributes": [{"keyword": "snow"}]} | more
    return await client.post(FILTERS, **form)


async def test_a_filter_is_made_changed_and_removed(ada: Client, ben: Client) -> None:
    held = await made(ada, expires_in=3600, filter_action="hide")
    assert held["expires_at"].startswith("2026-03-02T14:")
    (word,) = held["keywords"]
    assert word == {"id": word["id"], "keyword": "snow", "whole_word": True}
    path = f"{FILTERS}/{held['id']}"
    form = {
        "title": "Winter",
        "context[]": "public",
        "filter_action": "warn",
        "expires_in": "0",
        "keywords_attributes[0][id]": word["id"],
        "keywords_attributes[0][keyword]": "sleet",
        "keywords_attributes[0][whole_word]": "false",
        "keywords_attributes[1][keyword]": "ice",
    }
    changed = (await ada.ask("PUT", path, data=form)).json()
    assert (changed["title"], changed["context"], changed["filter_action"]) == ("Winter", ["public"], "warn")
    assert changed["expires_at"] is None
    assert [(one["keyword"], one["whole_word"]) for one in changed["keywords"]] == [
        ("sleet", False),
        ("ice", True),
    ]
    gone = {"keywords_attributes": [{"id": word["id"], "_destroy": True}]}
    assert [one["keyword"] for one in (await ada.ask("PUT", path, json=gone)).json()["keywords"]] == ["ice"]
    assert [one["id"] for one in await ada.get(FILTERS)] == [held["id"]]
    assert (await ada.get(path))["title"] == "Winter"
    assert await ben.get(FILTERS) == []
    for method in ("GET", "PUT", "DELETE"):
        assert (await ben.refused(method, path, json={}))[0] == 404
    assert (await ada.ask("DELETE", path)).json() == {}
    assert (await ada.refused("DELETE", path))[0] == 404


@pytest.mark.parametrize(
    "form",
    [
        {"context": ["home"]},
        {"title": "x"},
        {"title": "x", "context": ["everywhere"]},
        {"title": "x", "context": ["home"], "filter_action": "mask"},
        {"title": "x", "context": ["home"], "keywords_attributes": [{"whole_word": True}]},
        {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "y" * 513}]},
        {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "y"}] * 301},
    ],
)
async def test_a_filter_that_is_none_is_refused(ada: Client, form: dict[str, Any]) -> None:
    assert (await ada.refused("POST", FILTERS, json=form))[0] == 422
    assert await ada.get(FILTERS) == []


async def test_words_have_addresses_of_their_own(ada: Client, ben: Client) -> None:
    held = await made(ada)
    words = f"{FILTERS}/{held['id']}/keywords"
    added = await ada.post(words, keyword="ice", whole_word=False)
    assert [one["keyword"] for one in await ada.get(words)] == ["snow", "ice"]
    path = f"{FILTERS}/keywords/{added['id']}"
    assert await ada.get(path) == added
    assert (await ada.ask("PUT", path, json={"keyword": "hail"})).json()["keyword"] == "hail"
    for method in ("GET", "PUT", "DELETE"):
        assert (await ben.refused(method, path, json={"keyword": "mine"}))[0] == 404
    assert (await ada.ask("DELETE", path)).json() == {}
    assert [one["keyword"] for one in await ada.get(words)] == ["snow"]


async def test_statuses_have_addresses_of_their_own(ada: Client, ben: Client) -> None:
    held = await made(ada)
    one = await ben.write("Snow")
    hidden = await ben.write("For few", visibility="direct")
    chosen = f"{FILTERS}/{held['id']}/statuses"
    added = await ada.post(chosen, status_id=one["id"])
    assert added == {"id": added["id"], "status_id": one["id"]}
    assert (await ada.refused("POST", chosen, json={"status_id": one["id"]}))[0] == 422
    assert (await ada.refused("POST", chosen, json={"status_id": hidden["id"]}))[0] == 404
    assert await ada.get(chosen) == [added]
    path = f"{FILTERS}/statuses/{added['id']}"
    assert await ada.get(path) == added
    assert (await ben.refused("DELETE", path))[0] == 404
    assert (await ada.ask("DELETE", path)).json() == added
    assert await ada.get(chosen) == []


async def test_nobody_changes_words_of_others_by_a_form_of_their_own(ada: Client, ben: Client) -> None:
    theirs = (await made(ada))["keywords"][0]
    held = await made(ben)
    form = {"keywords_attributes": [{"id": theirs["id"], "keyword": "mine"}]}
    assert (await ben.refused("PUT", f"{FILTERS}/{held['id']}", json=form))[0] == 404
    gone = {"keywords_attributes": [{"id": theirs["id"], "_destroy": True}]}
    await ben.ask("PUT", f"{FILTERS}/{held['id']}", json=gone)
    assert (await ada.get(FILTERS))[0]["keywords"] == [theirs]


async def test_a_person_has_so_many_words_and_statuses_and_no_more(ada: Client, ben: Client) -> None:
    """All of them are read with each request, and looked for in each status."""
    words = [{"keyword": f"word{n}"} for n in range(250)]
    held = [await made(ada, keywords_attributes=words) for _ in range(4)]
    assert (await ada.refused("POST", FILTERS, json={"title": "x", "context": ["home"]} | {
        "keywords_attributes": [{"keyword": "one"}]}))[0] == 422  # fmt: skip
    path = f"{FILTERS}/{held[0]['id']}/keywords"
    assert (await ada.refused("POST", path, json={"keyword": "one"}))[0] == 422
    assert await made(ben)


async def test_a_filter_that_is_to_blur_warns(ada: Client) -> None:
    made = await ada.post("/api/v2/filters", title="Floods", context=["home"], filter_action="blur")
    assert made["filter_action"] == "warn"
