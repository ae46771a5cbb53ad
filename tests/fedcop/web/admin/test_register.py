"""Councils of a public register."""

from storage import allowlist
from storage.actors import Actor
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser, hidden

HERE, TAKE = "/admin/list/register", "/admin/list/register/take"
REGISTER = """name,homepage_url,slug,gss,tier_id,country_name
Leeds City Council,https://www.leeds.gov.uk,leeds,E08000035,3,England
Powys <b>County Council,https://www.powys.gov.uk,powys,W06000023,3,Wales
Nowhere Council,,nowhere,E1,3,England
"""


async def test_new_councils_are_proposed_and_allowed(browser: Browser, olwen: Actor) -> None:
    store = browser.council.node.store

    look = await send(browser, HERE, register=REGISTER)
    assert "2 councils are new" in look.text
    assert "Without the address of a website: 1" in look.text
    assert "Powys &lt;b&gt;County Council" in look.text
    assert await store.read(allowlist.all_rules) == []

    done = await browser.post(TAKE, **hidden(look) | {"register": REGISTER})
    assert "2 councils are allowed." in done.text
    rows = await store.read(allowlist.all_rules)
    assert [row.pattern for row in rows] == [
        "*.leeds.gov.uk", "*.powys.gov.uk", "leeds.gov.uk", "powys.gov.uk",
    ]  # fmt: skip
    assert {(row.by_name, row.source) for row in rows} == {("olwen", "register")}
    assert "On the list already: 2" in (await send(browser, HERE, register=REGISTER)).text


async def test_those_of_one_nation_can_be_chosen(browser: Browser, olwen: Actor) -> None:
    look = await send(browser, HERE, register=REGISTER, nation="Wales")

    assert "1 council is new" in look.text
    assert hidden(look)["nation"] == "Wales"


async def test_nothing_is_no_register(browser: Browser, olwen: Actor) -> None:
    assert (await send(browser, HERE, register=" ")).status_code == 422


async def test_what_is_no_register_is_told_and_stays(browser: Browser, olwen: Actor) -> None:
    for to in (HERE, TAKE):
        page = await send(browser, HERE, to, register="a,b\n1,2\n")

        assert page.status_code == 422
        assert '<a href="#register">' in page.text
        assert "a,b\n1,2" in page.text
