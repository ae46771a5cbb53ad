"""An admin who is signed in at a node whose pages strangers may read."""

import re

import httpx
import pytest

from fedcop.actions import account
from storage.actors import Actor
from tests.fedcop.web.conftest import PASSWORD, Browser


@pytest.fixture
async def olwen(browser: Browser) -> Actor:
    """Give the admin; the browser is theirs."""
    added, _ = await account.add_person(
        browser.council.node,
        "olwen",
        email="olwen@kent.example",
        display_name="Olwen Hughes",
        password=PASSWORD,
        admin=True,
    )
    await browser.sign_in("olwen")
    return added


def csrf_of(page: httpx.Response) -> str:
    """Give the text against forgery that the forms of a page carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


async def send(browser: Browser, path: str, /, to: str = "", **form: str) -> httpx.Response:
    """Open a page and send a form of it, here or to another address."""
    return await browser.post(to or path, csrf=csrf_of(await browser.get(path)), **form)
