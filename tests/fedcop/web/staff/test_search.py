"""Search: one box."""

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser
from tests.support.network import Council, Network


async def test_people_and_communities_are_found_by_the_beginning_of_a_name(
    browser: Browser, ada: Actor
) -> None:
    await browser.council.community("adaptation", ada)
    await browser.sign_in("ada")

    page = (await browser.get("/search?q=ada")).text

    assert '<a href="/people/ada">' in page
    assert '<a href="/communities/adaptation">' in page
    assert 'value="ada"' in page


async def test_what_was_typed_is_shown_inert(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    page = (await browser.get('/search?q="><script>')).text

    assert "Nothing was found for" in page
    assert "<script>" not in page


async def test_a_whole_handle_is_asked_of_its_own_node(
    network: Network, public: Council, browser: Browser, ada: Actor
) -> None:
    devon = await network.open("devon.example")
    await devon.person("dan")
    await browser.sign_in("ada")

    assert 'href="/people/dan@devon.example"' in (await browser.get("/search?q=@dan@devon.example")).text
    assert "Nothing was found" in (await browser.get("/search?q=@dan@nowhere.example")).text


async def test_strangers_sign_in_first_and_keep_their_words(browser: Browser) -> None:
    assert (await browser.get("/search?q=a")).headers["location"] == "/sign-in?next=/search%3Fq%3Da"


async def test_where_nothing_is_found_one_may_ask(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    page = (await browser.get("/search?q=gully+letters")).text

    assert 'href="/ask?title=gully%20letters"' in page
    await browser.council.follow(ada, await browser.council.community("floods", ada))
    assert 'value="gully letters"' in (await browser.get("/ask?title=gully%20letters")).text
