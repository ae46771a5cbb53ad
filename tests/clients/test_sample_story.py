"""All that the sample network's people read is as described, and as the strictest clients want it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from bench.site import free_port
from fedcop.sample import story as stories
from fedcop.sample.council import Site
from fedcop.sample.play import Play
from tests.clients.conftest import Serve
from tests.support.described import answer_faults, ensured

pytestmark = pytest.mark.slow

PAGES = (
    "v1/accounts/verify_credentials",
    "v1/accounts/{me}/statuses",
    "v1/accounts/{me}/followers",
    "v1/accounts/{me}/following",
    "v1/timelines/home?limit=40",
    "v1/timelines/public?limit=40",
    "v1/timelines/public?local=true&limit=40",
    "v1/notifications?limit=80",
    "v2/notifications?limit=80",
    "v1/follow_requests",
    "v1/lists",
    "v1/conversations",
    "v1/directory",
    "v2/suggestions",
    "v2/search?q=a",
    "v1/markers",
    "v1/instance",
    "v2/instance",
)


@pytest.fixture
def play(serve_here: Serve, tmp_path: Path) -> Play:
    """Give the sample network when its first conversations are over, on free ports."""
    ensured()
    story = stories.read()
    councils = {
        slug: msgspec.structs.replace(council, port=free_port()) for slug, council in story.councils.items()
    }
    story = msgspec.structs.replace(story, councils=councils)
    sites = {slug: Site(slug, council, tmp_path, tls=None) for slug, council in councils.items()}
    play = Play(story, sites, {})
    for slug, each in sites.items():
        each.make([other.domain for other in sites.values() if other is not each], ca_file=None)
        play.people_and_communities(slug)
    serve_here(list(sites.values()))
    play.begin(lambda _: None)
    return play


def looked_at(http: httpx.Client) -> Iterator[tuple[str, Any, list[str]]]:
    """Give each page of a person, each thread and account on it, and what is wrong with the answer."""

    def asked(path: str) -> tuple[str, Any, list[str]]:
        answer = http.get(f"/api/{path}")
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return path, answer.json(), answer_faults("GET", answer.url.path, answer)

    me = asked("v1/accounts/verify_credentials")[1]["id"]
    seen = {}
    for page in PAGES:
        seen[page] = asked(page.format(me=me))
        yield seen[page]
    for status in seen["v1/timelines/public?limit=40"][1]:
        for path in ("", "/context", "/history"):
            yield asked(f"v1/statuses/{status['id']}{path}")
        yield asked(f"v1/accounts/{status['account']['id']}")
        yield asked(f"v1/accounts/{status['account']['id']}/statuses")


def test_everything_that_everybody_reads_is_as_clients_want_it(play: Play) -> None:
    looked, wrong = 0, {}
    for who, token in play.tokens.items():
        site = play.sites[play.story.people[who].council]
        headers = {"authorization": f"Bearer {token}"}
        address = f"http://127.0.0.1:{site.council.port}"
        with httpx.Client(base_url=address, headers=headers, timeout=60) as http:
            for path, _, faults in looked_at(http):
                looked += 1
                if faults:
                    wrong[f"{who} {path}"] = faults
    assert wrong == {}
    print(f"\n{looked} answers of the sample network")
    assert looked > len(play.tokens) * len(PAGES)
