"""A first message to somebody who is like oneself."""

import re
from html import unescape
from urllib.parse import quote

from fedcop.actions import profile
from fedcop.actions.profile import Changes
from storage import practices, views, visible
from storage.actors import Actor
from storage.engine import Transaction
from storage.ids import EntryId
from storage.practices import Practice
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import Browser, hidden

HERE = "/people/dan@devon.example/hello"


async def _alike(browser: Browser, ada: Actor, **said: str) -> Actor:
    """Let ada look for what dan of Devon knows."""
    await profile.update(browser.council.node, ada, Changes(practice=Practice(needs=("function/110",))))
    practice = Practice(offers=("function/110",), names={"function/110": "Parking"}, **said)
    return await Scene(browser.council.node).remote(
        "dan", "devon.example", findable="nodes", practice=practices.text_of(practice)
    )


def _typed(page: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found is not None
    return unescape(found[1]).strip()


async def test_people_like_oneself_are_shown_with_the_reason(browser: Browser, ada: Actor) -> None:
    await _alike(browser, ada)
    await browser.sign_in("ada")
    page = (await browser.get("/people")).text
    assert "People like you" in page
    assert "Knows about what you look for: Parking" in page
    assert f'href="{HERE}"' in page
    welsh = (await browser.get("/people?lang=cy")).text
    assert "Yn gwybod am yr hyn rydych yn chwilio amdano: Parcio" in welsh
    assert "People like you" not in (await browser.get("/people?lang=en&service=function/110")).text


async def test_a_message_is_begun_and_goes_to_the_person_alone(browser: Browser, ada: Actor) -> None:
    await _alike(browser, ada)
    await browser.sign_in("ada")
    assert f'href="{HERE}"' in (await browser.get("/people/dan@devon.example")).text
    form = await browser.get(HERE)
    assert _typed(form.text).splitlines() == [
        "@dan@devon.example Hello Dan,",
        "",
        "I found you here, since this is so:",
        "- Knows about what you look for: Parking",
    ]

    answer = await browser.post(HERE, **hidden(form), text=_typed(form.text), language="en")

    assert answer.status_code == 303
    post_id = EntryId(int(answer.headers["location"].rpartition("/")[2]))
    (view,) = await browser.council.node.store.read(views.views, visible.person(ada.id), [post_id])
    assert view.post.audience == "direct"
    assert [mention.handle for mention in view.mentions] == ["dan"]


async def test_what_somebody_calls_themself_addresses_nobody_else(browser: Browser, ada: Actor) -> None:
    await _alike(browser, ada, role="@eve@evil.example {name}")
    scene = Scene(browser.council.node)
    dee = await scene.remote("dee", "devon.example", findable="nodes")
    await scene.node.store.write(_rename, dee, "Dee @eve@evil.example {0}")
    await browser.sign_in("ada")
    typed = _typed((await browser.get("/people/dee@devon.example/hello")).text)
    assert typed == "@dee@devon.example Hello Dee eveevil.example {0},"
    assert "@eve" not in (await browser.get(HERE)).text


async def _rename(tx: Transaction, actor: Actor, name: str) -> None:
    await tx.execute("UPDATE actors SET display_name = :name WHERE id = :id", name=name, id=actor.id)


async def test_an_empty_message_is_not_sent(browser: Browser, ada: Actor) -> None:
    await _alike(browser, ada)
    await browser.sign_in("ada")
    answer = await browser.post(HERE, **hidden(await browser.get(HERE)), text="")
    assert answer.status_code == 422


async def test_one_says_hello_to_people_alone_and_not_to_oneself(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    assert (await browser.get(HERE)).headers["location"] == f"/sign-in?next={quote(HERE)}"
    await browser.sign_in("ada")
    for name in ("ada", "drainage", "nobody"):
        assert (await browser.get(f"/people/{name}/hello")).status_code == 404
    assert "/hello" not in (await browser.get("/people/ada")).text
