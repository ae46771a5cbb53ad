"""A person's own profile: said, shown as others see it, and confirmed every half year."""

from datetime import timedelta

import pytest

from fedcop.policy import levels
from storage import accounts, actors, councils, practices, visible
from storage.actors import Actor
from storage.practices import Practice
from tests.fedcop.web.conftest import Browser, hidden
from tests.support.network import Network

HERE = "/settings/profile"
SAID = {"display_name": "Ada B", "role": "Drainage  Engineer", "note": "I know *pumps*", "findable": "nodes"}


async def _ada(browser: Browser, ada: Actor) -> Actor:
    found = await browser.council.node.store.read(actors.find, visible.SYSTEM, ada.id)
    assert found is not None
    return found


async def test_strangers_sign_in_first(browser: Browser) -> None:
    for path in (HERE, f"{HERE}/seen", f"{HERE}/offers"):
        assert (await browser.get(path)).headers["location"] == f"/sign-in?next={path}"
    assert (await browser.post(HERE, **SAID)).status_code in (302, 403)


async def test_what_is_said_is_kept(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    first = await browser.get(HERE)
    assert 'value="Ada Bright"' in first.text

    answer = await browser.post(HERE, **hidden(first), **SAID, indexable="on")

    assert answer.headers["location"] == f"{HERE}?saved"
    after = await _ada(browser, ada)
    assert (after.display_name, after.findable, after.indexable) == ("Ada B", "nodes", True)
    assert practices.of(after) == Practice(role="Drainage Engineer")
    page = (await browser.get(f"{HERE}?saved")).text
    assert "I know *pumps*" in page
    assert 'role="alert"' in page
    await browser.post(HERE, **hidden(first), **SAID)
    assert (await _ada(browser, ada)).indexable is False


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"findable": "everyone"}, "Choose who may find you"),
        ({"role": "x" * 101}, "longer than 100 characters"),
        ({"display_name": "x" * 101}, "longer than 100 characters"),
        ({"note": "x" * 2001}, "longer than 2000 characters"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    browser: Browser, ada: Actor, wrong: dict[str, str], told: str
) -> None:
    await browser.sign_in("ada")
    csrf = hidden(await browser.get(HERE))

    answer = await browser.post(HERE, **csrf, **(SAID | wrong))

    assert answer.status_code == 422
    assert told in answer.text
    assert "I know *pumps*" in answer.text or "note" in wrong
    assert (await _ada(browser, ada)).display_name == "Ada Bright"


async def test_of_several_councils_one_is_chosen(browser: Browser, ada: Actor) -> None:
    listed = [("E1", "Kent", "county", "England"), ("E2", "Swale", "district", "England")]
    bound = [("kent.example", code) for code, *_ in listed]
    await browser.council.node.store.write(councils.put, listed, bound)
    await browser.sign_in("ada")
    first = await browser.get(HERE)
    assert 'value="E2"' in first.text
    await browser.post(HERE, **hidden(first), **SAID, council="E2")
    assert practices.of(await _ada(browser, ada)).council == "E2"


async def test_one_sees_oneself_as_others_do(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    csrf = hidden(await browser.get(HERE))
    for level in levels.LEVELS:
        await browser.post(HERE, **csrf, **(SAID | {"findable": level}))
        for by in levels.BY:
            page = (await browser.get(f"{HERE}/seen?as={by}")).text
            assert ("<dd" in page and "Drainage Engineer" in page) is levels.reads(level, by)
            assert "@ada@kent.example" in page


async def test_half_a_year_later_one_is_asked_whether_it_is_still_right(
    network: Network, browser: Browser, ada: Actor
) -> None:
    await browser.sign_in("ada")
    assert "half a year" not in (await browser.get("/")).text
    network.clock.move(timedelta(days=184))
    await browser.sign_in("ada")
    assert "half a year" in (await browser.get("/")).text
    asked = await browser.get(HERE)
    assert "half a year" in asked.text

    answer = await browser.post(f"{HERE}/confirm", **hidden(asked))

    assert answer.headers["location"] == "/"
    assert "half a year" not in (await browser.get("/")).text
    network.clock.move(timedelta(days=184))
    await browser.sign_in("ada")
    await browser.post(HERE, **hidden(await browser.get(HERE)), **SAID)
    assert "half a year" not in (await browser.get("/")).text
    account = await browser.council.node.store.read(accounts.find, ada.id)
    assert account is not None
    assert account.confirmed_at == network.clock.now()
