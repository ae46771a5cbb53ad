"""Every node met, and one of them."""

from storage import peers
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.admin.conftest import send
from tests.fedcop.web.conftest import Browser
from tests.support.clock import NOON

HERE = "/admin/peers"


async def test_those_that_fail_come_first(browser: Browser, olwen: Actor) -> None:
    store = browser.council.node.store
    await store.write(peers.heard, "alpha.example", NOON)
    await store.write(peers.failed, "omega.example", "503", NOON)
    await store.write(peers.hide, "beta.example", NOON)

    page = (await browser.get(HERE)).text

    places = [page.index(f'href="/admin/peers/{name}.example"') for name in ("omega", "alpha", "beta")]
    assert places == sorted(places)
    assert "Fails" in page


async def test_one_shows_what_it_runs_what_waits_and_what_it_answered(browser: Browser, olwen: Actor) -> None:
    scene = Scene(browser.council.node)
    dan = await scene.remote("dan", "mastodon.example", software="mastodon")
    await scene.joined(dan, olwen)
    await browser.council.publish(olwen, "Who hears this?")
    await scene.node.store.write(peers.failed, "mastodon.example", "503 <b>", NOON)

    page = (await browser.get(f"{HERE}/mastodon.example")).text

    assert "mastodon 1" in page
    assert "503 &lt;b&gt;" in page
    assert "Try again now" in page
    assert "Allowed" in page


async def test_trying_again_is_recorded_and_said(browser: Browser, olwen: Actor) -> None:
    await browser.council.node.store.write(peers.heard, "omega.example", NOON)

    answer = await send(browser, f"{HERE}/omega.example")

    assert answer.headers["location"] == f"{HERE}/omega.example?retried="
    assert "It is being tried again." in (await browser.get(answer.headers["location"])).text
    assert "peer retry" in (await browser.get("/admin/audit")).text


async def test_a_node_that_was_never_met_is_not_found(browser: Browser, olwen: Actor) -> None:
    assert (await browser.get(f"{HERE}/nowhere.example")).status_code == 404
    assert (await send(browser, "/admin", f"{HERE}/nowhere.example")).status_code == 404
