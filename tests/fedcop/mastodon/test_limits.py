"""A client that asks too often is told so, and when it may ask again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from fedcop.clock import SetClock
from fedcop.mastodon import limits
from fedcop.mastodon.limits import Limits
from fedcop.node import open_node
from tests.fedcop.mastodon.conftest import BASE, Client, app_of, settings
from tests.support import described
from tests.support.clock import NOON
from tests.support.hosts import Door, HostRouter


@pytest.fixture
async def patient(folder: Path, clock: SetClock) -> AsyncIterator[httpx.AsyncClient]:
    """Give what asks a node that takes three requests of each client."""
    config = settings(folder, limits={"requests_per_client": 3})
    node = await open_node(config, clock=clock, transport=Door(HostRouter()))
    transport = described.Described(app=app_of(node))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        yield http
    await node.close()


async def test_who_floods_is_told_to_wait(
    patient: httpx.AsyncClient, secrets: dict[str, str], clock: SetClock
) -> None:
    ada, ben = Client(patient, secrets["ada"], clock), Client(patient, secrets["ben"], clock)
    left = [
        (await ada.ask("GET", "/api/v1/timelines/home")).headers["x-ratelimit-remaining"] for _ in range(3)
    ]
    assert left == ["2", "1", "0"]
    response = await ada.ask("GET", "/api/v1/timelines/home")
    assert (response.status_code, response.json()) == (429, {"error": "Too many requests"})
    assert response.headers["x-ratelimit-reset"] == "2026-03-02T13:05:00.000Z"
    assert 0 < int(response.headers["retry-after"]) <= 300
    assert (await ben.ask("GET", "/api/v1/timelines/home")).status_code == 200
    clock.move(timedelta(seconds=300))
    assert (await ada.ask("GET", "/api/v1/timelines/home")).status_code == 200


async def test_strangers_are_counted_by_their_address(patient: httpx.AsyncClient, clock: SetClock) -> None:
    stranger = Client(patient, None, clock)
    for _ in range(3):
        assert (await stranger.ask("GET", "/api/v2/instance")).status_code == 200
    assert (await stranger.ask("GET", "/api/v2/instance")).status_code == 429


async def test_made_up_tokens_make_no_more_of_what_strangers_may_make(patient: httpx.AsyncClient) -> None:
    form = {"client_name": "App", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}
    statuses = [
        (
            await patient.post(
                "/api/v1/apps", data=form, headers={"authorization": f"Bearer made-up-{number}"}
            )
        ).status_code
        for number in range(4)
    ]
    assert statuses == [200, 200, 200, 429]


def asked_by(token: str) -> Request:
    return Request(
        {"type": "http", "method": "GET", "headers": [(b"authorization", b"Bearer " + token.encode())]}
    )


def test_nobody_fills_the_memory() -> None:
    counted = Limits(10)
    for number in range(limits.MOST_COUNTED + 1):
        counted.take(asked_by(str(number)), NOON)
    assert len(counted._counts) == 1
