"""Journey: several processes share the queues of one node on PostgreSQL, and one of them is killed."""

import asyncio
import json
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench import load
from bench.peer import Peer
from bench.seed import follow_each_other
from bench.site import Site, free_port
from tests.journeys.test_kill import status_of
from tests.support.postgres import cluster

HOSTS = 400  # more than the two take at once
POSTS = 25
KILLED_AFTER = 2_000

IN_HAND = "SELECT COUNT(DISTINCT locked_by) FROM queues WHERE locked_until IS NOT NULL"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Give a node whose rows are on a server of their own."""
    with cluster() as url:
        made = Site(tmp_path, database_url=url)
        made.make()
        yield made


async def published(site: Site, ports: list[int], token: str, texts: list[str]) -> None:
    """Publish posts one after the other, each by the next of the processes that serve."""
    for number, text in enumerate(texts):
        port = ports[number % len(ports)]
        assert await load.fire(port, [status_of(site, token, text)], connections=1) == [200]


def in_order(peer: Peer) -> dict[str, list[str]]:
    """Give the texts that arrived at each host, in the order in which each came first."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in peer.arrived:
        activity = json.loads(one.body)
        text = activity["object"]["content"] if activity["type"] == "Create" else activity["type"]
        if text not in found[one.host]:
            found[one.host].append(text)
    return found


@pytest.mark.slow
async def test_every_delivery_arrives_in_order_though_one_of_two_workers_is_killed(site: Site) -> None:
    token, port = site.add_person("ruth"), free_port()
    texts = [f"post {number}" for number in range(POSTS)]
    others: list[subprocess.Popen[bytes]] = []
    async with Peer() as peer:
        people = [peer.person(f"host{number}", "ana") for number in range(HOSTS)]
        await follow_each_other(site, "ruth", followers=people)
        try:
            await site.start("--no-workers")
            others.append(site.beside("serve", "--no-workers", "--port", str(port)))
            await until_it_answers(port)
            await published(site, [site.port, port], token, texts)
            assert peer.arrived == []

            began = time.monotonic()
            others += [site.beside("worker"), site.beside("worker")]
            await peer.wait_for(KILLED_AFTER)
            assert await asyncio.to_thread(in_hand, site) == 2, "both have queues in hand"
            others[-1].kill()
            await all_of(peer, [f"<p>{text}</p>" for text in texts], seconds=240)
            took = time.monotonic() - began
            twice = len(peer.arrived) - HOSTS * POSTS

            at = len(peer.arrived)
            began = time.monotonic()
            await published(site, [port], token, ["last"])
            await peer.wait_for(at + HOSTS)
            last = time.monotonic() - began
            print(f"\n{HOSTS * POSTS} in {took:.0f} s, {twice} twice; the last in {last:.1f} s")
        finally:
            for process in others:
                process.send_signal(signal.SIGTERM)
            for process in others:
                await asyncio.to_thread(process.wait, 15)
            await site.stop()

    expected = [f"<p>{text}</p>" for text in [*texts, "last"]]
    assert in_order(peer) == {person.host: expected for person in people}
    assert [process.returncode for process in others] == [0, 0, -signal.SIGKILL]
    assert site.process is not None
    assert site.process.returncode == 0


def in_hand(site: Site) -> int:
    """Give how many processes have queues in hand."""
    with psycopg.connect(site.config.database.url) as connection:
        found = connection.execute(IN_HAND).fetchone()
    assert found is not None
    return int(found[0])


async def until_it_answers(port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise AssertionError("the second server did not start")


async def all_of(peer: Peer, texts: list[str], *, seconds: float) -> None:
    """Wait until every text has arrived at every host."""
    until = time.monotonic() + seconds
    while any(set(have) != set(texts) for have in in_order(peer).values()):
        assert time.monotonic() < until, {host: len(have) for host, have in in_order(peer).items()}
        await asyncio.sleep(1)
