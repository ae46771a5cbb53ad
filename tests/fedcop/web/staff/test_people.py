"""The list of people who chose to be found."""

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser


async def test_strangers_sign_in_first(browser: Browser) -> None:
    answer = await browser.get("/people")

    assert (answer.status_code, answer.headers["location"]) == (302, "/sign-in?next=/people")


async def test_colleagues_of_a_shared_community_are_found_and_others_are_not(
    browser: Browser, ada: Actor
) -> None:
    drainage = await browser.council.community("drainage", ada)
    ben = await browser.council.person("ben")
    await browser.council.person("cal")
    await browser.council.follow(ben, drainage)
    await browser.sign_in("ada")

    page = (await browser.get("/people")).text

    assert '<a href="/people/ben"><bdi>Ben</bdi></a>' in page
    assert "/people/cal" not in page
    assert "/communities/drainage" not in page
