"""A person's page."""

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser


async def test_a_person_is_shown_to_colleagues_and_to_strangers_only_by_choice(
    browser: Browser, ada: Actor
) -> None:
    assert (await browser.get("/people/ada")).status_code == 404

    await browser.sign_in("ada")
    assert "<bdi>Ada Bright</bdi>" in (await browser.get("/people/ada")).text


async def test_what_is_no_person_is_not_found(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    await browser.sign_in("ada")

    assert (await browser.get("/people/drainage")).status_code == 404
    assert (await browser.get("/people/nobody")).status_code == 404
