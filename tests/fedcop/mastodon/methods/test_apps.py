"""Registering an application, in every spelling."""

from typing import Any

import pytest

from tests.fedcop.mastodon.conftest import Client


@pytest.mark.parametrize(
    "how",
    [
        {"json": {"client_name": "Tusk", "redirect_uris": "a:/b\nc:/d", "scopes": "read write"}},
        {"json": {"client_name": "Tusk", "redirect_uris": ["a:/b", "c:/d"], "scopes": "read write"}},
        {"data": {"client_name": "Tusk", "redirect_uris": "a:/b c:/d", "scopes": "read+write"}},
        {"params": {"client_name": "Tusk", "redirect_uris[]": ["a:/b", "c:/d"], "scopes": "read,write"}},
        {"files": {"client_name": (None, "Tusk"), "redirect_uris": (None, "a:/b c:/d"),
                   "scopes": (None, "read write")}},
    ],
)  # fmt: skip
async def test_an_application_registers_in_every_spelling(stranger: Client, how: dict[str, Any]) -> None:
    response = await stranger.ask("POST", "/api/v1/apps", **how)

    assert response.status_code == 200, response.text
    made = response.json()
    assert made["redirect_uris"] == ["a:/b", "c:/d"]
    assert made["scopes"] == ["read", "write"]
    assert made["client_id"]
    assert made["client_secret"]
    assert made["website"] is None


async def test_the_least_scope_is_read(stranger: Client) -> None:
    made = await stranger.post("/api/v1/apps", client_name="Tusk", redirect_uris="a:/b", scopes="everything")

    assert made["scopes"] == ["read"]


@pytest.mark.parametrize(
    "uri",
    [
        *(
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "nothing",
            "/path",
            "",
        ),
        *(
            "file:///etc/hosts",
            "http://cafe.example/cb",
            "https://user@app.example/cb",
            "https://app.example/#x",
        ),
        *("https://[/cb", "https:///cb", "http://localhost.evil.example/cb"),
    ],
)
async def test_an_address_that_runs_or_leads_nowhere_is_refused(stranger: Client, uri: str) -> None:
    status, words = await stranger.refused(
        "POST", "/api/v1/apps", json={"client_name": "Tusk", "redirect_uris": uri}
    )

    assert status == 422
    assert words.startswith("Validation failed: Redirect URI")


@pytest.mark.parametrize(
    "uri",
    [
        *("https://app.example/cb", "http://127.0.0.1:8123/cb", "http://[::1]:1/cb", "http://localhost/cb"),
        *("org.example.app://cb", "urn:ietf:wg:oauth:2.0:oob"),
    ],
)
async def test_an_address_that_only_the_application_reads_is_taken(stranger: Client, uri: str) -> None:
    made = await stranger.post("/api/v1/apps", client_name="Tusk", redirect_uris=uri, website="https://[")
    assert (made["redirect_uris"], made["website"]) == ([uri], None)


async def test_a_name_is_wanted(stranger: Client) -> None:
    assert (await stranger.refused("POST", "/api/v1/apps", json={"redirect_uris": "a:/b"}))[0] == 422


async def test_any_token_may_ask_for_its_application(ada: Client, stranger: Client) -> None:
    assert (await ada.get("/api/v1/apps/verify_credentials"))["name"] == "Test app"
    assert (await stranger.refused("GET", "/api/v1/apps/verify_credentials"))[0] == 401


async def test_an_application_s_own_token_names_it(stranger: Client) -> None:
    made = await stranger.post("/api/v1/apps", client_name="Tusk", redirect_uris="a:/b")
    form = {
        "grant_type": "client_credentials",
        "client_id": made["client_id"],
        "client_secret": made["client_secret"],
    }
    granted = await stranger.post("/oauth/token", **form)
    own = Client(stranger.http, granted["access_token"], stranger.clock)

    assert (await own.get("/api/v1/apps/verify_credentials"))["name"] == "Tusk"
    assert (await own.refused("GET", "/api/v1/accounts/verify_credentials"))[0] == 401
