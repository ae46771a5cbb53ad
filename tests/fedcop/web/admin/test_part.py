"""A long list on a page."""

from fedcop.actions import allowlist
from storage.actors import Actor
from storage.allowlist import RuleRow, put
from storage.engine import Transaction
from tests.fedcop.web.conftest import Browser
from tests.support.clock import NOON

HERE = "/admin/list"


async def _many(tx: Transaction) -> None:
    for number in range(250):
        await put(tx, RuleRow(f"c{number:03}.gov.uk", "allow", "Council", "x", "register", NOON))


async def test_a_hundred_rows_are_shown_and_the_rest_further_on(browser: Browser, olwen: Actor) -> None:
    node = browser.council.node
    await node.store.write(_many)
    await allowlist.reconcile(node)

    first = (await browser.get(HERE)).text
    last = (await browser.get(f"{HERE}?from=200")).text

    assert first.count('role="row"') == 101
    assert 'href="?from=100"' in first
    assert "c249.gov.uk" not in first
    assert "c249.gov.uk" in last
    assert 'rel="next"' not in last
    assert len(first) < 150_000


async def test_only_what_is_looked_for_is_shown(browser: Browser, olwen: Actor) -> None:
    node = browser.council.node
    await node.store.write(_many)
    await allowlist.reconcile(node)

    one = (await browser.get(f"{HERE}?find=C24")).text
    page = (await browser.get(f"{HERE}?find=c")).text

    assert one.count('role="row"') == 11
    assert "10 entries" in one
    assert 'href="?find=c&amp;from=100"' in page
    assert "Nothing like that is there." in (await browser.get(f"{HERE}?find=<b>")).text


async def test_a_short_list_has_no_box(browser: Browser, olwen: Actor) -> None:
    assert 'id="find"' not in (await browser.get(HERE)).text
