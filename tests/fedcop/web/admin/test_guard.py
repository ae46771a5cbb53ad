"""Who may open the pages of admins, and who has to say again that it is them."""

import re
from datetime import timedelta

import pytest

from fedcop import web
from storage import accounts, sessions
from storage.actors import Actor
from tests.fedcop.web.admin.conftest import csrf_of, send
from tests.fedcop.web.conftest import PASSWORD, Browser, hidden
from tests.support.network import Network

QUARTER = timedelta(minutes=16)


def paths(browser: Browser) -> list[tuple[str, str]]:
    found = []
    for route in web.routes(browser.council.node):
        path = re.sub(r"\{\w+\}", "ada", getattr(route, "path", ""))
        if path.startswith("/admin"):
            found += [(method, path) for method in route.methods - {"HEAD"}]  # type: ignore[attr-defined]
    return found


async def test_nobody_else_reads_or_changes_anything(browser: Browser, olwen: Actor, ada: Actor) -> None:
    stranger = csrf_of(await browser.get("/"))
    await browser.sign_in("ada")
    csrf = csrf_of(await browser.get("/"))
    assert csrf != stranger
    seen = paths(browser)

    answers = {
        (method, path): (
            await browser.get(path) if method == "GET" else await browser.post(path, csrf=csrf)
        ).status_code
        for method, path in seen
    }

    assert len(seen) > 15
    assert set(answers.values()) == {403}


async def test_strangers_sign_in_first_and_change_nothing(browser: Browser) -> None:
    for method, path in paths(browser):
        answer = await browser.get(path) if method == "GET" else await browser.post(path)
        if method == "GET":
            assert (answer.status_code, answer.headers["location"]) == (302, f"/sign-in?next={path}")
        else:
            assert answer.status_code == 403


async def test_every_change_wants_the_session_s_own_text(browser: Browser, olwen: Actor) -> None:
    answers = {
        path: (await browser.post(path, csrf="guessed")).status_code
        for method, path in paths(browser)
        if method == "POST"
    }

    assert set(answers.values()) == {403}


async def test_what_is_grave_wants_the_password_after_a_quarter_of_an_hour(
    network: Network, browser: Browser, olwen: Actor, ada: Actor
) -> None:
    store, before = browser.council.node.store, dict(browser.http.cookies)
    network.clock.move(QUARTER)

    asked = await send(browser, "/admin/people/ada", do="suspend", reason="<Left>")
    assert asked.status_code == 403
    assert "Confirm that it is you" in asked.text
    kept = hidden(asked)
    assert (kept["do"], kept["reason"]) == ("suspend", "&lt;Left&gt;")
    assert await _state(browser, ada) == "active"

    wrong = await browser.post("/admin/people/ada", **kept, confirm_password="something else")
    assert "The name or the password is wrong" in wrong.text
    assert hidden(wrong)["do"] == "suspend"
    assert await _state(browser, ada) == "active"

    done = await browser.post("/admin/people/ada", **kept, confirm_password=PASSWORD)
    assert done.status_code == 303
    assert await _state(browser, ada) == "suspended"
    assert dict(browser.http.cookies) != before
    assert len(await store.read(_sessions, olwen)) == 1
    assert (await send(browser, "/admin/people/ada", do="unsuspend")).status_code == 303


async def test_whoever_is_refused_stays_signed_in(
    network: Network, browser: Browser, olwen: Actor, ada: Actor
) -> None:
    network.clock.move(QUARTER)
    csrf = csrf_of(await browser.get("/admin"))

    answer = await browser.post("/admin/communities/none/close", csrf=csrf, confirm_password=PASSWORD)

    assert answer.status_code == 404
    assert (await browser.get("/admin")).status_code == 200
    assert len(await browser.council.node.store.read(_sessions, olwen)) == 1


@pytest.mark.parametrize("path", ["/admin/reports", "/admin/knocks"])
async def test_what_is_not_grave_does_not(
    network: Network, browser: Browser, olwen: Actor, path: str
) -> None:
    network.clock.move(QUARTER)

    assert "Confirm that it is you" not in (await send(browser, "/admin", to=path, do="close")).text


async def test_wrong_passwords_lock_as_at_the_door(network: Network, browser: Browser, olwen: Actor) -> None:
    network.clock.move(QUARTER)
    csrf = csrf_of(await browser.get("/admin"))
    for _ in range(10):
        await browser.post("/admin/people", csrf=csrf, confirm_password="guess")

    answer = await browser.post("/admin/people", csrf=csrf, confirm_password=PASSWORD)

    assert answer.status_code == 429


async def test_the_other_language_is_a_link_away_from_every_page(
    network: Network, browser: Browser, olwen: Actor, ada: Actor
) -> None:
    await browser.council.community("drainage", ada)
    thread = f"/posts/{await browser.council.publish(ada, '@drainage Gullies')}"
    entry = {"do": "allow", "domain": "leeds.gov.uk", "reason": "Councils"}
    pages = [
        await send(browser, "/admin/list", **entry),
        await send(browser, "/admin/list", "/admin/list/change", **entry),
        await send(browser, "/admin/list", "/admin/list/change", do="allow", domain="x"),
        await send(browser, "/admin/list/import", list="leeds.gov.uk"),
        await send(browser, "/admin/list/import", "/admin/list/import/take", list="york.gov.uk"),
        await send(browser, "/admin/list/import", "/admin/list/import/take", list=" "),
        await send(browser, "/admin/list/register", register="a,b"),
        await send(browser, "/admin/list/register", "/admin/list/register/take", register="a,b"),
        await send(browser, "/admin/people", handle="x y"),
        await send(browser, "/admin/people/ada", do="invite"),
        await send(browser, "/admin/communities", slug="x y"),
        await send(browser, thread, text=" "),
    ]
    network.clock.move(QUARTER)
    pages.append(await send(browser, "/admin/people/ada", do="suspend"))
    pages.append(await send(browser, "/admin/list", "/admin/list/change", **entry))

    for page in pages:
        (link,) = re.findall(r'<a href="([^"]*)" lang="cy" hreflang="cy">', page.text)
        answer = await browser.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, (str(page.url), link)
        assert '<html lang="cy">' in answer.text
        await browser.get("/admin?lang=en")


async def _state(browser: Browser, person: Actor) -> str:
    account = await browser.council.node.store.read(accounts.find, person.id)
    assert account is not None
    return account.state


async def _sessions(read: sessions.Reader, person: Actor) -> list[str]:
    return list(
        await read.values("SELECT secret FROM sessions WHERE actor_id = :actor_id", actor_id=person.id)
    )
