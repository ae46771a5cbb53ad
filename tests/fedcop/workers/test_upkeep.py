"""What has had its time goes."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from fedcop import caller
from fedcop.actions import allowlist, knock, own_post, record, upload
from fedcop.fetch import pictures
from fedcop.node import Node
from fedcop.workers import history, inbox, upkeep
from storage import audit, counted, histories, knocks, received, sessions
from storage.engine import Reader
from storage.ids import RowId
from storage.visible import STRANGER
from tests.fedcop.actions.scene import Scene
from tests.fedcop.workers.test_inbox import put
from tests.support import pictures as shown
from tests.support.network import Council, Network
from tests.support.pictures import PictureHost, png


async def held(node: Node) -> tuple[int, int]:
    """Give how many activities are held, and how many of them with their bytes."""

    async def read(read: Reader) -> tuple[int, int]:
        return (
            await read.value("SELECT COUNT(*) FROM received"),
            await read.value("SELECT COUNT(body) FROM received"),
        )

    return await node.store.read(read)


async def test_bytes_go_after_a_week_and_ids_after_ninety_days(network: Network, node: Node) -> None:
    network.peer("mastodon.example").person("ada")
    for n in range(upkeep.STEP + 5):
        await put(node, str(n))
    while await inbox.work(node):
        pass
    await put(node, "waiting")
    whole = upkeep.STEP + 6

    assert await upkeep.work(node) == 0
    network.clock.move(timedelta(days=7, minutes=1))
    assert await upkeep.work(node) == whole - 1
    assert await held(node) == (whole, 1)
    network.clock.move(timedelta(days=90))
    assert await upkeep.work(node) == whole - 1
    assert await held(node) == (1, 1)
    assert [count.state for count in await node.store.read(received.counts)] == ["waiting"]


async def test_an_entry_of_the_list_ends_with_its_day(network: Network, node: Node) -> None:
    await allowlist.allow(node, "*.york.example", until=network.clock.now().date(), by="ada")
    await upkeep.work(node)
    assert node.allows("a.york.example")
    network.clock.move(timedelta(hours=12))
    await upkeep.work(node)
    assert not node.allows("a.york.example")


async def test_refused_nodes_that_do_not_come_again_are_forgotten(network: Network, node: Node) -> None:
    knock.note(node, "york.example", way="inbox", actor="", user_agent="")
    await knock.keep(node)
    network.clock.move(timedelta(days=89))
    await upkeep.work(node)
    assert await node.store.read(knocks.hosts) == ["york.example"]
    network.clock.move(timedelta(days=1, minutes=1))
    await upkeep.work(node)
    assert await node.store.read(knocks.hosts) == []


async def test_what_counts_once_is_forgotten_once_no_proof_can_bring_it(network: Network, node: Node) -> None:
    now = node.clock.now()
    for number in range(upkeep.STEP + 1):
        await node.store.write(counted.spend, str(number), node.actor_id, now)
    network.clock.move(timedelta(days=89))
    await upkeep.work(node)
    assert not await node.store.write(counted.first, "0", node.actor_id, now)
    network.clock.move(timedelta(days=1, minutes=1))
    await upkeep.work(node)
    assert await node.store.write(counted.first, "0", node.actor_id, now)


async def test_wrong_passwords_are_forgotten_after_a_day(network: Network, node: Node) -> None:
    async def failures(read: Reader) -> int:
        return int(await read.value("SELECT COUNT(*) FROM sign_in_failures"))

    await node.store.write(sessions.add_failure, "ada", "192.0.2.1", node.clock.now())
    await upkeep.work(node)
    assert await node.store.read(failures) == 1
    network.clock.move(timedelta(days=1, minutes=1))
    await upkeep.work(node)
    assert await node.store.read(failures) == 0


async def test_a_picture_goes_a_day_after_its_post(network: Network, kent: Council) -> None:
    ada = await kent.person("ada")
    held = await upload.take(kent.node, ada, png(), description="A wall")
    folder = Path(kent.node.config.media.folder)
    files = [folder / (name or "") for name in (held.name, held.preview)]
    post_id = await kent.publish(ada, "Look", media=(held.id,))
    network.clock.move(timedelta(days=2))
    await upkeep.work(kent.node)
    assert all(file.is_file() for file in files)
    await own_post.delete(kent.node, ada, post_id)
    await upkeep.work(kent.node)
    assert all(file.is_file() for file in files)
    network.clock.move(timedelta(days=1, minutes=1))
    await upkeep.work(kent.node)
    assert not any(file.exists() for file in files)


class Said(logging.Handler):
    """Tells when something was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.event = asyncio.Event()
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text = record.getMessage()
        self.event.set()


async def test_posts_of_a_node_that_left_the_list_go_after_the_days_that_are_said(network: Network) -> None:
    kent = await network.open("kent.example", federation={"purge_after": 3})
    PictureHost(network.router)
    scene = Scene(kent.node)
    file = await shown.received(scene, await scene.remote("cleo", "devon.example"))
    fetched = await pictures.of_post(kent.node, STRANGER, file.id)
    stored = Path(kent.node.config.media.folder) / (fetched.name or "")
    await allowlist.deny(kent.node, "devon.example", by="ada")

    network.clock.move(timedelta(days=2, hours=23))
    await upkeep.work(kent.node)
    assert await kent.post(f"https://devon.example/posts/{file.id}") is not None
    assert stored.is_file()
    network.clock.move(timedelta(hours=1))
    await upkeep.work(kent.node)
    assert await kent.post(f"https://devon.example/posts/{file.id}") is None
    assert not stored.exists()


async def test_a_round_that_cannot_be_made_is_said_and_made_later(node: Node) -> None:
    said = Said()
    upkeep.log.addHandler(said)
    await node.store.close()
    task = asyncio.create_task(upkeep.run(node))
    await said.event.wait()
    upkeep.log.removeHandler(said)
    assert said.text == "upkeep has to wait: the store is closed"
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_was_read_elsewhere_is_forgotten_after_a_day(network: Network, node: Node) -> None:
    async def rows(read: Reader) -> int:
        return int(await read.value("SELECT COUNT(*) FROM histories"))

    await node.store.write(histories.want_community, RowId(1), node.actor_id, node.clock.now())
    assert await history.work(node) == 1
    network.clock.move(timedelta(hours=23))
    await upkeep.work(node)
    assert await node.store.read(rows) == 1
    network.clock.move(timedelta(hours=2))
    await upkeep.work(node)
    assert await node.store.read(rows) == 0


async def test_the_end_of_the_record_is_logged_and_addresses_go_after_ninety_days(
    network: Network, node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    caller.address.set("192.0.2.7")
    await node.store.write(audit.record, record.note(node, "ada", "deny", "york.example"))
    end = await node.store.read(audit.end)
    network.clock.move(timedelta(days=89))
    with caplog.at_level(logging.INFO, "fedcop.workers"):
        await upkeep.tell_end(node)
    await upkeep.work(node)
    assert [(line.count, line.head) for line in caplog.records if "decisions" in line.message] == [  # type: ignore[attr-defined]
        (1, end.mac)
    ]
    assert (await node.store.read(audit.latest, 1))[0].address == "192.0.2.7"
    network.clock.move(timedelta(days=1, minutes=1))
    await upkeep.work(node)
    assert (await node.store.read(audit.latest, 1))[0].address is None
