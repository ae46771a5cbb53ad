"""The first page."""

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser


async def test_strangers_see_the_communities_where_pages_are_public(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)

    page = await browser.get("/")

    assert 'href="/communities/drainage"' in page.text
    assert "@drainage@kent.example" in page.text
    assert "1 member" in page.text


async def test_whoever_is_signed_in_is_told_who_they_are(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    assert "Ada Bright" in (await browser.get("/")).text


async def test_without_communities_the_page_says_so(browser: Browser) -> None:
    assert "No community is open" in (await browser.get("/")).text


async def test_a_server_that_asks_for_the_node_gets_its_actor(browser: Browser) -> None:
    answer = await browser.http.get("/", headers={"accept": "application/activity+json"})

    assert answer.json()["type"] == "Application"
