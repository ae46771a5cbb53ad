"""A person's archive, from the page where it is asked for to the file."""

from datetime import timedelta

from fedcop.workers import archive
from storage.actors import Actor
from tests.fedcop.web.conftest import Browser, hidden
from tests.support.network import Network

HERE = "/settings/data"


async def test_an_archive_is_asked_for_made_and_taken(network: Network, browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    first = await browser.get(HERE)
    assert "archive.zip" not in first.text

    assert (await browser.post(HERE, csrf="odd")).status_code == 403
    assert (await browser.post(HERE, **hidden(first))).headers["location"] == HERE
    waits = (await browser.get(HERE)).text
    assert "Your archive is being made." in waits
    assert waits.count("<form") == first.text.count("<form") - 1

    await archive.work(browser.council.node)
    ready = (await browser.get(HERE)).text
    assert 'href="/settings/archive.zip"' in ready
    assert "0.1 MB" in ready
    assert (await browser.get("/settings/archive.zip")).content.startswith(b"PK")

    network.clock.move(timedelta(days=8))
    await browser.sign_in("ada")
    assert "archive.zip" not in (await browser.get(HERE)).text


async def test_strangers_sign_in_first(browser: Browser) -> None:
    assert (await browser.get(HERE)).headers["location"] == f"/sign-in?next={HERE}"
