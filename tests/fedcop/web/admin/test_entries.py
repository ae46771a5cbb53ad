"""The federation list: added to, explained, narrowed with what ends shown before."""

import pytest

from storage import allowlist, audit, peers
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser, hidden
from tests.support.network import Network

HERE, CHANGE = "/admin/list", "/admin/list/change"


async def test_every_entry_says_where_it_comes_from_and_only_ours_can_be_removed(
    browser: Browser, olwen: Actor
) -> None:
    await send(browser, HERE, CHANGE, do="allow", domain="*.gov.uk", reason="Councils", review="2027-03-31")

    page = (await browser.get(HERE)).text

    assert "Councils" in page
    assert "this page" in page
    assert "31 March 2027" in page
    assert 'value="*.gov.uk"' in page
    assert "devon.example" in page
    assert 'value="devon.example"' not in page
    assert "Fixed by the file" in page


async def test_what_follows_is_shown_before_and_nothing_is_changed_by_looking(
    browser: Browser, olwen: Actor
) -> None:
    scene = Scene(browser.council.node)
    dan = await scene.remote("dan", "mastodon.example")
    await scene.joined(olwen, dan)

    look = await send(browser, HERE, do="deny", domain="mastodon.example", reason="Closed down")

    assert "Deny mastodon.example?" in look.text
    assert "This would end what ties this node" in look.text
    assert browser.council.node.rules.allows("mastodon.example")
    form = hidden(look)
    assert form | {"csrf": ""} == {"csrf": "", "domain": "mastodon.example", "reason": "Closed down"}

    done = await browser.post(CHANGE, **form, do="deny")
    assert "mastodon.example is denied." in done.text
    assert "Hidden now: mastodon.example" in done.text
    assert "Follow" in done.text
    assert not browser.council.node.rules.allows("mastodon.example")
    held = await scene.node.store.read(peers.find, "mastodon.example")
    assert held is not None
    assert held.standing == "hidden"


async def test_an_entry_is_removed_with_a_reason_that_is_kept(browser: Browser, olwen: Actor) -> None:
    store = browser.council.node.store
    await send(browser, HERE, CHANGE, do="allow", domain="*.gov.uk", reason="Councils")
    look = await send(browser, HERE, do="forget", domain="*.gov.uk")
    assert "This would end nothing." in look.text

    done = await browser.post(CHANGE, **hidden(look), do="forget", reason="Too wide")

    assert "The entry *.gov.uk is removed." in done.text
    assert await store.read(allowlist.find, "*.gov.uk") is None
    (last, *_) = await store.read(audit.latest, 1)
    assert (last.by_name, last.verb, last.object, last.reason) == ("olwen", "forget", "*.gov.uk", "Too wide")


@pytest.mark.parametrize(
    ("name", "verdict", "decided"),
    [("cop.leeds.gov.uk", "Allowed", "*.gov.uk"), ("devon.example", "Allowed", "configuration file"),
     ("gov.uk", "Denied", "No entry says anything"), ("gov.uk.evil.example", "Denied", "No entry")],
)  # fmt: skip
async def test_a_name_is_explained(
    browser: Browser, olwen: Actor, name: str, verdict: str, decided: str
) -> None:
    await send(browser, HERE, CHANGE, do="allow", domain="*.gov.uk", reason="Councils")

    page = (await browser.get(f"{HERE}?explain={name}")).text.partition('role="status"')[2]

    assert f">{verdict}</strong>" in page
    assert decided in page


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        ({"do": "allow", "domain": "leeds", "reason": "x"}, "domain", "wanted a domain such as"),
        ({"do": "allow", "domain": "kent.example", "reason": "x"}, "domain", "kent.example is this node"),
        ({"do": "allow", "domain": "leeds.gov.uk"}, "reason", "Say why"),
        ({"do": "wave", "domain": "leeds.gov.uk", "reason": "x"}, "do", "Choose whether"),
        ({"do": "deny", "domain": "a.uk", "reason": "x", "until": "soon"}, "until", "wanted a day such as"),
        ({"do": "deny", "domain": "a.uk", "reason": "x", "until": "2020-01-01"}, "until", "or later"),
        ({"do": "forget", "domain": "york.example"}, "domain", "is not on the list"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field_and_stays(
    browser: Browser, olwen: Actor, form: dict[str, str], field: str, said: str
) -> None:
    page = await send(browser, HERE, CHANGE, **form)

    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert said in page.text
    assert f'value="{form["domain"]}"' in page.text
    assert await browser.council.node.store.read(allowlist.all_rules) == []


async def test_everything_that_is_wrong_is_told_at_once(browser: Browser, olwen: Actor) -> None:
    page = (await send(browser, HERE, do="allow", domain="leeds", review="soon")).text

    assert [name in page for name in ('href="#domain"', 'href="#reason"', 'href="#review"')] == [True] * 3


async def test_a_name_that_cannot_be_explained_says_so(browser: Browser, olwen: Actor) -> None:
    page = await browser.get(f"{HERE}?explain=<b>")

    assert page.status_code == 422
    assert '<a href="#explain">' in page.text
    assert "<b>" not in page.text


async def test_the_other_language_explains_the_same_name(browser: Browser, olwen: Actor) -> None:
    page = (await browser.get(f"{HERE}?explain=gov.uk")).text

    assert 'href="/admin/list?explain=gov.uk&amp;lang=cy"' in page


async def test_what_is_due_for_review_is_marked(network: Network, browser: Browser, olwen: Actor) -> None:
    today = browser.council.node.clock.now().date().isoformat()
    await send(browser, HERE, CHANGE, do="allow", domain="*.gov.uk", reason="Councils", review=today)

    assert ">due</strong>" in (await browser.get(HERE)).text
    assert '<a href="/admin/list"><strong>1</strong>' in (await browser.get("/admin")).text
