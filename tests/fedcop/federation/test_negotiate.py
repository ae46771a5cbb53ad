import json
from collections.abc import Mapping
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from fedcop.federation import negotiate
from fedcop.federation.negotiate import DocumentRoute


async def document(request: Request) -> Response:
    return negotiate.document({"id": "https://kent.example/1"})


async def page(request: Request) -> Response:
    return PlainTextResponse("a page")


APP = Starlette(routes=[DocumentRoute("/{name}", document), Route("/{name}", page)])


async def ask(headers: Mapping[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(APP), base_url="https://kent.example"
    ) as client:
        return await client.get("/ada", headers=dict(headers))


@pytest.mark.parametrize(
    ("accept", "is_document"),
    [
        ("application/activity+json", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
        ("text/html, application/activity+json;q=0.5", True),
        ("text/html", False),
        ("*/*", False),
        ("application/json", False),
        ("application/activity+jsonp", False),
    ],
)
async def test_a_document_goes_to_who_names_it_and_the_page_to_all_others(
    accept: str, is_document: bool
) -> None:
    answer = await ask({"accept": accept})
    assert (answer.text != "a page") is is_document


async def test_a_document_has_the_exact_type_and_says_what_it_depends_on() -> None:
    answer = await ask({"accept": "application/activity+json"})
    assert answer.headers["content-type"] == "application/activity+json"
    assert answer.headers["vary"] == "Accept, Signature, Signature-Input"
    assert answer.headers["cache-control"] == "private, no-cache"


def test_bytes_go_out_as_they_are() -> None:
    assert negotiate.document(b'{"a" : 1}').body == b'{"a" : 1}'


def test_what_is_gone_is_a_tombstone() -> None:
    gone = negotiate.tombstone("https://kent.example/1", "Note", datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert gone.status_code == 410
    found = json.loads(bytes(gone.body))
    assert (found["type"], found["formerType"], found["deleted"]) == (
        "Tombstone",
        "Note",
        "2026-03-02T12:00:00Z",
    )
