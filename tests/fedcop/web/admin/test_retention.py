"""What goes by rule, and what is on hold."""

from datetime import timedelta

import msgspec
import pytest

from fedcop.config import RetentionSection
from storage import audit, holds
from storage.actors import Actor
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser

HERE = "/admin/retention"


async def test_something_is_put_on_hold_shown_and_lifted(browser: Browser, olwen: Actor, ada: Actor) -> None:
    node = browser.council.node
    answer = await send(browser, HERE, about="@ada", reason="Complaint <17>")
    page = (await browser.get(answer.headers["location"])).text
    assert "That is on hold now." in page
    assert "Complaint &lt;17&gt;" in page
    assert "Complaint &lt;17&gt;" in (await browser.get("/admin/people/ada")).text
    (held,) = await node.store.read(holds.all_of)
    assert (held.kind, held.by_name) == ("person", "olwen")

    lifting = f"{HERE}/person/{ada.id}"
    assert f'href="{lifting}"' in page
    refused = await send(browser, lifting, reason=" ")
    assert (refused.status_code, "say why" in refused.text.lower()) == (422, True)
    answer = await send(browser, lifting, reason="Closed")
    assert answer.headers["location"] == f"{HERE}?done=lifted"
    assert "Nothing is on hold." in (await browser.get(HERE)).text
    assert 'href="/admin/retention?about=%40ada"' in (await browser.get("/admin/people/ada")).text
    assert 'value="@ada"' in (await browser.get(f"{HERE}?about=%40ada")).text
    lifted, placed = await node.store.read(audit.about, ada.uri, limit=2)
    assert (lifted.verb, lifted.reason, placed.verb) == ("lift person", "Closed", "hold person")
    assert (await browser.get(lifting)).status_code == 404


@pytest.mark.parametrize(
    ("form", "field"),
    [({"about": "nobody", "reason": "x"}, "about"), ({"about": "ada", "reason": ""}, "reason")],
)
async def test_what_cannot_be_put_on_hold_is_told_why_and_the_form_stays(
    browser: Browser, olwen: Actor, ada: Actor, form: dict[str, str], field: str
) -> None:
    page = await send(browser, HERE, **form)
    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert f'value="{form["about"]}"' in page.text


async def test_the_rules_are_shown_with_what_would_go(browser: Browser, olwen: Actor, ada: Actor) -> None:
    node = browser.council.node
    assert "Nothing would go now." in (await browser.get(HERE)).text
    rules = RetentionSection(leavers=365, threads={"drainage": 730, "*": 0})
    node.config = msgspec.structs.replace(node.config, retention=rules)
    await send(browser, "/admin/people/ada", do="suspend", reason="Left")
    node.clock.move(timedelta(days=366))  # type: ignore[attr-defined]
    await browser.sign_in("olwen")
    page = (await browser.get(HERE)).text
    for said in ("365 days", "730 days", "@drainage", "all others", "What would go now", "@ada"):
        assert said in page
    welsh = (await browser.get(f"{HERE}?lang=cy")).text
    assert "365 diwrnod" in welsh


async def test_a_person_who_is_not_an_admin_sees_and_holds_nothing(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    assert (await browser.get(HERE)).status_code == 403
    assert (await browser.post(HERE, about="ada", reason="x")).status_code == 403
