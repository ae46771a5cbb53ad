"""Pages of facilitators are for those of the community in the address."""

from tests.fedcop.web.conftest import Browser
from tests.support.routing import Scene

HERE = "/facilitate/pests/asks"


async def test_only_a_facilitator_opens_the_pages_of_a_community(scene: Scene, browser: Browser) -> None:
    assert (await browser.get(HERE)).status_code == 200
    assert (await browser.get("/facilitate/PESTS/asks")).status_code == 200
    assert (await browser.get("/facilitate/nothing/asks")).status_code == 404
    assert (await browser.get("/facilitate/fin/asks")).status_code == 404
    await browser.sign_in("dee")
    assert (await browser.get(HERE)).status_code == 403


async def test_whoever_is_not_signed_in_signs_in_first(browser: Browser) -> None:
    answer = await browser.get(HERE)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/sign-in?next={HERE}")
