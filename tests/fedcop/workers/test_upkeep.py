"""What has had its time goes."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

from fedcop.actions import post, upload
from fedcop.node import Node
from fedcop.workers import history, inbox, upkeep
from storage import counted, histories, received, sessions
from storage.engine import Reader
from storage.ids import RowId
from tests.fedcop.workers.test_inbox import put
from tests.support.network import Council, Network
from tests.support.pictures import png


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
    await post.delete(kent.node, ada, post_id)
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
