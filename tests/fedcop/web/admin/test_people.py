"""Who signs in here: invited, suspended, made an admin, signed out."""

import re

import pytest

from storage import accounts
from storage.accounts import Account
from storage.actors import Actor
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser

HERE = "/admin/people"


async def held(browser: Browser, person: Actor) -> Account:
    found = await browser.council.node.store.read(accounts.find, person.id)
    assert found is not None
    return found


async def test_somebody_is_invited_by_a_link_that_sets_a_password(browser: Browser, olwen: Actor) -> None:
    form = {"handle": "Eira", "email": "eira@kent.example", "display_name": "Eira Lloyd"}

    page = await send(browser, HERE, **form)

    link = re.search(r"<code>https://kent.example(/invitation/[^<]+)</code>", page.text)
    assert link is not None
    assert (await browser.get(link[1])).status_code == 200
    assert 'href="/admin/people/eira"' in (await browser.get(HERE)).text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"handle": "ada", "email": "b@kent.example", "display_name": "B"}, "handle"),
        ({"handle": "eira", "email": "ada@kent.example", "display_name": "B"}, "email"),
        ({"handle": "eira", "email": "nowhere", "display_name": "B"}, "email"),
        ({"handle": "Eira Lloyd", "email": "b@kent.example", "display_name": "B"}, "handle"),
    ],
)
async def test_who_cannot_be_invited_is_told_why_and_the_form_stays(
    browser: Browser, olwen: Actor, ada: Actor, form: dict[str, str], field: str
) -> None:
    page = await send(browser, HERE, **form)

    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert f'value="{form["email"]}"' in page.text


async def test_who_is_suspended_is_out_and_the_reason_is_recorded(
    browser: Browser, olwen: Actor, ada: Actor
) -> None:
    answer = await send(browser, f"{HERE}/ada", do="suspend", reason="Left the council")

    page = (await browser.get(answer.headers["location"])).text
    assert (await held(browser, ada)).state == "suspended"
    assert "That is done." in page
    assert "Left the council" in page
    await send(browser, f"{HERE}/ada", do="unsuspend")
    assert (await held(browser, ada)).state == "active"


async def test_roles_and_access_are_given_and_taken(browser: Browser, olwen: Actor, ada: Actor) -> None:
    for do, wanted in (("admin", (True, "active")), ("disable", (True, "disabled")),
                       ("enable", (True, "active")), ("no_admin", (False, "active"))):  # fmt: skip
        assert (await send(browser, f"{HERE}/ada", do=do)).status_code == 303
        found = await held(browser, ada)
        assert (found.admin, found.state) == wanted


async def test_somebody_is_signed_out_everywhere_and_given_a_new_link(
    browser: Browser, olwen: Actor, ada: Actor
) -> None:
    assert (await send(browser, f"{HERE}/ada", do="sign_out")).status_code == 303
    assert "/invitation/" in (await send(browser, f"{HERE}/ada", do="invite")).text


async def test_nobody_decides_about_themself(browser: Browser, olwen: Actor) -> None:
    assert "Nobody decides about themself." in (await browser.get(f"{HERE}/olwen")).text

    page = await send(browser, f"{HERE}/olwen", do="no_admin")

    assert page.status_code == 422
    assert (await held(browser, olwen)).admin


async def test_who_is_not_there_is_not_found(browser: Browser, olwen: Actor, ada: Actor) -> None:
    await browser.council.community("drainage", ada)

    assert (await browser.get(f"{HERE}/nobody")).status_code == 404
    assert (await browser.get(f"{HERE}/drainage")).status_code == 404
    assert (await send(browser, f"{HERE}/ada", do="promote")).status_code == 404
