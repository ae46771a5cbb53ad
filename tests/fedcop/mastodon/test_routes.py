"""The door: what is found, what is not, what browsers may do, and what goes wrong politely."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from fedcop.mastodon import answer
from fedcop.mastodon.routes import TABLES, Door, Table
from fedcop.mastodon.streaming import Streaming
from fedcop.node import Node
from storage.errors import Unavailable
from tests.fedcop.mastodon.conftest import BASE, Client


async def one(request: Request) -> Response:
    return answer.entity(["one", request.path_params])


async def two(request: Request) -> Response:
    return answer.entity(["two", request.path_params])


async def full(request: Request) -> Response:
    raise Unavailable("full")


TABLE = [
    Route("/api/v1/accounts/lookup", one),
    Route("/api/v1/accounts/{id}", two),
    Route("/api/v1/accounts/{account_id}/follow", one, methods=["POST"]),
    Route("/api/v1/profile", one, methods=["PATCH"]),
    Route("/api/v1/full", full),
]


def test_a_fixed_part_comes_before_a_name() -> None:
    table = Table(TABLE)
    assert table.find("/api/v1/accounts/lookup", "GET") == (one, {})
    assert table.find("/api/v1/accounts/17", "GET") == (two, {"id": "17"})
    assert table.find("/api/v1/accounts/17/follow", "POST") == (one, {"account_id": "17"})


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/accounts", "GET"),
        ("/api/v1/accounts/17/follow", "GET"),
        ("/api/v1/accounts/17/follow/x", "POST"),
        ("/api/v2/accounts/17", "GET"),
        ("/", "GET"),
    ],
)
def test_what_the_table_does_not_name_is_not_found(path: str, method: str) -> None:
    assert Table(TABLE).find(path, method) is None


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_is_written_with_either_verb(method: str) -> None:
    assert Table(TABLE).find("/api/v1/profile", method) == (one, {})


async def test_a_trailing_slash_changes_nothing(node: Node) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=Door(node, TABLE, Streaming(node))), base_url=BASE
    ) as http:
        assert (await http.get("/api/v1/accounts/17/")).json() == ["two", {"id": "17"}]


async def test_a_busy_database_is_503_with_a_time(node: Node) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=Door(node, TABLE, Streaming(node))), base_url=BASE
    ) as http:
        response = await http.get("/api/v1/full")
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v9/timelines/home", "/api/v1/pools/1"])
async def test_an_unknown_path_is_a_404_in_json(stranger: Client, path: str) -> None:
    assert await stranger.refused("GET", path) == (404, "Record not found")


async def test_options_answers_before_anybody_is_asked_who_they_are(stranger: Client) -> None:
    assert (await stranger.ask("OPTIONS", "/api/v1/timelines/home")).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/statuses", "/oauth/token"])
async def test_a_browser_may_ask_from_anywhere(http: httpx.AsyncClient, path: str) -> None:
    response = await http.options(
        path,
        headers={
            "origin": "https://phanpy.social",
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization, content-type, idempotency-key",
        },
    )
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    allowed = response.headers["access-control-allow-headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "idempotency-key"))


async def test_a_browser_reads_the_link_even_of_a_refusal(http: httpx.AsyncClient) -> None:
    response = await http.get("/api/v1/timelines/home", headers={"origin": "https://phanpy.social"})
    assert response.status_code == 401
    assert response.headers["access-control-allow-origin"] == "*"
    assert "Link" in response.headers["access-control-expose-headers"]


def test_no_two_pages_claim_one_route() -> None:
    claimed = [(route.path, method) for page in TABLES for route in page for method in route.methods or ()]
    assert sorted(claimed) == sorted(set(claimed))


async def test_a_socket_anywhere_but_at_streaming_is_closed(node: Node) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await Door(node, TABLE, Streaming(node))({"type": "websocket", "path": "/api/v1/statuses"}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]
