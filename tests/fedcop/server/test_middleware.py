"""What every request passes, whatever answers it."""

import asyncio
import logging
import re

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fedcop import caller
from fedcop.node import Node
from fedcop.server.middleware import Front, Guard
from storage.errors import Unavailable
from tests.support.network import Network


async def well(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("well", headers={"content-security-policy": "its own"})(scope, receive, send)


def failing(error: BaseException, *, late: bool = False) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if late:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return app


async def asked(app: ASGIApp, node: Node) -> httpx.Response:
    guarded = httpx.ASGITransport(app=Guard(app, node))
    async with httpx.AsyncClient(transport=guarded, base_url="https://kent.example") as http:
        return await http.get("/ask")


async def test_each_answer_has_an_id_and_the_safe_headers(node: Node) -> None:
    one, other = await asked(well, node), await asked(well, node)

    assert one.headers["x-content-type-options"] == "nosniff"
    assert one.headers["referrer-policy"] == "same-origin"
    assert one.headers["strict-transport-security"] == "max-age=31536000"
    assert re.fullmatch("[0-9a-f]{16}", one.headers["x-request-id"])
    assert one.headers["x-request-id"] != other.headers["x-request-id"]


async def test_a_policy_of_its_own_is_kept(node: Node) -> None:
    assert (await asked(well, node)).headers.get_list("content-security-policy") == ["its own"]


async def test_a_node_without_https_does_not_ask_for_it(network: Network) -> None:
    kent = await network.open("kent.localhost:8001")

    assert "strict-transport-security" not in (await asked(well, kent.node)).headers


async def test_a_bug_is_answered_500_without_a_word_of_it_and_logged(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await asked(failing(KeyError("secret")), node)

    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/json")
    assert "secret" not in answer.text
    (record,) = [record for record in caplog.records if record.name == "fedcop.request"]
    assert vars(record)["request_id"] == answer.headers["x-request-id"]
    assert vars(record)["path"] == "/ask"
    assert record.exc_info is not None


async def test_a_database_that_takes_nothing_is_answered_503(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await asked(failing(Unavailable("2000 writes wait")), node)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "2000 writes wait" in caplog.text
    assert logging.ERROR not in [record.levelno for record in caplog.records]


async def test_a_request_cut_off_at_the_end_of_the_process_is_answered_503(node: Node) -> None:
    answer = await asked(failing(asyncio.CancelledError()), node)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_what_fails_after_its_beginning_is_not_answered_twice(node: Node) -> None:
    with pytest.raises(KeyError):
        await asked(failing(KeyError("late"), late=True), node)


async def test_what_is_no_request_is_passed_on(node: Node) -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*message: object) -> dict[str, object]:
        return {}

    await Guard(app, node)({"type": "lifespan"}, nothing, nothing)  # type: ignore[arg-type]
    assert seen == ["lifespan"]


async def test_a_message_that_many_answers_share_stays_as_it_is(node: Node) -> None:
    shared = {"type": "http.response.start", "status": 202, "headers": []}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(shared)
        await send({"type": "http.response.body", "body": b""})

    await asked(app, node)

    assert shared == {"type": "http.response.start", "status": 202, "headers": []}


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "/api/v1/instance", "api"),
        ("POST", "/api/v1/statuses", "api"),
        ("POST", "/inbox", "inbox"),
        ("GET", "/inbox", "table"),
        ("POST", "/people/ruth/inbox", "table"),
        ("GET", "/apis", "table"),
        ("GET", "/", "table"),
    ],
)
async def test_what_is_asked_most_goes_straight_to_its_door(method: str, path: str, wanted: str) -> None:
    front = Front(
        PlainTextResponse("table"),
        Route("/inbox", PlainTextResponse("inbox")),
        Mount("/api", PlainTextResponse("api")),
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=front), base_url="https://kent.example"
    ) as http:
        assert (await http.request(method, path)).text == wanted


async def test_whoever_works_on_a_request_may_ask_where_it_came_from(node: Node) -> None:
    async def tell(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(caller.address.get())(scope, receive, send)

    assert (await asked(tell, node)).text == "127.0.0.1"
