"""Journey: the process is killed again and again, and nothing that it took is lost or there twice."""

import os
import random
import secrets
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bench import load
from bench.peer import Peer, written
from bench.seed import follow_each_other
from bench.site import Site

ACTIVITIES = 200
POSTS = 50
KILLS = 10
AUTHORS = 5


class Killer:
    """Kills a node the moment the answers so far have reached the next of some numbers."""

    def __init__(self, site: Site, at: list[int]) -> None:
        self.site = site
        self.left = sorted(at)
        self.answers = 0

    def answered(self) -> None:
        """Count an answer."""
        self.answers += 1
        if self.left and self.answers >= self.left[0]:
            self.left.pop(0)
            self.site.kill()


@pytest.mark.slow
async def test_what_was_accepted_before_a_kill_is_there_once(tmp_path: Path) -> None:
    seed = int(os.environ.get("FEDCOP_TEST_SEED") or secrets.randbelow(1_000_000))
    print(f"\nFEDCOP_TEST_SEED={seed}")
    chance = random.Random(seed)
    site = Site(tmp_path)
    site.make()
    token = site.add_person("ruth")
    async with Peer() as peer:
        people = [peer.person("devon", f"author{number}") for number in range(AUTHORS)]
        await follow_each_other(site, "ruth", following=people)
        left = [
            peer.create(site, people[number % AUTHORS], f"<p>activity {number}</p>")
            for number in range(ACTIVITIES)
        ]
        left += [status_of(site, token, f"post {number}") for number in range(POSTS)]
        chance.shuffle(left)
        killer = Killer(site, chance.sample(range(1, len(left)), KILLS))

        try:
            while left:
                await site.start()
                statuses = await load.fire(site.port, left, connections=8, answered=killer.answered)
                site.kill()
                left = [
                    request
                    for request, status in zip(left, statuses, strict=True)
                    if status not in (200, 202)
                ]
            await site.start()
            await site.settled()
            shown = await everything_at_home(site, token)
        finally:
            await site.stop()

    expected = [f"<p>activity {number}</p>" for number in range(ACTIVITIES)]
    expected += [f"<p>post {number}</p>" for number in range(POSTS)]
    assert sorted(shown) == sorted(expected)
    assert site.value("SELECT COUNT(*) FROM posts") == ACTIVITIES + POSTS
    # One that was worked on when the process was killed is worked on again, and finds its post there.
    assert site.value("SELECT COUNT(*) FROM received WHERE state IN ('done', 'ignored')") == ACTIVITIES
    assert site.value("SELECT COUNT(*) FROM received") == ACTIVITIES
    assert killer.left == []


def status_of(site: Site, token: str, text: str) -> bytes:
    """Give the request of a client that posts, and may send it again: its Idempotency-Key says so."""
    headers = (
        ("Host", site.domain),
        ("Authorization", f"Bearer {token}"),
        ("Idempotency-Key", text),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )
    return written(headers, "POST", "/api/v1/statuses", urlencode({"status": text}).encode())


async def everything_at_home(site: Site, token: str) -> list[str]:
    """Give the text of each post in the home timeline, page by page."""
    shown: list[str] = []
    more: dict[str, str] = {}
    while page := await site.ask("GET", "/api/v1/timelines/home", token=token, limit=40, **more):
        shown += [status["content"] for status in page]
        more = {"max_id": page[-1]["id"]}
    return shown
