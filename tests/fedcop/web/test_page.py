"""What every page has: a language, a title, a way to its content, safe headers."""

import re

import pytest

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser


async def test_a_page_speaks_the_reader_s_language(browser: Browser) -> None:
    english = await browser.get("/", **{"accept-language": "fr, en-GB;q=0.8"})
    welsh = await browser.get("/", **{"accept-language": "cy-GB, en;q=0.5"})

    assert '<html lang="en">' in english.text
    assert '<html lang="cy">' in welsh.text
    assert "Cymunedau" in welsh.text
    assert "Accept-Language" in english.headers["vary"]


async def test_a_chosen_language_is_remembered(browser: Browser) -> None:
    await browser.get("/?lang=cy")

    assert '<html lang="cy">' in (await browser.get("/", **{"accept-language": "en"})).text


async def test_the_link_to_the_other_language_stays_on_the_page(browser: Browser) -> None:
    page = await browser.get("/sign-in?next=/communities/drainage")

    assert 'href="/sign-in?next=%2Fcommunities%2Fdrainage&amp;lang=cy"' in page.text


async def test_what_was_asked_for_stays_too(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    assert 'href="/search?q=gully&amp;lang=cy"' in (await browser.get("/search?q=gully")).text


async def test_a_language_that_is_not_spoken_is_not_taken(browser: Browser) -> None:
    page = await browser.get('/?lang="><script>')

    assert '<html lang="en">' in page.text
    assert "<script>" not in page.text


async def test_an_address_that_nothing_answers_is_a_page(browser: Browser) -> None:
    page = await browser.get("/nothing/here")

    assert page.status_code == 404
    assert "There is no such page" in page.text


@pytest.mark.parametrize("path", ["/", "/sign-in", "/invitation/x", "/nothing"])
async def test_every_page_has_what_a_screen_reader_looks_for(browser: Browser, path: str) -> None:
    page = (await browser.get(path)).text

    assert page.count("<h1") == 1
    assert re.search(r'<a href="#content" class="govuk-skip-link"[^>]*>[^<]+</a>', page)
    assert '<main class="govuk-main-wrapper" id="content"' in page
    assert "<title>" in page
    assert 'name="viewport"' in page


async def test_the_stylesheet_and_the_pictures_are_served(browser: Browser) -> None:
    for name in ("style.css", "node.png", "avatar.png", "header.png"):
        assert (await browser.get(f"/static/{name}")).status_code == 200


async def test_the_stylesheet_is_light_and_brings_no_mark_of_the_crown(browser: Browser) -> None:
    style = await browser.get("/static/style.css")

    assert len(style.content) < 25_000
    assert not re.search(r"@font-face|@import|url\(|crown", style.text.replace("No crown, no GDS", ""))
    assert "<svg" not in (await browser.get("/sign-in")).text


async def test_no_page_has_script_or_style_inside(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    for path in ("/", "/communities", "/people", "/search", "/settings/sessions"):
        page = await browser.get(path)
        assert not re.search(r"<script|<style|style=|\son\w+=", page.text), path
        assert "'unsafe-inline'" not in page.headers["content-security-policy"]
