"""A whole list at once."""

from storage import allowlist
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser, hidden

HERE, TAKE = "/admin/list/import", "/admin/list/import/take"
TABLE = (
    "domain,severity,reason\n*.gov.uk,allow,Councils\nmastodon.example,deny,<b>Gone\nkent.example,allow,us\n"
)


async def test_what_a_list_would_do_is_shown_before_it_is_taken(browser: Browser, olwen: Actor) -> None:
    scene, store = Scene(browser.council.node), browser.council.node.store
    await scene.joined(olwen, await scene.remote("dan", "mastodon.example"))

    look = await send(browser, HERE, list=TABLE)

    assert "New: 2 entries" in look.text
    assert "Not taken: 1 entry" in look.text
    assert "&lt;b&gt;Gone" in look.text
    assert "This would end what ties this node" in look.text
    assert await store.read(allowlist.all_rules) == []

    form = hidden(look) | {"list": TABLE}
    done = await browser.post(TAKE, **form)
    assert "The list is taken." in done.text
    assert [row.pattern for row in await store.read(allowlist.all_rules)] == ["*.gov.uk", "mastodon.example"]
    assert not browser.council.node.rules.allows("mastodon.example")


async def test_a_bad_line_changes_nothing_and_is_named(browser: Browser, olwen: Actor) -> None:
    page = await send(browser, HERE, TAKE, list="domain,severity\nleeds.gov.uk,allow\nyork,deny\n")

    assert page.status_code == 422
    assert '<a href="#list">' in page.text
    assert "line 3" in page.text.lower()
    assert "leeds.gov.uk,allow" in page.text
    assert await browser.council.node.store.read(allowlist.all_rules) == []


async def test_nothing_is_no_list(browser: Browser, olwen: Actor) -> None:
    assert (await send(browser, HERE, list=" ")).status_code == 422


async def test_a_list_may_be_long(browser: Browser, olwen: Actor) -> None:
    names = "\n".join(f"council{number}.gov.uk" for number in range(6000))
    assert len(names) > 100_000

    assert "New: 6,000 entries" in (await send(browser, HERE, list=names)).text


async def test_what_says_nothing_new_cannot_be_taken(browser: Browser, olwen: Actor) -> None:
    page = await send(browser, HERE, list="devon.example\n")

    assert "There already: 1 entry" in page.text
    assert "Take the list" not in page.text
