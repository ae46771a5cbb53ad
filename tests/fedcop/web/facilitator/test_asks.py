"""What a facilitator sees of asks that nobody answers, and does about them."""

import html

import httpx
import pytest

from fedcop.actions import account
from storage import posts
from storage.visible import SYSTEM
from tests.fedcop.web.conftest import PASSWORD, Browser, hidden
from tests.support import routing
from tests.support.routing import Scene, notes

HERE = "/facilitate/pests/asks"


def text_of(page: httpx.Response) -> str:
    return " ".join(html.unescape(page.text).split())


async def _csrf(browser: Browser, path: str) -> str:
    return hidden(await browser.get(path))["csrf"]


async def test_open_asks_are_listed_with_what_happened_and_comes_next(scene: Scene, browser: Browser) -> None:
    assert "Every question in this community has an answer." in (await browser.get(HERE)).text
    ask = await scene.ask("Who has <b>rats</b>?")
    await scene.hours(9)

    page = await browser.get(HERE)

    assert "Who has &lt;b&gt;rats&lt;/b&gt;?" in page.text
    assert f'href="{HERE}/{ask.id}"' in page.text
    assert "The facilitators were told" in page.text
    assert "people in the community who may know are asked" in page.text
    assert "Needs you" not in page.text
    await scene.kent.publish(scene.fin, "Cats.", in_reply_to=ask.id)
    assert "rats" not in (await browser.get(HERE)).text


async def test_an_ask_shows_who_was_asked_and_each_step(scene: Scene, browser: Browser) -> None:
    ask = await scene.ask()
    await scene.hours(25)

    page = text_of(await browser.get(f"{HERE}/{ask.id}"))

    assert "People in the community who may know were asked: 1 person" in page
    assert "Eve" in page
    assert "has not answered yet" in page
    assert "Asked in all: 1. Answered: 0. Passed: 0." in page
    assert "people in other councils who may know are asked" in page
    assert "Nobody is known who could be asked now." in page


async def test_in_welsh_it_is_all_welsh(scene: Scene, browser: Browser) -> None:
    ask = await scene.ask()
    await scene.hours(25)
    page = text_of(await browser.get(f"{HERE}/{ask.id}?lang=cy"))
    assert "Holwyd pobl yn y gymuned a allai wybod: 1 person" in page
    assert "Beth sy’n dod nesaf" in page


async def test_whoever_may_know_is_proposed_with_reasons_and_asked(scene: Scene, browser: Browser) -> None:
    ask = await scene.ask()
    here = f"{HERE}/{ask.id}"
    page = await browser.get(here)
    assert "offers to be asked about Pest control" in page.text
    form = hidden(page)
    assert form["person"] == "eve@kent.example"

    answer = await browser.post(here, **form)

    assert answer.headers["location"] == f"{here}?done=asked"
    assert await scene.asked(ask) == ["eve open"]
    assert "They were asked." in (await browser.get(f"{here}?done=asked")).text
    assert "thinks that you may know" in (await notes(scene.kent, scene.eve))[0].content


@pytest.mark.parametrize(
    ("person", "fault"),
    [
        ("", "can't be blank"),
        ("nobody", "Found no person"),
        ("dee", "They asked it"),
        ("a b@c d", "person"),
    ],
)
async def test_who_cannot_be_asked_is_refused_at_the_field(
    scene: Scene, browser: Browser, person: str, fault: str
) -> None:
    ask = await scene.ask()
    here = f"{HERE}/{ask.id}"

    answer = await browser.post(here, csrf=await _csrf(browser, here), do="refer", person=person)

    assert answer.status_code == 422
    assert 'href="#person"' in answer.text
    assert fault in html.unescape(answer.text)
    assert await scene.asked(ask) == []


async def test_a_question_is_closed_with_a_reason(scene: Scene, browser: Browser) -> None:
    ask = await scene.ask()
    here = f"{HERE}/{ask.id}"
    csrf = await _csrf(browser, here)
    refused = await browser.post(here, csrf=csrf, do="close", reason=" ")
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text

    answer = await browser.post(here, csrf=csrf, do="close", reason="See the county's page")

    assert answer.headers["location"] == f"{HERE}?done=closed"
    found = await scene.kent.node.store.read(posts.find, SYSTEM, ask.id)
    assert found is not None
    assert found.locked
    page = await browser.get(f"{HERE}?done=closed")
    assert "The question is closed." in page.text
    assert routing.TITLE not in page.text
    assert (await browser.get(here)).status_code == 404


async def test_an_ask_of_elsewhere_is_not_shown(scene: Scene, browser: Browser) -> None:
    other = await scene.kent.community("roads", scene.dee)
    await scene.kent.follow(scene.eve, other)
    post_id = await scene.kent.publish(scene.eve, "@roads@kent.example Who has holes?")
    assert (await browser.get(f"{HERE}/{post_id}")).status_code == 404
    assert (await browser.get(f"{HERE}/x")).status_code == 404
    assert (await browser.post(f"{HERE}/{post_id}", do="close", csrf="odd")).status_code == 403


async def test_whoever_asked_reads_what_happened_and_comes_next_in_numbers(
    scene: Scene, browser: Browser
) -> None:
    ask = await scene.ask()
    await scene.hours(25)
    for who, told in (("dee", True), ("fin", True), ("stranger", False)):
        if who != "stranger":
            await browser.sign_in(who)
        else:
            browser.http.cookies.clear()
        page = text_of(await browser.get(f"/posts/{ask.id}"))
        assert ("People in the community who may know were asked: 1 person" in page) is told
        assert ("people in other councils who may know are asked" in page) is told
        assert "Eve" not in page


async def test_on_the_page_of_a_note_too_a_command_is_carried_out(scene: Scene, browser: Browser) -> None:
    await account.set_password(scene.kent.node, scene.eve.id, PASSWORD)
    ask = await scene.ask()
    await scene.hours(25)
    [note] = await notes(scene.kent, scene.eve)
    await browser.sign_in("eve")
    here = f"/posts/{note.id}"

    answer = await browser.post(here, csrf=await _csrf(browser, here), text="post: Cage traps")

    assert answer.status_code == 303
    assert await scene.asked(ask) == ["eve answered"]
    assert "Cage traps" in (await browser.get(f"/posts/{ask.id}")).text
