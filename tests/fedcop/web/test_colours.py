"""The council's own colour."""

import re

import httpx
import pytest

from fedcop.server.app import build
from fedcop.web import colours
from tests.fedcop.web.conftest import Browser
from tests.support.network import Network

PROPERTY = re.compile(r"--main:#(..)(..)(..)")


@pytest.mark.parametrize("text", ["#1d4f91", "#ffd700", "#ffffff", "#000000", "#00b140", "#7f7f7f"])
def test_every_colour_can_be_read_on_light_and_on_dark_pages(text: str) -> None:
    found = [tuple(int(part, 16) for part in parts) for parts in PROPERTY.findall(colours.sheet_of(text))]

    light, dark = ((red, green, blue) for red, green, blue in found)
    assert colours.contrast(light, colours.WHITE) >= 4.5
    assert colours.contrast(dark, colours.NIGHT) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert "--top:#1d4f91;--main:#1d4f91" in colours.sheet_of("#1d4f91")
    assert colours.contrast(colours.WHITE, colours.BLACK) == pytest.approx(21)


async def test_pages_name_the_colours_where_there_are_some(network: Network) -> None:
    council = await network.open("kent.example", node={"domain": "kent.example", "colour": "#c8102e"})
    transport = httpx.ASGITransport(app=build(council.node))
    async with httpx.AsyncClient(transport=transport, base_url="https://kent.example") as http:
        page = await http.get("/sign-in")
        sheet = await http.get("/colours.css")

    assert '<link rel="stylesheet" href="/colours.css?c8102e">' in page.text
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "#c8102e" in sheet.text


async def test_without_a_colour_there_is_no_sheet(browser: Browser) -> None:
    assert (await browser.get("/colours.css")).status_code == 404
    assert "colours.css" not in (await browser.get("/")).text
