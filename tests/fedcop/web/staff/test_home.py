"""What whoever is signed in sees first."""

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser


async def test_home_shows_what_is_new_and_the_communities_one_belongs_to(
    browser: Browser, ada: Actor
) -> None:
    await browser.council.community("drainage", ada)
    await browser.council.publish(ada, "@drainage Gullies on B roads")
    await browser.sign_in("ada")

    page = (await browser.get("/")).text

    assert "Gullies on B roads" in page
    assert '<a href="/communities/drainage"><bdi>Drainage</bdi></a>' in page
    assert "?before=" not in page


async def test_what_is_older_is_a_page_further_on(browser: Browser, ada: Actor) -> None:
    for number in range(21):
        await browser.council.publish(ada, f"Post {number}.")
    await browser.sign_in("ada")
    first = (await browser.get("/")).text
    address = first.partition('href="?before=')[2].partition('"')[0]

    older = (await browser.get(f"/?before={address}")).text

    assert "Post 20." in first
    assert "Post 0." not in first
    assert "Post 0." in older
    assert "Post 1." not in older


async def test_pages_of_somebody_are_kept_nowhere(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    assert (await browser.get("/")).headers["cache-control"] == "no-store"


async def test_only_who_administers_is_led_to_the_pages_for_it(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")

    assert 'href="/admin"' not in (await browser.get("/")).text


async def test_questions_of_others_that_nobody_answered_come_first(browser: Browser, ada: Actor) -> None:
    kent = browser.council
    ben = await kent.person("ben")
    floods = await kent.community("floods", ben)
    await kent.follow(ada, floods)
    asked = await kent.publish(ben, "@floods Who has a letter?")
    told = await kent.publish(ben, "@floods Sandbags have come")
    await browser.sign_in("ada")

    page = (await browser.get("/")).text
    assert page.index("Questions without an answer") < page.index("Sandbags have come")
    assert f'<h3 class="card__title" dir="auto"><a href="/posts/{asked}">' in page
    assert "No answer yet" in page
    assert f'<h3 class="card__title" dir="auto"><a href="/posts/{told}">' not in page

    await kent.publish(ada, "We have.", in_reply_to=asked)
    assert "Questions without an answer" not in (await browser.get("/")).text
