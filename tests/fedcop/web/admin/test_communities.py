"""Communities: opened and closed."""

import pytest

from fedcop.actions import hold
from storage import communities, visible
from storage.actors import Actor
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser

HERE = "/admin/communities"
WISH = {
    "slug": "floods", "name": "Floods", "summary": "Water", "facilitator": "ada",
    "join": "approval", "visibility": "members",
}  # fmt: skip


async def test_one_is_opened_as_the_form_says(browser: Browser, olwen: Actor, ada: Actor) -> None:
    answer = await send(browser, HERE, **WISH)

    assert answer.headers["location"] == "/communities/floods"
    (held,) = await browser.council.node.store.read(communities.all_local, visible.SYSTEM)
    assert (held.name, held.join_mode, held.visibility) == ("Floods", "approval", "members")
    assert "Members only" in (await browser.get(HERE)).text


@pytest.mark.parametrize(
    ("change", "field"),
    [({"slug": "Ada's"}, "slug"), ({"slug": "ada"}, "slug"), ({"name": ""}, "name"),
     ({"facilitator": "nobody"}, "facilitator"), ({"facilitator": "a@b"}, "facilitator"),
     ({"join": "sideways"}, "join"), ({"visibility": "half"}, "visibility")],
)  # fmt: skip
async def test_what_cannot_be_opened_is_told_at_its_field(
    browser: Browser, olwen: Actor, ada: Actor, change: dict[str, str], field: str
) -> None:
    page = await send(browser, HERE, **WISH | change)

    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert "Water</textarea>" in page.text


async def test_closing_is_asked_first_and_is_for_good(browser: Browser, olwen: Actor, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    asked = await browser.get(f"{HERE}/drainage/close")
    assert "It cannot be opened again." in asked.text

    answer = await send(browser, f"{HERE}/drainage/close")

    assert "The community is closed." in (await browser.get(answer.headers["location"])).text
    assert "This community is closed." in (await browser.get("/communities/drainage")).text
    assert (await browser.get(f"{HERE}/drainage/close")).status_code == 404


async def test_what_is_on_hold_is_marked_and_what_is_not_can_be(
    browser: Browser, olwen: Actor, ada: Actor
) -> None:
    await browser.council.community("floods", ada)
    assert 'href="/admin/retention?about=%40floods"' in (await browser.get(HERE)).text
    await hold.place(browser.council.node, "floods", reason="Complaint", by="olwen")
    page = (await browser.get(HERE)).text
    assert "On hold" in page
    assert "/admin/retention?about" not in page
