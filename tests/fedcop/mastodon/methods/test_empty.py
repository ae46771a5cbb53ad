"""What this node keeps none of, so that no tab of a client fails."""

import pytest

from fedcop.mastodon.methods import empty
from tests.fedcop.mastodon.conftest import Client


@pytest.mark.parametrize("path", [*empty.NOTHING, *empty.NOTHING_FOR_ANYBODY])
async def test_it_is_an_empty_list(ada: Client, path: str) -> None:
    assert await ada.get(path.replace("{id}", "7")) == []


@pytest.mark.parametrize("path", empty.NOTHING)
async def test_it_is_nobodys_business(stranger: Client, path: str) -> None:
    assert (await stranger.refused("GET", path.replace("{id}", "7")))[0] == 401


@pytest.mark.parametrize("path", empty.NOTHING_FOR_ANYBODY)
async def test_trends_are_asked_for_by_anybody(stranger: Client, path: str) -> None:
    assert await stranger.get(path) == []


@pytest.mark.parametrize("path", ["push/subscription", "polls/1", "timelines/list/1", "lists/1"])
async def test_a_single_thing_is_not_there(ada: Client, path: str) -> None:
    assert (await ada.refused("GET", f"/api/v1/{path}"))[0] == 404
