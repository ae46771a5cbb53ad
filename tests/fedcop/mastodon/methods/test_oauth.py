"""Tokens without a browser, their end, and the document that says where all is."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fedcop.clock import SetClock
from fedcop.node import open_node
from tests.fedcop.mastodon.conftest import BASE, PASSWORD, Client, app_of, settings
from tests.support import described
from tests.support.hosts import Door, HostRouter


@pytest.fixture
async def app(stranger: Client) -> dict[str, Any]:
    """Give a registered application."""
    return dict(
        await stranger.post("/api/v1/apps", client_name="Tusk", redirect_uris="a:/b", scopes="read write")
    )


def asking(app: dict[str, Any], **more: str) -> dict[str, str]:
    return {
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "grant_type": "client_credentials",
    } | more


@pytest.fixture
async def suite(folder: Path, clock: SetClock) -> AsyncIterator[Client]:
    """Give a client of a node that grants tokens for passwords."""
    node = await open_node(
        settings(folder, sign_in={"password_grant": True}), clock=clock, transport=Door(HostRouter())
    )
    async with httpx.AsyncClient(transport=described.Described(app=app_of(node)), base_url=BASE) as http:
        yield Client(http, None, clock)
    await node.close()


async def test_the_client_may_prove_itself_by_basic(stranger: Client, app: dict[str, Any]) -> None:
    response = await stranger.http.post(
        "/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(app["client_id"], app["client_secret"]),
    )

    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"


async def test_a_body_without_a_type_is_read(stranger: Client, app: dict[str, Any]) -> None:
    body = "&".join(f"{name}={value}" for name, value in asking(app).items())

    assert (await stranger.ask("POST", "/oauth/token", content=body)).status_code == 200


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password", "username": "ada", "password": PASSWORD}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "guess"}, 400, "invalid_grant"),
    ],
)
async def test_faults_carry_the_codes_that_clients_act_on(
    stranger: Client, app: dict[str, Any], more: dict[str, str], status: int, code: str
) -> None:
    assert await stranger.refused("POST", "/oauth/token", json=asking(app, **more)) == (status, code)


async def test_basic_that_cannot_be_read_or_names_another_client_is_refused(
    stranger: Client, app: dict[str, Any]
) -> None:
    broken = await stranger.ask(
        "POST", "/oauth/token", json=asking(app), headers={"authorization": "Basic %%%"}
    )
    other = await stranger.http.post("/oauth/token", data=asking(app), auth=("other", "x"))

    assert broken.json()["error"] == other.json()["error"] == "invalid_client"


async def test_a_token_has_no_scope_that_its_application_did_not_register(
    stranger: Client, app: dict[str, Any]
) -> None:
    granted = await stranger.post("/oauth/token", **asking(app, scope="read:statuses admin:read push"))

    assert granted["scope"] == "read:statuses"


async def test_a_password_gives_a_token_only_where_suites_of_clients_run(suite: Client) -> None:
    app = await suite.post("/api/v1/apps", client_name="Tusk", redirect_uris="a:/b", scopes="read write")
    form = asking(app, grant_type="password", username="ada@kent.example", password=PASSWORD)

    granted = await suite.post("/oauth/token", **form)
    me = Client(suite.http, granted["access_token"], suite.clock)
    assert (await me.get("/api/v1/accounts/verify_credentials"))["username"] == "ada"

    assert await suite.refused("POST", "/oauth/token", json=form | {"password": "wrong"}) == (
        400,
        "invalid_grant",
    )


async def test_a_revoked_token_opens_nothing(stranger: Client, app: dict[str, Any], suite: Client) -> None:
    granted = await stranger.post("/oauth/token", **asking(app))
    own = Client(stranger.http, granted["access_token"], stranger.clock)
    form = {
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "token": granted["access_token"],
    }

    wrong = form | {"client_secret": "x"}
    assert await stranger.refused("POST", "/oauth/revoke", json=wrong) == (403, "unauthorized_client")
    assert await stranger.post("/oauth/revoke", **form) == {}
    assert await stranger.post("/oauth/revoke", **form) == {}
    assert (await own.refused("GET", "/api/v1/apps/verify_credentials"))[0] == 401


async def test_userinfo_says_who_the_person_is(ada: Client) -> None:
    claims = await ada.get("/oauth/userinfo")

    assert claims["sub"] == f"{BASE}/people/ada"
    assert claims["iss"] == f"{BASE}/"
    assert claims["preferred_username"] == "ada"
    assert claims["picture"] == f"{BASE}/avatars/original/missing.png"


async def test_the_metadata_names_what_is_understood(stranger: Client) -> None:
    document = await stranger.get("/.well-known/oauth-authorization-server")

    assert document["code_challenge_methods_supported"] == ["S256"]
    assert "password" not in document["grant_types_supported"]
    assert document["token_endpoint"] == f"{BASE}/oauth/token"
    assert {"read", "write:statuses", "follow", "push"} <= set(document["scopes_supported"])
    assert not [value for value in document.values() if isinstance(value, str) and "?" in value]


async def test_the_metadata_uses_the_loopback_authority_that_was_dialled(stranger: Client) -> None:
    response = await stranger.ask(
        "GET", "/.well-known/oauth-authorization-server", headers={"host": "127.0.0.1:8001"}
    )

    assert response.json()["token_endpoint"] == "http://127.0.0.1:8001/oauth/token"
    foreign = await stranger.ask(
        "GET", "/.well-known/oauth-authorization-server", headers={"host": "evil.example"}
    )
    assert foreign.json()["token_endpoint"] == f"{BASE}/oauth/token"


async def test_a_browser_may_ask_from_anywhere(stranger: Client) -> None:
    asked = await stranger.http.options(
        "/oauth/token", headers={"origin": "https://phanpy.social", "access-control-request-method": "POST"}
    )

    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == "*"
