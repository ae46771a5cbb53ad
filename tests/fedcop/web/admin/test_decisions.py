"""The record of decisions."""

from fedcop.actions import access, record
from storage import audit
from storage.actors import Actor
from tests.fedcop.web.conftest import Browser

HERE = "/admin/audit"


async def test_what_changed_is_shown_with_who_did_it(browser: Browser, olwen: Actor, ada: Actor) -> None:
    await access.disable(browser.council.node, olwen, ada)

    page = (await browser.get(HERE)).text

    assert "account disable" in page
    assert "state: active → disabled" in page
    assert "https://kent.example/people/ada" in page


async def test_what_is_older_is_a_page_further_on_and_one_thing_is_found(
    browser: Browser, olwen: Actor
) -> None:
    node = browser.council.node
    for number in range(55):
        await node.store.write(audit.record, record.note(node, "olwen", "allow", f"<b>{number}.example"))

    first = (await browser.get(HERE)).text
    address = first.partition('href="?before=')[2].partition('"')[0]
    older = (await browser.get(f"{HERE}?before={address}")).text
    one = (await browser.get(f"{HERE}?about=%3Cb%3E7.example")).text

    assert "&lt;b&gt;54.example" in first
    assert "&lt;b&gt;1.example" not in first
    assert "&lt;b&gt;1.example" in older
    assert "&lt;b&gt;7.example" in one
    assert "&lt;b&gt;8.example" not in one
    assert "Nothing was decided." in (await browser.get(f"{HERE}?about=nothing")).text
