"""A facilitator makes know-how of a thread."""

import re
from datetime import timedelta

import httpx

from fedcop.actions import account, distilling, objections, own_post
from fedcop.actions.distilling import Outline
from fedcop.workers import know_how
from storage.actors import Actor
from storage.ids import PostId, RowId
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import PASSWORD, Browser, hidden

FORM = {"title": "Empty gullies twice", "text": "It is *cheaper*.", "language": "en", "months": "12"}
LICENCE = {"licence": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"}


async def thread(browser: Browser, ada: Actor) -> tuple[Actor, list[PostId]]:
    """Give Ben, and the posts of what he asked and Ada answered in drainage."""
    await browser.council.community("drainage", ada)
    ben = await browser.council.person("ben")
    asked = await browser.council.publish(ben, "@drainage How often?\n\nOurs block.")
    return ben, [asked, await browser.council.publish(ada, "Twice a year", in_reply_to=asked)]


async def drafted(browser: Browser, ada: Actor, picks: list[PostId]) -> RowId:
    outline = Outline(title="Empty gullies twice", lead="It is *cheaper*.", picks=tuple(picks))
    return await distilling.draft(browser.council.node, ada, picks[0], outline)


async def published(browser: Browser, ada: Actor, picks: list[PostId]) -> PostId:
    """Let a draft be told, and its time go by."""
    node = browser.council.node
    await objections.tell(node, ada, await drafted(browser, ada, picks))
    await know_how.work(node)
    node.clock.move(timedelta(days=8))  # type: ignore[attr-defined]
    await know_how.work(node)
    (note,) = await Scene(node).rows("SELECT post_id FROM know_how")
    return PostId(note)


def boxes(page: httpx.Response) -> dict[str, bool]:
    """Give the boxes of a form, and whether they are ticked."""
    found = re.findall(r'<input[^>]*type="checkbox"[^>]*>', page.text)
    return {re.search(r'name="([^"]*)"', box)[1]: "checked" in box for box in found}  # type: ignore[index]


async def test_posts_are_picked_and_what_becomes_of_them_is_shown(browser: Browser, ada: Actor) -> None:
    _, picks = await thread(browser, ada)
    await browser.sign_in("ada")
    assert f"/know-how/new?thread={picks[0]}" in (await browser.get(f"/posts/{picks[1]}")).text

    form = await browser.get(f"/know-how/new?thread={picks[0]}")
    assert boxes(form) == {f"pick-{picks[0]}": True, f"pick-{picks[1]}": True}
    assert 'value="How often?"' in form.text
    ticked = {f"pick-{pick}": "yes" for pick in picks}
    sent = await browser.post(f"/know-how/new?thread={picks[0]}", **FORM, **LICENCE, **ticked, **hidden(form))
    assert sent.status_code == 303
    draft = await browser.get(sent.headers["location"])
    assert "<p>It is <em>cheaper</em>.</p><h3>The question</h3>" in draft.text
    assert "Tell the people behind it" in draft.text
    assert "<bdi>Ben</bdi>" in draft.text

    told = await browser.post(sent.headers["location"], **hidden(draft))
    assert told.status_code == 303
    await know_how.work(browser.council.node)
    page = (await browser.get(sent.headers["location"])).text
    assert "Its people have been told" in page
    assert "Not answered yet" in page
    assert "9 March 2026" in page
    listed = (await browser.get("/communities/drainage/know-how")).text
    assert sent.headers["location"] in listed


async def test_what_is_wrong_stays_in_the_form(browser: Browser, ada: Actor) -> None:
    _, picks = await thread(browser, ada)
    await browser.sign_in("ada")
    place = f"/know-how/new?thread={picks[0]}"
    form = await browser.get(place)
    ticked = {f"pick-{picks[1]}": "yes"}
    wrong = await browser.post(
        place, **FORM | {"title": "", "months": "x"}, **LICENCE, **ticked, **hidden(form)
    )
    assert wrong.status_code == 422
    assert 'href="#title"' in wrong.text
    assert 'href="#months"' in wrong.text
    assert boxes(wrong) == {f"pick-{picks[0]}": False, f"pick-{picks[1]}": True}
    assert "It is *cheaper*." in wrong.text
    none = await browser.post(place, **FORM, **LICENCE, **hidden(form))
    assert 'id="picks-error"' in none.text
    assert 'href="#picks"' in none.text


async def test_nobody_else_makes_it(browser: Browser, ada: Actor) -> None:
    _, picks = await thread(browser, ada)
    draft_id = await drafted(browser, ada, picks)
    assert (await browser.get(f"/know-how/new?thread={picks[0]}")).headers["location"].startswith("/sign-in")
    cat = await browser.council.person("cat")
    await give_password(browser, cat)
    await browser.sign_in("cat")
    assert "/know-how/new" not in (await browser.get(f"/posts/{picks[0]}")).text
    for place in (
        f"new?thread={picks[0]}",
        "new",
        f"drafts/{draft_id}",
        f"drafts/{draft_id}/edit",
        "drafts/x",
    ):
        assert (await browser.get(f"/know-how/{place}")).status_code == 404, place


async def give_password(browser: Browser, person: Actor) -> None:
    await account.set_password(browser.council.node, person.id, PASSWORD)


async def test_a_draft_is_changed_until_it_is_published(browser: Browser, ada: Actor) -> None:
    _, picks = await thread(browser, ada)
    draft_id = await drafted(browser, ada, picks)
    await browser.sign_in("ada")
    place = f"/know-how/drafts/{draft_id}/edit"
    form = await browser.get(place)
    assert 'value="Empty gullies twice"' in form.text
    given = FORM | LICENCE | {"title": "Thrice", f"pick-{picks[0]}": "yes"} | hidden(form)
    assert (await browser.post(place, **given)).headers["location"] == f"/know-how/drafts/{draft_id}"
    assert "Thrice" in (await browser.get(f"/know-how/drafts/{draft_id}")).text
    late = await browser.post(place, **given)
    assert late.status_code == 422
    assert "changed meanwhile" in late.text


async def test_what_is_published_is_shown_instead(browser: Browser, ada: Actor) -> None:
    _, picks = await thread(browser, ada)
    draft_id = await drafted(browser, ada, picks)
    node = browser.council.node
    await objections.tell(node, ada, draft_id)
    await know_how.work(node)
    node.clock.move(timedelta(days=8))  # type: ignore[attr-defined]
    await know_how.work(node)
    await browser.sign_in("ada")
    page = await browser.get(f"/know-how/drafts/{draft_id}")
    assert re.fullmatch(r"/know-how/\d+", page.headers["location"])


async def test_a_draft_without_a_post_cannot_be_told(browser: Browser, ada: Actor) -> None:
    ben, picks = await thread(browser, ada)
    draft_id = await drafted(browser, ada, picks[:1])
    await browser.sign_in("ada")
    form = await browser.get(f"/know-how/drafts/{draft_id}")
    await own_post.delete(browser.council.node, ben, picks[0])
    told = await browser.post(f"/know-how/drafts/{draft_id}", **hidden(form))
    assert told.status_code == 422
    assert "Choose at least one post" in told.text
