"""Asking by form: first what there is already, then the question; nothing typed is lost."""

import re
from typing import Any

import httpx
import pytest

from fedcop import fetch
from storage import asks, memberships, visible
from storage.actors import Actor
from storage.asks import Ask
from storage.visible import SYSTEM
from tests.fedcop.web.conftest import Browser, hidden
from tests.support.network import Network

FORM = {
    "community": "@floods@kent.example",
    "title": "Who has a letter about gullies?",
    "need": "A text that people understand.\n\nOurs is old.",
    "tried": "The one of 2019 & others",
    "by_when": "2026-04-01",
    "service": "function/3",
    "language": "en",
}


@pytest.fixture
async def floods(browser: Browser, ada: Actor) -> Actor:
    """Give a community that ada belongs to, ada signed in."""
    made = await browser.council.community("floods", ada)
    await browser.council.follow(ada, made)
    await browser.sign_in("ada")
    return made


async def send(browser: Browser, do: str = "look", **changes: str) -> httpx.Response:
    """Send the form as the page has it."""
    csrf = hidden(await browser.get("/ask"))["csrf"]
    return await browser.post("/ask", csrf=csrf, do=do, **(FORM | changes))


async def asked(browser: Browser) -> list[Ask]:
    return await browser.council.node.store.read(asks.open_at, SYSTEM, limit=9)


async def test_the_form_offers_ones_communities_and_the_service_list(browser: Browser, floods: Actor) -> None:
    page = (await browser.get("/ask?community=@floods@kent.example&title=Gullies%3F&need=%22%3E%3Cb%3E")).text
    assert '<option value="@floods@kent.example" selected>Floods</option>' in page
    assert re.search(r'<option value="function/3">[^<]*: Benefits</option>', page)
    assert 'value="Gullies?"' in page
    assert "<b>" not in page
    assert 'aria-current="page"' in page
    welsh = (await browser.get("/ask?lang=cy")).text
    assert "Budd-daliadau" in welsh
    assert "Beth sydd ei angen arnoch?" in welsh


async def test_before_it_is_asked_what_is_like_it_and_who_will_see_it_is_shown(
    browser: Browser, floods: Actor, ada: Actor
) -> None:
    ben = await browser.council.person("ben")
    await browser.council.follow(ben, floods)
    earlier = await browser.council.publish(ben, "@floods A letter about gullies that people understand?")
    page = await send(browser)
    assert page.status_code == 200
    assert f'href="/posts/{earlier}"' in page.text
    assert "This answers me" in page.text
    assert "If nobody answers within 8 working hours" in page.text
    assert "Ada Bright" in page.text
    assert [one.post_id for one in await asked(browser)] == [earlier], "nothing is posted"
    kept = hidden(page)
    assert {name: kept[name] for name in ("title", "by_when", "service")} == {
        name: FORM[name] for name in ("title", "by_when", "service")
    }


async def test_asked_anyway_it_is_an_ask_with_all_that_was_typed(browser: Browser, floods: Actor) -> None:
    answer = await send(browser, do="ask")
    assert answer.status_code == 303
    (ask,) = await asked(browser)
    assert answer.headers["location"] == f"/posts/{ask.post_id}"
    assert (ask.need, ask.tried, str(ask.by_when)) == (FORM["need"], FORM["tried"], FORM["by_when"])
    assert (ask.services, ask.community_id) == (("function/3",), floods.id)
    page = (await browser.get(answer.headers["location"])).text
    assert "Who has a letter about gullies?</h1>" in page
    assert "No answer yet" in page
    assert "Needed by" in page


async def test_who_changes_their_mind_finds_the_form_as_it_was(browser: Browser, floods: Actor) -> None:
    page = (await send(browser, do="change")).text
    assert "A text that people understand.\n\nOurs is old.</textarea>" in page
    assert 'value="2026-04-01"' in page
    assert '<option value="function/3" selected>' in page
    assert await asked(browser) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"need": ""}, "need"),
        ({"need": "x" * 2001}, "need"),
        ({"tried": "x" * 2001}, "tried"),
        ({"community": ""}, "community"),
        ({"community": "@elsewhere@kent.example"}, "community"),
        ({"by_when": "2026-03-01"}, "by_when"),
        ({"by_when": "soon"}, "by_when"),
    ],
)
@pytest.mark.parametrize("do", ["look", "ask"])
async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    browser: Browser, floods: Actor, changes: dict[str, Any], field: str, do: str
) -> None:
    answer = await send(browser, do=do, **changes)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "The one of 2019 &amp; others" in answer.text or field == "tried"
    assert await asked(browser) == []


async def test_what_is_in_no_list_is_refused_when_it_is_asked(browser: Browser, floods: Actor) -> None:
    answer = await send(browser, do="ask", service="function/999999")
    assert (answer.status_code, 'href="#service"' in answer.text) == (422, True)
    assert await asked(browser) == []


async def test_faults_are_told_in_welsh(browser: Browser, floods: Actor) -> None:
    await browser.get("/ask?lang=cy")
    answer = await send(browser, title="", by_when="2026-03-01")
    assert "Ni chaiff fod yn wag" in answer.text
    assert "Mae wedi mynd heibio eisoes" in answer.text
    assert '<span lang="en">' not in answer.text


async def test_who_belongs_nowhere_is_told_so(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    page = (await browser.get("/ask")).text
    assert "belong to a community first" in page
    assert "<textarea" not in page


async def test_strangers_sign_in_first(browser: Browser) -> None:
    assert (await browser.get("/ask?title=a")).headers["location"] == "/sign-in?next=/ask%3Ftitle%3Da"
    answer = await browser.post("/ask", **FORM)
    assert answer.status_code in (303, 401, 403)


async def test_a_form_from_elsewhere_asks_nothing(browser: Browser, floods: Actor) -> None:
    answer = await browser.post("/ask", csrf="x", do="ask", **FORM)
    assert answer.status_code == 403
    assert await asked(browser) == []


async def test_a_community_of_another_council_is_asked_alike(
    network: Network, browser: Browser, ada: Actor
) -> None:
    devon = await network.open("devon.example")
    fin = await devon.person("fin")
    grit = await devon.community("grit", fin)

    await fetch.actor(browser.council.node, grit.uri)
    await browser.council.follow(ada, grit)
    await network.settle()
    await browser.sign_in("ada")
    store = browser.council.node.store
    assert len(await store.read(memberships.joined, visible.person(ada.id), ada.id)) == 1
    answer = await send(browser, do="ask", community="@grit@devon.example")
    assert answer.status_code == 303
    await network.settle()
    (there,) = await devon.node.store.read(asks.open_at, SYSTEM, limit=9)
    assert (there.need, there.tried) == (FORM["need"], FORM["tried"])
    assert there.services == ("function/3",)
