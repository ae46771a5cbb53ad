"""What a community knows."""

from datetime import timedelta

from storage import communities
from storage.actors import Actor
from tests.fedcop.web.conftest import Browser
from tests.fedcop.web.staff.test_know_how import drafted, published, thread


async def test_the_notes_of_a_community_are_listed_and_its_drafts_to_facilitators(
    browser: Browser, ada: Actor
) -> None:
    _, picks = await thread(browser, ada)
    empty = (await browser.get("/communities/drainage/know-how")).text
    assert "There is no know-how here yet." in empty
    note = await published(browser, ada, picks)
    draft_id = await drafted(browser, ada, picks)
    for_all = (await browser.get("/communities/drainage/know-how")).text
    assert f'href="/know-how/{note}"' in for_all
    assert "May be out of date" not in for_all
    assert f"/know-how/drafts/{draft_id}" not in for_all
    await browser.sign_in("ada")
    assert f'href="/know-how/drafts/{draft_id}"' in (await browser.get("/communities/drainage/know-how")).text
    browser.council.node.clock.move(timedelta(days=400))  # type: ignore[attr-defined]
    assert "May be out of date" in (await browser.get("/communities/drainage/know-how")).text
    assert 'href="/communities/drainage/know-how"' in (await browser.get("/communities/drainage")).text


async def test_a_closed_community_lists_nothing_for_strangers(browser: Browser, ada: Actor) -> None:
    closed = await browser.council.community("closed", ada, visibility="members", join_mode="approval")
    assert (await browser.get("/communities/closed/know-how")).status_code == 404
    assert (await browser.get("/communities/nowhere/know-how")).status_code == 404
    assert (await browser.get("/communities/ada/know-how")).status_code == 404
    node = browser.council.node
    assert await node.store.read(communities.is_facilitator, closed.id, ada.id)
    await browser.sign_in("ada")
    assert (await browser.get("/communities/closed/know-how")).status_code == 200
