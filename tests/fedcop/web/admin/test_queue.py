"""What waits."""

from storage.actors import Actor
from storage.engine import Transaction
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import Browser


async def test_what_waits_is_shown_by_host(browser: Browser, olwen: Actor) -> None:
    assert "Nothing waits to be sent." in (await browser.get("/admin/queue")).text
    scene = Scene(browser.council.node)
    await scene.joined(await scene.remote("dan", "mastodon.example"), olwen)

    await browser.council.publish(olwen, "Who hears this?")

    page = (await browser.get("/admin/queue")).text
    assert '<a href="/admin/peers/mastodon.example">mastodon.example</a>' in page
    assert '<a href="/admin/queue"><strong>1</strong>' in (await browser.get("/admin")).text


async def test_what_was_received_is_counted(browser: Browser, olwen: Actor) -> None:
    peer = Scene(browser.council.node)
    dan = await peer.remote("dan", "mastodon.example")
    await peer.node.store.write(_received, dan)

    assert "given up" in (await browser.get("/admin/queue")).text


async def _received(tx: Transaction, dan: Actor) -> None:
    sql = """INSERT INTO received (id, uri, type, actor_uri, host, key_id, body, state, due_at, received_at)
             VALUES (1, 'https://mastodon.example/1', 'Create', :uri, 'mastodon.example', '', '{}', 'dead',
                     '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"""
    await tx.execute(sql, uri=dan.uri)
