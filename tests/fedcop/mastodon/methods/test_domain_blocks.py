"""Nodes that a person mutes, as clients do it."""

import pytest

from tests.fedcop.mastodon.conftest import Client

PATH = "/api/v1/domain_blocks"


async def test_a_node_is_muted_and_heard_again(ada: Client, ben: Client) -> None:
    assert await ada.post(PATH, domain="Loud.example") == {}
    assert await ada.post(PATH, domain="loud.example") == {}
    assert await ada.get(PATH) == ["loud.example"]
    assert await ben.get(PATH) == []
    assert (await ada.ask("DELETE", PATH, params={"domain": "loud.example"})).json() == {}
    assert await ada.get(PATH) == []


@pytest.mark.parametrize("domain", ["", "no name", "kent.localhost:8001", "https://a.example"])
async def test_what_is_no_other_node_is_refused(ada: Client, domain: str) -> None:
    assert (await ada.refused("POST", PATH, json={"domain": domain}))[0] == 422
