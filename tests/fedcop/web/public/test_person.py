"""A person's page."""

from storage.actors import Actor
from storage.engine import Transaction
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import Browser


async def test_a_person_is_shown_to_colleagues_and_to_strangers_only_by_choice(
    browser: Browser, ada: Actor
) -> None:
    assert (await browser.get("/people/ada")).status_code == 404

    await browser.sign_in("ada")
    assert "<bdi>Ada Bright</bdi>" in (await browser.get("/people/ada")).text


async def test_what_is_no_person_is_not_found(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    await browser.sign_in("ada")

    assert (await browser.get("/people/drainage")).status_code == 404
    assert (await browser.get("/people/nobody")).status_code == 404


async def test_what_a_person_wrote_is_shown_as_far_as_the_reader_may_see_it(
    browser: Browser, ada: Actor
) -> None:
    ben = await browser.council.person("ben")
    await browser.council.publish(ben, "For all to read")
    await browser.council.publish(ben, "For my followers", audience="followers")
    await browser.sign_in("ada")

    page = (await browser.get("/people/ben")).text

    assert "For all to read" in page
    assert "For my followers" not in page


async def test_people_of_other_councils_have_a_page_for_staff_only(browser: Browser, ada: Actor) -> None:
    await Scene(browser.council.node).remote("dan", "mastodon.example")
    assert (await browser.get("/people/dan@mastodon.example")).status_code == 404

    await browser.sign_in("ada")
    assert "@dan@mastodon.example" in (await browser.get("/people/dan@mastodon.example")).text


async def test_whoever_has_no_name_is_called_by_their_handle(browser: Browser, ada: Actor) -> None:
    scene = Scene(browser.council.node)
    dan = await scene.remote("dan", "mastodon.example")
    await scene.node.store.write(_forget_name, dan)
    await browser.sign_in("ada")

    assert "<h1><bdi>dan</bdi></h1>" in (await browser.get("/people/dan@mastodon.example")).text
    assert "<bdi>dan</bdi></a>" in (await browser.get("/search?q=dan")).text


async def _forget_name(tx: Transaction, person: Actor) -> None:
    await tx.execute("UPDATE actors SET display_name = '' WHERE id = :id", id=person.id)
