"""The one-time link."""

from fedcop.actions import account
from storage.actors import Actor
from tests.fedcop.web.conftest import Browser


async def test_the_link_sets_a_password_once(browser: Browser, ada: Actor) -> None:
    link = f"/invitation/{await account.invite(browser.council.node, ada.id, by='ada')}"

    assert "Set your password" in (await browser.get(link)).text
    assert "Your password is set" in (await browser.post(link, password="four more plain words")).text
    assert (await browser.post(link, password="somebody else's words")).status_code == 403
    assert (await browser.sign_in("ada", "four more plain words")).status_code == 303


async def test_a_short_password_is_told_beside_the_field_and_uses_nothing_up(
    browser: Browser, ada: Actor
) -> None:
    link = f"/invitation/{await account.invite(browser.council.node, ada.id, by='ada')}"

    page = await browser.post(link, password="short")

    assert page.status_code == 422
    assert "wanted 8 to 1000" in page.text
    assert "Your password is set" in (await browser.post(link, password="long enough now")).text


async def test_an_unknown_link_is_refused(browser: Browser) -> None:
    assert (await browser.post("/invitation/guess", password="long enough now")).status_code == 403
