"""Public posts as other sites show them."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from fedcop.clock import SetClock
from fedcop.node import open_node
from tests.fedcop.mastodon.conftest import BASE, Client, app_of, settings
from tests.support import described
from tests.support.described import faults
from tests.support.hosts import Door, HostRouter


@pytest.fixture
async def seen(folder: Path, clock: SetClock, secrets: dict[str, str]) -> AsyncIterator[Client]:
    """Give Ada's client of a node whose pages are public."""
    config = settings(folder, web={"public_pages": True})
    node = await open_node(config, clock=clock, transport=Door(HostRouter()))
    async with httpx.AsyncClient(transport=described.Described(app=app_of(node)), base_url=BASE) as http:
        yield Client(http, secrets["ada"], clock)
    await node.close()


async def test_a_public_post_is_shown_with_its_author(seen: Client) -> None:
    made = await seen.write("Sandbags <b>here</b>")
    anybody = Client(seen.http, None, seen.clock)
    shown = await anybody.get("/api/oembed", url=made["url"], maxwidth="300")
    assert (shown["author_name"], shown["width"], shown["type"]) == ("Ada", 300, "rich")
    assert made["content"] in shown["html"]
    assert faults("OEmbedResponse", shown) == []


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_what_is_not_public_is_not_shown(seen: Client, visibility: str) -> None:
    made = await seen.write("@ben hush", visibility=visibility)
    assert (await seen.refused("GET", "/api/oembed", params={"url": made["url"]}))[0] == 404


@pytest.mark.parametrize("url", ["", "x", "https://evil.example/posts/1", f"{BASE}/people/ada", "http://["])
async def test_what_is_no_post_of_ours_is_not_found(seen: Client, url: str) -> None:
    assert (await seen.refused("GET", "/api/oembed", params={"url": url}))[0] == 404


async def test_where_strangers_read_nothing_nothing_is_embedded(ada: Client) -> None:
    made = await ada.write("Sandbags")
    assert (await ada.refused("GET", "/api/oembed", params={"url": made["url"]}))[0] == 404
