"""Nodes that were refused, until somebody decides."""

from fedcop.actions import knock
from storage import knocks
from storage.actors import Actor
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser


async def test_who_knocked_is_shown_inert_and_dismissed(browser: Browser, olwen: Actor) -> None:
    node = browser.council.node
    knock.note(node, "york.example", way="inbox", actor="https://york.example/<b>", user_agent="<i>")
    await knock.keep(node)

    page = await browser.get("/admin/knocks")
    assert "https://york.example/&lt;b&gt;" in page.text
    assert "&lt;i&gt;" in page.text
    assert "sent something" in page.text
    assert 'href="/admin/list?domain=york.example&amp;explain=york.example"' in page.text

    answer = await send(browser, "/admin/knocks", host="york.example")
    assert answer.headers["location"] == "/admin/knocks"
    assert await node.store.read(knocks.waiting) == []
    assert "No node waits for a decision." in (await browser.get("/admin/knocks")).text


async def test_deciding_begins_with_the_name_in_the_form(browser: Browser, olwen: Actor) -> None:
    page = (await browser.get("/admin/list?domain=york.example&explain=york.example")).text

    assert 'id="domain" name="domain" type="text" value="york.example"' in page
    assert "Denied" in page


async def test_who_did_not_knock_is_not_dismissed(browser: Browser, olwen: Actor) -> None:
    assert (await send(browser, "/admin/knocks", host="york.example")).status_code == 404
    assert (await send(browser, "/admin/knocks", host="")).status_code == 422
