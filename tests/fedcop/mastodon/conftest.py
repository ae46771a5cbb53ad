"""A node with three people and two communities, and each of them as a client of its API."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from fedcop import config, mastodon
from fedcop.actions import account, community, setup, token
from fedcop.clock import SetClock
from fedcop.config import Config
from fedcop.node import Node, open_node
from tests.support import described, ready
from tests.support.clock import NOON, noon
from tests.support.hosts import Door, HostRouter

DOMAIN = "kent.localhost:8001"
BASE = f"http://{DOMAIN}"
SCOPES = "read write follow push"
PASSWORD = "a password that nobody guesses"


class Client:
    """Somebody's client: a verb, a path, and the JSON that comes back."""

    def __init__(self, http: httpx.AsyncClient, secret: str | None, clock: SetClock) -> None:
        self.http = http
        self.clock = clock
        self.headers = {} if secret is None else {"authorization": f"Bearer {secret}"}

    async def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Send a request and give the whole answer, which is JSON whatever it says."""
        self.clock.move(timedelta(seconds=1))
        headers = self.headers | how.pop("headers", {})
        response = await self.http.request(method, path, headers=headers, **how)
        assert response.headers["content-type"] == "application/json", response.text
        return response

    async def get(self, path: str, **params: Any) -> Any:
        """Give the JSON of a GET that is to succeed."""
        response = await self.ask("GET", path, params=params or None)
        assert response.status_code == 200, response.text
        return response.json()

    async def post(self, path: str, **json: Any) -> Any:
        """Give the JSON of a POST that is to succeed."""
        response = await self.ask("POST", path, json=json)
        assert response.status_code == 200, response.text
        return response.json()

    async def refused(self, method: str, path: str, **how: Any) -> tuple[int, str]:
        """Give the status and the words of a request that is to be refused."""
        response = await self.ask(method, path, **how)
        return response.status_code, response.json()["error"]

    async def write(self, text: str, **more: Any) -> Any:
        """Post a status."""
        return await self.post("/api/v1/statuses", status=text, **more)


def settings(folder: Path, **sections: dict[str, Any]) -> Config:
    """Give the configuration of the node; ``sections`` are added to it."""
    return config.parse({"node": {"domain": DOMAIN, "name": "Kent"}} | sections, folder=folder)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Make the node once, since keys take a while, and give its folder and the token of each person."""
    folder = tmp_path_factory.mktemp("kent")
    return folder, asyncio.run(fill(folder))


@pytest.fixture
def secrets(template: tuple[Path, dict[str, str]]) -> dict[str, str]:
    """Give the token of each person."""
    return template[1]


async def fill(folder: Path) -> dict[str, str]:
    """Make a node with its people and communities, and give the token of each person."""
    secrets = {}
    await setup.set_up(settings(folder), now=NOON)
    node = ready.hand_out(await open_node(settings(folder), clock=noon(), transport=Door(HostRouter())))
    for name in ("ada", "ben", "cai"):
        actor, _ = await account.add_person(
            node, name, email=f"{name}@kent.example", display_name=name.title(), password=PASSWORD
        )
        secrets[name] = await token.create(node, name, scopes=SCOPES, app_name="Test app", by="test")
        if name == "ada":
            ada = actor
    for slug, mode in (("floods", "open"), ("trees", "approval")):
        await community.open_community(
            node, slug, name=slug.title(), summary="About it", facilitator=ada, join_mode=mode
        )
    await node.close()
    return secrets


@pytest.fixture
def folder(template: tuple[Path, dict[str, str]], tmp_path: Path) -> Path:
    """Give a copy of the node's folder."""
    return Path(shutil.copytree(template[0], tmp_path / "kent"))


@pytest.fixture
def clock() -> SetClock:
    """Give the node's time, a while after the template was made."""
    clock = noon()
    clock.move(timedelta(hours=1))
    return clock


@pytest.fixture
async def node(folder: Path, clock: SetClock) -> AsyncIterator[Node]:
    """Give the node, open."""
    opened = ready.hand_out(await open_node(settings(folder), clock=clock, transport=Door(HostRouter())))
    yield opened
    await opened.close()


def app_of(node: Node) -> Starlette:
    """Give an application that has the client API and nothing else."""
    app = Starlette(routes=mastodon.routes(node))
    app.state.node = node
    return app


@pytest.fixture
async def http(node: Node) -> AsyncIterator[httpx.AsyncClient]:
    """Give what sends requests to the node."""
    async with httpx.AsyncClient(transport=described.Described(app=app_of(node)), base_url=BASE) as client:
        yield client


@pytest.fixture
def ada(http: httpx.AsyncClient, secrets: dict[str, str], clock: SetClock) -> Client:
    """Give the client of Ada, who facilitates both communities."""
    return Client(http, secrets["ada"], clock)


@pytest.fixture
def ben(http: httpx.AsyncClient, secrets: dict[str, str], clock: SetClock) -> Client:
    """Give the client of Ben."""
    return Client(http, secrets["ben"], clock)


@pytest.fixture
def cai(http: httpx.AsyncClient, secrets: dict[str, str], clock: SetClock) -> Client:
    """Give the client of Cai."""
    return Client(http, secrets["cai"], clock)


@pytest.fixture
def stranger(http: httpx.AsyncClient, clock: SetClock) -> Client:
    """Give a client without a token."""
    return Client(http, None, clock)
