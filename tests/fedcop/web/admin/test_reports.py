"""What people reported."""

from fedcop.actions import report
from storage import audit, reports, visible
from storage.actors import Actor
from storage.ids import RowId
from storage.reports import Report
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser

HERE = "/admin/reports"


async def reported(browser: Browser, ada: Actor) -> int:
    """Let ben report a post that ada wrote to him alone."""
    ben = await browser.council.person("ben")
    post = await browser.council.publish(ada, "@ben Buy <b>now</b>", audience="direct")
    return await report.report(
        browser.council.node, ben, ada, post_ids=[post], comment="<i>Advertising", category="spam"
    )


async def held(browser: Browser, olwen: Actor, report_id: int) -> Report:
    found = await browser.council.node.store.read(reports.find, visible.person(olwen.id), RowId(report_id))
    assert found is not None
    return found


async def test_a_report_shows_what_it_is_about_and_that_it_was_read_is_recorded(
    browser: Browser, olwen: Actor, ada: Actor
) -> None:
    await reported(browser, ada)

    page = (await browser.get(HERE)).text

    assert "&lt;i&gt;Advertising" in page
    assert "Buy" in page
    assert "advertising" in page
    verbs = [one.verb for one in await browser.council.node.store.read(audit.latest, 5)]
    assert "read closed" in verbs


async def test_it_is_taken_on_given_back_handled_and_opened_again(
    browser: Browser, olwen: Actor, ada: Actor
) -> None:
    one = str(await reported(browser, ada))
    await send(browser, HERE, report=one, do="take")
    assert (await held(browser, olwen, int(one))).assigned_to == olwen.id
    await send(browser, HERE, report=one, do="give_back")
    assert (await held(browser, olwen, int(one))).assigned_to is None

    await send(browser, HERE, report=one, do="close")
    assert "There is no report." in (await browser.get(HERE)).text
    assert "Advertising" in (await browser.get(f"{HERE}?closed=")).text

    await send(browser, f"{HERE}?closed=", HERE, report=one, do="reopen")
    assert (await held(browser, olwen, int(one))).closed_at is None


async def test_what_is_no_report_or_no_decision_is_not_found(
    browser: Browser, olwen: Actor, ada: Actor
) -> None:
    one = str(await reported(browser, ada))

    assert (await send(browser, HERE, report="7", do="close")).status_code == 404
    assert (await send(browser, HERE, report="x", do="take")).status_code == 404
    assert (await send(browser, HERE, report=one, do="burn")).status_code == 404
