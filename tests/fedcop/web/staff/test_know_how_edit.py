"""A new version of know-how, by who may change it."""

from fedcop.as2.knowhow import COUNCILS_ONLY
from storage import knowhow
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.web.conftest import Browser, hidden
from tests.fedcop.web.staff.test_know_how import FORM, boxes, give_password, published, thread


async def test_its_owner_publishes_a_new_version(browser: Browser, ada: Actor) -> None:
    _, picks = await thread(browser, ada)
    note = await published(browser, ada, picks)
    await browser.sign_in("ada")
    assert f"/know-how/{note}/edit" in (await browser.get(f"/know-how/{note}")).text
    form = await browser.get(f"/know-how/{note}/edit")
    assert boxes(form) == {"pick-0": True, "pick-1": True}
    assert "It is *cheaper*." in form.text
    given = FORM | {"title": "Thrice", "licence": COUNCILS_ONLY, "pick-0": "yes", "pick-1": "yes"}
    sent = await browser.post(f"/know-how/{note}/edit", **given, **hidden(form))
    assert sent.headers["location"] == f"/know-how/{note}"
    page = (await browser.get(f"/know-how/{note}")).text
    assert "Thrice</h1>" in page
    assert "For councils only" in page
    assert "Empty gullies twice</bdi></summary>" in page
    said = await browser.council.node.store.read(knowhow.find, SYSTEM, note)
    assert said is not None
    assert said.licence == COUNCILS_ONLY


async def test_a_version_without_any_post_stays_in_the_form(browser: Browser, ada: Actor) -> None:
    _, picks = await thread(browser, ada)
    note = await published(browser, ada, picks)
    await browser.sign_in("ada")
    form = await browser.get(f"/know-how/{note}/edit")
    wrong = await browser.post(f"/know-how/{note}/edit", **FORM, licence=COUNCILS_ONLY, **hidden(form))
    assert wrong.status_code == 422
    assert "Choose at least one post" in wrong.text


async def test_nobody_else_changes_it(browser: Browser, ada: Actor) -> None:
    ben, picks = await thread(browser, ada)
    note = await published(browser, ada, picks)
    place = f"/know-how/{note}/edit"
    assert (await browser.get(place)).headers["location"].startswith("/sign-in")
    await give_password(browser, ben)
    await browser.sign_in("ben")
    assert place not in (await browser.get(f"/know-how/{note}")).text
    assert (await browser.get(place)).status_code == 403
    assert (await browser.get("/know-how/1/edit")).status_code == 404
    assert (await browser.get("/know-how/x/edit")).status_code == 404
