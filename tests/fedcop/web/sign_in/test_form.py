"""Signing in."""

import pytest

from storage.actors import Actor
from tests.fedcop.web.conftest import PASSWORD, Browser


@pytest.mark.parametrize("name", ["ada", "@ada", "ADA@kent.example"])
async def test_the_right_password_goes_on_to_where_one_wanted_to_be(
    browser: Browser, ada: Actor, name: str
) -> None:
    answer = await browser.sign_in(name, wanted="/communities/drainage")

    assert (answer.status_code, answer.headers["location"]) == (303, "/communities/drainage")
    assert (await browser.get("/sign-in?next=/about")).headers["location"] == "/about"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "x", "/a\nb"]
)
async def test_one_never_goes_on_to_another_site(browser: Browser, ada: Actor, wanted: str) -> None:
    assert (await browser.sign_in("ada", wanted=wanted)).headers["location"] == "/"


async def test_a_wrong_password_says_so_beside_the_field_and_keeps_the_name(
    browser: Browser, ada: Actor
) -> None:
    page = await browser.sign_in("ada", "wrong")

    assert page.status_code == 422
    assert "The name or the password is wrong" in page.text
    assert 'role="alert"' in page.text
    assert 'value="ada"' in page.text
    assert "wrong</" not in page.text.replace("is wrong</", "")
    assert "set-cookie" not in page.headers


async def test_the_tenth_wrong_password_locks_the_pair_for_five_minutes(browser: Browser, ada: Actor) -> None:
    for _ in range(10):
        await browser.sign_in("ada", "wrong")

    page = await browser.sign_in("ada", PASSWORD)

    assert page.status_code == 429
    assert "try again in five minutes" in page.text


async def test_what_was_typed_is_shown_as_text(browser: Browser) -> None:
    page = await browser.sign_in('"><script>alert(1)</script>', "x")

    assert "<script>" not in page.text
