"""What this node keeps none of, so that no tab of a client fails."""

import pytest

from fedcop.mastodon.methods import empty
from tests.fedcop.mastodon.conftest import Client

LISTS = ["/api/v1/announcements", *empty.NOTHING_FOR_ANYBODY]


@pytest.mark.parametrize("path", LISTS)
async def test_it_is_an_empty_list(ada: Client, path: str) -> None:
    assert await ada.get(path) == []


async def test_nobodys_year_is_summed_up(ada: Client) -> None:
    nothing = {"annual_reports": [], "accounts": [], "statuses": []}
    assert await ada.get("/api/v1/annual_reports") == nothing
    assert await ada.get("/api/v1/annual_reports/2025/state") == {"state": "ineligible"}
    assert await ada.post("/api/v1/annual_reports/2025/generate") == {}
    assert (await ada.refused("GET", "/api/v1/annual_reports/2025"))[0] == 404


async def test_no_address_waits_for_confirmation(ada: Client, stranger: Client) -> None:
    assert await ada.post("/api/v1/emails/confirmations") == {}
    assert await ada.get("/api/v1/emails/check_confirmation") is True
    assert (await stranger.refused("POST", "/api/v1/emails/confirmations"))[0] == 401
    assert (await stranger.refused("GET", "/api/v1/emails/check_confirmation"))[0] == 401


@pytest.mark.parametrize("path", empty.NOTHING)
async def test_it_is_nobodys_business(stranger: Client, path: str) -> None:
    assert (await stranger.refused("GET", path.replace("{id}", "7")))[0] == 401


@pytest.mark.parametrize("path", empty.NOTHING_FOR_ANYBODY)
async def test_trends_are_asked_for_by_anybody(stranger: Client, path: str) -> None:
    assert await stranger.get(path) == []


@pytest.mark.parametrize("path", ["push/subscription", "polls/1", "timelines/list/1", "lists/1"])
async def test_a_single_thing_is_not_there(ada: Client, path: str) -> None:
    assert (await ada.refused("GET", f"/api/v1/{path}"))[0] == 404
