"""The doors together: each address has one, and each of its own kind of answer."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from fedcop.server.app import build
from tests.support import described
from tests.support.network import Council, Network

AS2 = "application/activity+json"


@pytest.fixture
async def kent(network: Network) -> Council:
    council = await network.open("kent.example", web={"public_pages": True})
    await council.community("floods", await council.person("ada"))
    return council


@pytest.fixture
async def http(kent: Council) -> AsyncIterator[httpx.AsyncClient]:
    app = described.Described(app=build(kent.node))
    async with httpx.AsyncClient(transport=app, base_url="https://kent.example") as client:
        yield client


async def test_a_supervisor_is_told_that_it_lives_and_is_ready(http: httpx.AsyncClient) -> None:
    for probe in ("/livez", "/readyz"):
        answer = await http.get(probe, headers={"x-forwarded-for": "192.0.2.1"})
        assert (answer.status_code, answer.text) == (200, "ok")


async def test_without_its_database_it_lives_and_is_not_ready(http: httpx.AsyncClient, kent: Council) -> None:
    await kent.node.store.close()

    assert (await http.get("/livez")).status_code == 200
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert (await http.get("/communities/floods")).status_code == 503


async def test_an_id_is_a_page_for_people_and_a_document_for_servers(http: httpx.AsyncClient) -> None:
    page = await http.get("/communities/floods", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")

    document = await http.get("/communities/floods", headers={"accept": AS2})
    assert document.headers["content-type"].startswith(AS2)
    assert document.json()["id"] == "https://kent.example/communities/floods"
    assert "name" not in document.json(), "an unsigned request gets the stub"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v9", "/api/v1/accounts/x"])
async def test_a_client_is_never_answered_by_a_page(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)

    assert answer.status_code in (401, 404)
    assert "error" in answer.json()


async def test_an_address_of_nothing_is_a_page_that_says_so(http: httpx.AsyncClient) -> None:
    answer = await http.get("/nothing")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_slash_too_many_leads_nowhere(http: httpx.AsyncClient) -> None:
    answer = await http.get("/livez/", headers={"host": "evil.example"})

    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_the_host_header_names_nothing(http: httpx.AsyncClient) -> None:
    asked = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    for path in ("/api/v1/instance", "/api/v2/instance", "/.well-known/oauth-authorization-server",
                 "/.well-known/nodeinfo", "/.well-known/host-meta", "/communities/floods",
                 "/.well-known/webfinger?resource=acct:floods@kent.example"):  # fmt: skip
        answer = await http.get(path, headers=asked)
        assert answer.status_code == 200, path
        assert "evil" not in answer.text, path


async def test_a_client_that_cannot_resolve_a_loopback_name_is_answered_with_what_it_dialled(
    network: Network,
) -> None:
    kent = await network.open("kent.localhost:8001")
    app = described.Described(app=build(kent.node))
    path = "/.well-known/oauth-authorization-server"
    async with httpx.AsyncClient(transport=app) as http:
        for dialled in ("http://127.0.0.1:8001", "http://localhost:8001"):
            assert (await http.get(dialled + path)).json()["token_endpoint"] == f"{dialled}/oauth/token"
        other = await http.get("http://127.0.0.1:8001" + path, headers={"host": "evil.example:8001"})
        assert other.json()["token_endpoint"] == "http://kent.localhost:8001/oauth/token"
        finger = "http://localhost:8001/.well-known/webfinger?resource=acct:ask@kent.localhost:8001"
        ids = [link["href"] for link in (await http.get(finger)).json()["links"] if link["rel"] == "self"]
        assert ids == ["http://kent.localhost:8001/people/ask"]


async def test_every_address_answers_with_headers_that_keep_browsers_from_harm(
    http: httpx.AsyncClient, kent: Council
) -> None:
    paths = {
        re.sub(r"\{\w+(:\w+)?\}", "1", route.path)
        for route in build(kent.node).routes
        if hasattr(route, "path")
    }
    assert len(paths) > 20
    for path in sorted(paths):
        answer = await http.get(path, headers={"accept": "text/html"})
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"], path
        assert answer.headers["strict-transport-security"], path
