"""Services are ticked, or named."""

import pytest

from storage import actors, practices, visible
from storage.actors import Actor
from storage.practices import Practice
from tests.fedcop.web.conftest import Browser, hidden

ELEVEN = [f"function/{number}" for number in (3, 4, 5, 7, 9, 12, 13, 14, 15, 18, 22)]
HERE = "/settings/profile/offers"


async def _practice(browser: Browser, ada: Actor) -> Practice:
    found = await browser.council.node.store.read(actors.find, visible.SYSTEM, ada.id)
    assert found is not None
    return practices.of(found)


async def test_services_are_ticked_and_named(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    first = await browser.get(HERE)
    assert "Parking" in first.text
    assert "checked" not in first.text

    chosen = {"function/110": "on", "function/76": "on", "others": "gritting; Parking"}
    answer = await browser.post(HERE, **hidden(first), **chosen)

    assert answer.headers["location"] == "/settings/profile?saved"
    said = await _practice(browser, ada)
    assert said.offers == ("function/110", "function/76", "service/561")
    again = (await browser.get(HERE)).text
    assert again.count("checked") == 2
    assert 'value="Gritting"' in again
    assert "Parking, Libraries, Gritting" in (await browser.get("/settings/profile")).text
    await browser.post("/settings/profile/needs", **hidden(first), others="Sport")
    said = await _practice(browser, ada)
    assert (said.offers[:1], said.needs) == (("function/110",), ("function/80",))
    await browser.post(HERE, **hidden(first))
    assert (await _practice(browser, ada)).offers == ()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"others": "space <lasers>"}, "which is not on the service list"),
        ({"function/9999": "on"}, "which is not on the service list"),
        (dict.fromkeys(ELEVEN, "on"), "more than 10"),
    ],
)
async def test_what_is_wrong_changes_nothing(
    browser: Browser, ada: Actor, wrong: dict[str, str], told: str
) -> None:
    await browser.sign_in("ada")
    answer = await browser.post(HERE, **hidden(await browser.get(HERE)), **wrong)
    assert answer.status_code == 422
    assert told in answer.text
    assert "<lasers>" not in answer.text
    assert (await _practice(browser, ada)).offers == ()


async def test_there_is_no_other_kind(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    assert (await browser.get("/settings/profile/secrets")).status_code == 404
