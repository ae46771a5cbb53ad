"""A community's page."""

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser


async def test_the_newest_threads_are_shown_with_their_text(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    first = await browser.council.publish(
        ada, "@drainage Gullies on B roads\n\nHow often <b>do</b> you empty them?"
    )
    await browser.council.publish(ada, "@drainage Leaf fall")

    page = (await browser.get("/communities/drainage")).text

    assert page.index("Leaf fall") < page.index("Gullies on B roads")
    assert f'href="/posts/{first}"' in page
    assert "&lt;b&gt;do" in page
    assert (
        'rel="alternate" type="application/activity+json" href="https://kent.example/communities/drainage"'
        in page
    )


async def test_an_approval_only_community_says_so(browser: Browser, ada: Actor) -> None:
    await browser.council.community("emergency", ada, join_mode="approval")

    assert "A facilitator looks at each request" in (await browser.get("/communities/emergency")).text


async def test_a_community_without_posts_says_so(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)

    assert "Nothing has been written here yet." in (await browser.get("/communities/drainage")).text


async def test_what_is_no_community_is_not_found(browser: Browser, ada: Actor) -> None:
    assert (await browser.get("/communities/none")).status_code == 404
    assert (await browser.get("/communities/ada")).status_code == 404


async def test_a_server_gets_the_document_at_the_same_address(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)

    answer = await browser.http.get("/communities/drainage", headers={"accept": "application/activity+json"})

    assert answer.json()["id"] == "https://kent.example/communities/drainage"
