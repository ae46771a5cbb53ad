"""What anybody may ask of a node, also of one with an allowlist."""

import pytest

from tests.fedcop.mastodon.conftest import Client


@pytest.mark.parametrize(
    "path",
    ["/api/v1/instance", "/api/v2/instance", "/api/v1/instance/rules", "/api/v1/instance/domain_blocks",
     "/api/v1/instance/languages", "/api/v1/instance/translation_languages", "/api/v1/instance/activity",
     "/api/v1/instance/extended_description", "/api/v1/instance/privacy_policy",
     "/api/v1/instance/terms_of_service", "/api/v1/custom_emojis"],
)  # fmt: skip
async def test_everybody_may_ask(stranger: Client, path: str) -> None:
    assert await stranger.get(path) is not None


async def test_the_instance_counts_its_people_and_their_posts(stranger: Client, ada: Client) -> None:
    await ada.write("Hello")

    stats = (await stranger.get("/api/v1/instance"))["stats"]

    assert (stats["user_count"], stats["status_count"]) == (3, 1)


async def test_addresses_use_the_authority_that_was_dialled(stranger: Client) -> None:
    shown = (await stranger.ask("GET", "/api/v2/instance", headers={"host": "localhost:8001"})).json()

    assert shown["configuration"]["urls"]["streaming"] == "ws://localhost:8001"
    assert shown["domain"] == "kent.localhost:8001"


async def test_twelve_weeks_begin_on_mondays(stranger: Client) -> None:
    weeks = [int(week["week"]) for week in await stranger.get("/api/v1/instance/activity")]

    assert len(weeks) == 12
    assert {(week // 86400 + 3) % 7 for week in weeks} == {0}


async def test_the_nodes_met_are_told_to_who_is_signed_in(stranger: Client, ada: Client) -> None:
    assert await ada.get("/api/v1/instance/peers") == []
    assert (await stranger.refused("GET", "/api/v1/instance/peers"))[0] == 401


async def test_a_probe_is_answered_in_plain_text(stranger: Client) -> None:
    assert (await stranger.http.get("/health")).text == "OK"
