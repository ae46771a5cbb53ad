"""The page of what may act for a person."""

import httpx

from fedcop.actions import token
from fedcop.actions.account import hash_of
from fedcop.server.app import build
from storage import oauth
from storage.actors import Actor
from tests.fedcop.web.conftest import Browser, hidden
from tests.support import described

HERE = "/settings/sessions"


async def test_whoever_is_not_signed_in_signs_in_first(browser: Browser) -> None:
    answer = await browser.get(HERE)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/sign-in?next={HERE}")
    assert (await browser.post(HERE, token="7")).status_code == 403


async def test_an_application_is_listed_and_its_access_ended(browser: Browser, ada: Actor) -> None:
    store = browser.council.node.store
    secret = await token.create(browser.council.node, "ada", scopes="read", app_name="<b>Tusk", by="test")
    await browser.sign_in("ada")
    page = await browser.get(HERE)
    assert "&lt;b&gt;Tusk" in page.text
    assert secret not in page.text
    form = hidden(page)
    assert (await browser.post(HERE, **form | {"csrf": "odd"})).status_code == 403
    assert await store.read(oauth.find_token, hash_of(secret)) is not None
    assert (await browser.post(HERE, **form)).headers["location"] == HERE
    assert await store.read(oauth.find_token, hash_of(secret)) is None
    assert "Tusk" not in (await browser.get(HERE)).text


async def test_another_persons_access_stays(browser: Browser, ada: Actor) -> None:
    await browser.council.person("ben")
    node = browser.council.node
    secret = await token.create(node, "ben", scopes="read", app_name="Tusk", by="test")
    bearer = await node.store.read(oauth.find_token, hash_of(secret))
    assert bearer is not None
    await browser.sign_in("ada")
    form = hidden(await browser.get(HERE))
    await browser.post(HERE, csrf=form["csrf"], token=str(bearer.token_id))
    assert await node.store.read(oauth.find_token, hash_of(secret)) is not None


async def test_other_browsers_are_signed_out(browser: Browser, ada: Actor) -> None:
    await browser.sign_in("ada")
    transport = described.Described(app=build(browser.council.node))
    async with httpx.AsyncClient(transport=transport, base_url="https://kent.example") as http:
        other = Browser(http, browser.council)
        await other.sign_in("ada")
        assert (await other.get(HERE)).status_code == 200
        await browser.post(HERE, csrf=hidden(await browser.get(HERE))["csrf"])
        assert (await other.get(HERE)).status_code == 302
    assert (await browser.get(HERE)).status_code == 200
