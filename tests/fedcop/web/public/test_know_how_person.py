"""The link by which somebody objects, without an account."""

import re

from fedcop.actions import distilling, objections
from fedcop.workers import know_how
from storage import know_how_drafts
from storage.actors import Actor
from storage.ids import RowId
from tests.fedcop.web.conftest import Browser
from tests.fedcop.web.staff.test_know_how import drafted, thread


async def told(browser: Browser, ada: Actor) -> tuple[RowId, Actor, str]:
    """Give a draft, whom it quotes, and their link."""
    ben, picks = await thread(browser, ada)
    draft_id = await drafted(browser, ada, picks)
    node = browser.council.node
    await objections.tell(node, ada, draft_id)
    await know_how.work(node)
    seal = objections.seal_of(node, draft_id, ben.id)
    return draft_id, ben, f"/know-how/drafts/{draft_id}/people/{ben.id}?seal={seal}"


async def said(browser: Browser, draft_id: RowId) -> list[tuple[str, str]]:
    answers = await browser.council.node.store.read(know_how_drafts.answers, draft_id)
    return [(one.answer, one.reason) for one in answers]


async def test_ones_own_words_are_shown_and_nobody_elses(browser: Browser, ada: Actor) -> None:
    _, _, link = await told(browser, ada)
    page = await browser.get(link)
    assert "Ours block." in page.text
    assert "Twice a year" not in page.text
    assert "Empty gullies twice" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    assert page.headers["referrer-policy"] == "no-referrer"
    boxes = re.findall(r'<input[^>]*type="radio" value="(\w+)"', page.text)
    assert boxes == ["agree", "leave_out", "stop"]


async def test_an_objection_is_taken_without_signing_in(browser: Browser, ada: Actor) -> None:
    draft_id, _, link = await told(browser, ada)
    sent = await browser.post(link, answer="leave_out", reason="another road")
    assert (sent.status_code, sent.headers["location"]) == (303, link)
    assert await said(browser, draft_id) == [("leave_out", "another road")]
    page = (await browser.get(link)).text
    assert "Your words and your name are left out." in page
    assert "<form method=" not in page[page.index("<main") :]


async def test_no_word_is_asked_for_again(browser: Browser, ada: Actor) -> None:
    draft_id, _, link = await told(browser, ada)
    wrong = await browser.post(link)
    assert wrong.status_code == 422
    assert "Choose one of these" in wrong.text
    assert await said(browser, draft_id) == [("", "")]


async def test_a_form_of_another_site_and_a_wrong_seal_open_nothing(browser: Browser, ada: Actor) -> None:
    draft_id, ben, link = await told(browser, ada)
    forged = await browser.http.post(
        link, data={"answer": "stop"}, headers={"origin": "https://evil.example"}
    )
    assert forged.status_code == 403
    path, _, seal = link.partition("?")
    for other in (
        link[:-1],
        path,
        f"/know-how/drafts/{draft_id}/people/{ada.id}?{seal}",
        f"/know-how/drafts/x/people/{ben.id}?seal=",
        "/know-how/drafts/1/people/x?seal=1",
    ):
        assert (await browser.get(other)).status_code == 404, other
    assert await said(browser, draft_id) == [("", "")]


async def test_what_is_published_can_be_left_but_not_stopped(browser: Browser, ada: Actor) -> None:
    draft_id, _, link = await told(browser, ada)
    await browser.post(link, answer="agree")
    await know_how.work(browser.council.node)
    page = (await browser.get(link)).text
    assert "It is published:" in page
    assert 'value="stop"' not in page
    assert (await browser.post(link, answer="stop")).status_code == 422
    held = await browser.council.node.store.read(know_how_drafts.find, distilling.visible.SYSTEM, draft_id)
    assert held is not None
    assert held.state == "published"
