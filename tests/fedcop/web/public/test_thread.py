"""A thread's page."""

from storage.actors import Actor
from tests.fedcop.web.conftest import Browser


async def test_a_thread_is_shown_from_its_beginning(browser: Browser, ada: Actor) -> None:
    await browser.council.community("drainage", ada)
    asked = await browser.council.publish(ada, "@drainage Gullies on B roads")
    answered = await browser.council.publish(ada, "Once a year", in_reply_to=asked)

    page = (await browser.get(f"/posts/{answered}")).text

    assert "<h1>Gullies on B roads</h1>" in page
    assert page.index("Gullies on B roads</h1>") < page.index("Once a year")
    assert f'class="card this" id="post-{answered}"' in page
    assert "/communities/drainage" in page


async def test_what_strangers_may_not_see_is_not_found(browser: Browser, ada: Actor) -> None:
    hidden = await browser.council.publish(ada, "For my followers", audience="followers")

    assert (await browser.get(f"/posts/{hidden}")).status_code == 404
    assert (await browser.get("/posts/1")).status_code == 404
    assert (await browser.get("/posts/99999999999999999999999")).status_code == 404
    assert (await browser.get("/posts/x")).status_code == 404

    await browser.sign_in("ada")
    assert (await browser.get(f"/posts/{hidden}")).status_code == 200
