"""A person's own archive."""

import io
from zipfile import ZipFile

from fedcop.actions import archive
from fedcop.workers import archive as worker
from storage.actors import Actor
from tests.fedcop.web.conftest import Browser

HERE = "/settings/archive.zip"


async def test_only_its_owner_gets_it_once_it_is_ready(browser: Browser, ada: Actor) -> None:
    node = browser.council.node
    await archive.ask(node, ada)
    assert (await browser.get(HERE)).headers["location"] == f"/sign-in?next={HERE}"
    await browser.sign_in("ada")
    assert (await browser.get(HERE)).status_code == 404
    await worker.work(node)
    answer = await browser.get(HERE)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith('attachment; filename="ada-')
    assert ZipFile(io.BytesIO(answer.content)).testzip() is None
    (await archive.path_of(node, ada.id)).unlink()
    assert (await browser.get(HERE)).status_code == 404


async def test_who_asked_for_none_gets_none_of_anothers(browser: Browser, ada: Actor) -> None:
    node = browser.council.node
    bea = await browser.council.person("bea")
    await archive.ask(node, bea)
    await worker.work(node)
    await browser.sign_in("ada")
    assert (await browser.get(HERE)).status_code == 404
