"""One's own account: what somebody suspended may still do, and the end of it."""

import pytest

from fedcop.actions import access, hold, leave, report
from fedcop.actions import token as tokens
from storage import actors, reports
from storage.actors import Actor
from storage.pages import Page
from storage.visible import SYSTEM, person
from tests.fedcop.web.admin.conftest import csrf_of, send
from tests.fedcop.web.conftest import PASSWORD, Browser

HERE = "/settings/account"


@pytest.fixture
async def cat(browser: Browser) -> Actor:
    """Give an admin, who suspends."""
    return await browser.council.person("cat")


async def suspended(browser: Browser, ada: Actor, cat: Actor) -> None:
    """Suspend Ada, who signs in again."""
    await access.suspend(browser.council.node, cat, ada, reason="Spam <17>")
    answer = await browser.sign_in("ada", wanted="/search")
    assert answer.headers["location"] == HERE


async def test_who_is_suspended_signs_in_reads_why_and_appeals(
    browser: Browser, ada: Actor, cat: Actor
) -> None:
    node = browser.council.node
    await suspended(browser, ada, cat)
    page = await browser.get(HERE)
    assert page.status_code == 200
    assert "Spam &lt;17&gt;" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert 'href="/communities"' not in page.text

    empty = await browser.post(f"{HERE}/appeal", csrf=csrf_of(page), appeal=" ")
    assert (empty.status_code, 'href="#appeal"' in empty.text) == (422, True)
    assert f'href="{HERE}?lang=cy"' in empty.text
    sent = await browser.post(f"{HERE}/appeal", csrf=csrf_of(page), appeal="It was not me")
    assert sent.headers["location"] == f"{HERE}?done=appealed"
    await node.store.write(_make_admin, cat.id)
    (made,) = await node.store.read(reports.page, person(cat.id), Page(limit=9), closed=False)
    assert (made.comment, made.by_actor, made.target_id) == ("It was not me", ada.id, ada.id)
    assert "waits for the administrators" in (await browser.get(HERE)).text
    again = await browser.post(f"{HERE}/appeal", csrf=csrf_of(page), appeal="Still")
    assert again.status_code == 422


async def _make_admin(tx: object, actor_id: int) -> None:
    await tx.execute("UPDATE accounts SET admin = 1 WHERE actor_id = :id", id=actor_id)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/people", "/search?q=x", "/settings/sessions", "/admin"])
async def test_who_is_suspended_opens_nothing_else(
    browser: Browser, ada: Actor, cat: Actor, path: str
) -> None:
    await suspended(browser, ada, cat)
    answer = await browser.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    csrf = csrf_of(await browser.get(HERE))
    sent = await browser.post("/settings/sessions", csrf=csrf)
    assert (sent.status_code, sent.headers["location"]) == (303, HERE)
    assert (await browser.get("/sign-in?next=/search")).headers["location"] == HERE


async def test_who_is_suspended_sees_what_strangers_see_where_strangers_read(
    browser: Browser, ada: Actor, cat: Actor
) -> None:
    await suspended(browser, ada, cat)
    assert 'href="/sign-in"' in (await browser.get("/")).text


async def test_who_is_suspended_takes_an_archive_and_signs_out(
    browser: Browser, ada: Actor, cat: Actor
) -> None:
    await suspended(browser, ada, cat)
    asked = await send(browser, "/settings/data")
    assert asked.headers["location"] == "/settings/data"
    assert "being made" in (await browser.get("/settings/data")).text
    out = await browser.post("/sign-out", csrf=csrf_of(await browser.get(HERE)))
    assert out.status_code == 303
    assert (await browser.get(HERE)).headers["location"].startswith("/sign-in")


async def test_an_app_of_whoever_is_suspended_is_told_so_and_works_again_afterwards(
    browser: Browser, ada: Actor, cat: Actor
) -> None:
    node = browser.council.node
    token = await tokens.create(node, "ada", scopes="read", app_name="x", by="cat")
    home = {"authorization": f"Bearer {token}"}
    await access.suspend(node, cat, ada, reason="test")
    refused = await browser.http.get("/api/v1/timelines/home", headers=home)
    assert (refused.status_code, "suspended" in refused.json()["error"]) == (403, True)
    await access.unsuspend(node, cat, await _now(browser, ada))
    assert (await browser.http.get("/api/v1/timelines/home", headers=home)).status_code == 200


async def _now(browser: Browser, who: Actor) -> Actor:
    found = await browser.council.node.store.read(actors.find, SYSTEM, who.id)
    assert found is not None
    return found


@pytest.mark.parametrize("state", ["active", "suspended"])
async def test_a_person_deletes_themself_with_their_password(
    browser: Browser, ada: Actor, cat: Actor, state: str
) -> None:
    await suspended(browser, ada, cat) if state == "suspended" else await browser.sign_in("ada")
    page = await browser.get(HERE)
    wrong = await browser.post(f"{HERE}/delete", csrf=csrf_of(page), password="wrong horse")
    assert (wrong.status_code, 'href="#password"' in wrong.text) == (422, True)
    done = await browser.post(f"{HERE}/delete", csrf=csrf_of(page), password=PASSWORD)
    assert (done.status_code, "Your account is deleted" in done.text) == (200, True)
    assert (await _now(browser, ada)).state == "deleted"
    assert (await browser.get(HERE)).headers["location"].startswith("/sign-in")
    assert (await browser.sign_in("ada")).status_code == 422


async def test_who_is_on_hold_is_told_that_the_erasure_waits(
    browser: Browser, ada: Actor, cat: Actor
) -> None:
    node = browser.council.node
    await hold.place(node, "ada", reason="Complaint 17", by="cat")
    await browser.sign_in("ada")
    done = await browser.post(f"{HERE}/delete", csrf=csrf_of(await browser.get(HERE)), password=PASSWORD)
    assert "Your request waits" in done.text
    assert "Complaint" not in done.text
    await browser.sign_in("ada")
    page = (await browser.get(HERE)).text
    assert "You asked for your account to be deleted." in page
    assert "/settings/account/delete" not in page
    assert (await _now(browser, ada)).state == "suspended"


async def test_forms_of_the_account_want_the_text_of_the_session(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    for form in ("appeal", "delete"):
        assert (await browser.post(f"{HERE}/{form}", csrf="odd", password=PASSWORD)).status_code == 403
    assert (await _now(browser, ada)).state == "active"


async def test_who_is_disabled_does_not_get_in(browser: Browser, ada: Actor, cat: Actor) -> None:
    await browser.sign_in("ada")
    await access.disable(browser.council.node, cat, ada)
    assert (await browser.get(HERE)).headers["location"].startswith("/sign-in")
    assert (await browser.sign_in("ada")).status_code == 403


async def test_what_is_decided_from_elsewhere_is_the_same(browser: Browser, ada: Actor) -> None:
    await leave.suspend(browser.council.node, "ada", by="command line")
    await browser.sign_in("ada")
    assert "suspended your account" in (await browser.get(HERE)).text
    assert await report.appeal(browser.council.node, ada, "x") > 0
