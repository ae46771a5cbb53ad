"""Who may read pages at all."""

import httpx
import pytest

from fedcop.actions import account
from fedcop.server.app import build
from tests.fedcop.web.conftest import PASSWORD, Browser
from tests.support.network import Council


@pytest.mark.parametrize("path", ["/communities/drainage", "/people/ada", "/posts/1"])
async def test_a_node_whose_pages_are_not_public_shows_strangers_nothing(kent: Council, path: str) -> None:
    ada, _ = await account.add_person(
        kent.node, "ada", email="ada@kent.example", display_name="Ada Bright", password=PASSWORD
    )
    await kent.community("drainage", ada)
    transport = httpx.ASGITransport(app=build(kent.node))

    async with httpx.AsyncClient(transport=transport, base_url="https://kent.example") as http:
        browser = Browser(http, kent)
        assert (await browser.get(path)).status_code == 404
        assert "drainage" not in (await browser.get("/")).text

        await browser.sign_in("ada")
        assert (await browser.get(path)).status_code == (404 if path == "/posts/1" else 200)
        assert "/communities/drainage" in (await browser.get("/")).text
