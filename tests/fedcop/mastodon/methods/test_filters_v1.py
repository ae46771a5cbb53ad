"""Filters as older clients have them."""

import pytest

from tests.fedcop.mastodon.conftest import Client

V1, V2 = "/api/v1/filters", "/api/v2/filters"


async def test_a_filter_of_one_word_is_the_same_in_both_versions(ada: Client, ben: Client) -> None:
    held = await ada.post(V1, phrase="snow", context=["home", "public"], irreversible=True)
    assert held == {
        "id": held["id"],
        "phrase": "snow",
        "context": ["home", "public"],
        "whole_word": True,
        "expires_at": None,
        "irreversible": True,
    }
    (newer,) = await ada.get(V2)
    assert (newer["title"], newer["filter_action"]) == ("snow", "hide")
    path = f"{V1}/{held['id']}"
    form = {"phrase": "ice", "context": ["home"], "whole_word": False, "expires_in": 60}
    changed = (await ada.ask("PUT", path, json=form)).json()
    assert (changed["phrase"], changed["irreversible"], changed["whole_word"]) == ("ice", False, False)
    assert await ada.get(path) == changed
    assert await ada.get(V1) == [changed]
    for method in ("GET", "PUT", "DELETE"):
        assert (await ben.refused(method, path, json=form))[0] == 404
    assert (await ada.ask("DELETE", path)).json() == {}
    assert await ada.get(V2) == []


async def test_a_filter_of_several_words_is_several(ada: Client) -> None:
    words = [{"keyword": "snow"}, {"keyword": "ice"}]
    await ada.post(V2, title="Winter", context=["home"], keywords_attributes=words)
    snow, ice = await ada.get(V1)
    form = {"phrase": "hail", "context": ["home"]}
    assert (await ada.refused("PUT", f"{V1}/{snow['id']}", json=form))[0] == 422
    await ada.ask("DELETE", f"{V1}/{snow['id']}")
    assert await ada.get(V1) == [ice]
    await ada.ask("DELETE", f"{V1}/{ice['id']}")
    assert await ada.get(V2) == []


@pytest.mark.parametrize(
    "form", [{}, {"phrase": "x"}, {"phrase": "", "context": ["home"]}, {"phrase": "x", "context": []}]
)
async def test_a_filter_that_is_none_is_refused(ada: Client, form: dict[str, object]) -> None:
    assert (await ada.refused("POST", V1, json=form))[0] == 422
