"""Every operation of the published description that a node has is asked, and answered as described."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fedcop.actions import authorize
from fedcop.clock import SetClock
from fedcop.mastodon.routes import TABLES, Table
from fedcop.node import Node, open_node
from tests.fedcop.mastodon import tour
from tests.fedcop.mastodon.conftest import BASE, Client, app_of, settings
from tests.fedcop.mastodon.methods.test_profile import NEW
from tests.fedcop.mastodon.methods.test_push import form as push_form
from tests.support import described, ready
from tests.support.described import Described, answer_faults, faults
from tests.support.hosts import Door, HostRouter

# How many of the described operations are answered 2xx.
ANSWERED = 180

TEXT = "a text, which Client does not take"
# What a node has and is asked for elsewhere.
ASKED_ELSEWHERE = {
    ("GET", "/health"): TEXT,
    ("POST", "/api/v1/statuses/{id}/translate"): "always refused: nothing is sent to a translator",
}
# What a node does not have, beside streams, which tests/fedcop/mastodon/streaming asks for.
ABSENT = {
    "/oauth/authorize": "a page for a person, behind another door",
    "/api/v1/announcements/{id}/dismiss": "there are no announcements",
    "/api/v1/announcements/{id}/reactions/{name}": "there are no announcements",
    "/api/v1/annual_reports/{year}": "nobody's year is summed up",
    "/api/v1/annual_reports/{year}/read": "nobody's year is summed up",
    "/api/v1_alpha/async_refreshes/{id}": "whole threads are read without being asked for",
    "/api/v1/instance/terms_of_service/{date}": "there is one version only",
    "/api/v1/timelines/link": "nothing trends",
}
# Collections of accounts to follow, new in 4.7; api_versions promises them to nobody.
COLLECTIONS = ("/collections", "/in_collections")


async def seed(ada: Client, ben: Client, cai: Client) -> dict[str, str]:
    """Let a little of everything happen, and give the ids that came of it."""
    ids = {
        name: (await ada.get("/api/v1/accounts/lookup", acct=name))["id"]
        for name in ("ada", "ben", "cai", "floods", "trees")
    }
    await ben.post(f"/api/v1/accounts/{ids['ada']}/follow")
    await ben.post(f"/api/v1/accounts/{ids['trees']}/follow")
    await ada.post(f"/api/v1/accounts/{ids['cai']}/mute", duration=60)
    made = await ada.write("@floods Sandbags for #kent\n\nAsk @ben")
    await ada.ask(
        "PUT", f"/api/v1/statuses/{made['id']}", json={"status": "@floods Sandbags for #Kent, @ben"}
    )
    await ben.write("@ada good", in_reply_to_id=made["id"], spoiler_text="Rain")
    ids["status"] = made["id"]
    ids["boost"] = (await ben.post(f"/api/v1/statuses/{made['id']}/reblog"))["id"]
    await ben.post(f"/api/v1/statuses/{made['id']}/favourite")
    await ada.post(f"/api/v1/statuses/{made['id']}/favourite")
    await ada.post("/api/v1/tags/kent/follow")
    return ids


@pytest.fixture
async def busy(folder: Path, clock: SetClock) -> AsyncIterator[Node]:
    """Give a node that has all switched on."""
    everything = {"sign_in": {"registration": "open"}, "web": {"public_pages": True}}
    opened = await open_node(settings(folder, **everything), clock=clock, transport=Door(HostRouter()))
    yield ready.hand_out(opened)
    await opened.close()


async def test_every_operation_is_answered_as_described(
    busy: Node, secrets: dict[str, str], clock: SetClock
) -> None:
    described.ensured()
    made = await authorize.register(
        busy, name="App", redirect_uris=[authorize.OUT_OF_BAND], scopes="read write", website=None
    )
    app = await authorize.grant(busy, made.app, None, "read write")
    credentials = {"client_id": made.app.client_id, "client_secret": made.secret}
    known = {
        "JOINING": json.dumps(NEW),
        "SUBSCRIPTION": json.dumps(push_form()),
        "CREDENTIALS": json.dumps(credentials | {"grant_type": "client_credentials"}),
        "REVOKED": json.dumps(credentials | {"token": "nobody's"}),
    }
    async with httpx.AsyncClient(transport=Described(app=app_of(busy)), base_url=BASE) as http:
        held = {**secrets, "app": app.token, "stranger": None}
        clients = {name: Client(http, secret, clock) for name, secret in held.items()}
        asked = await tour.walk(clients, known)
    table = Table(route for routes in TABLES for route in routes)
    have = {one for one in described.operations() if table.find(one[1], one[0])}
    assert have - asked == ASKED_ELSEWHERE.keys()
    assert len(asked) == ANSWERED


def test_what_is_described_and_not_here_has_its_reason() -> None:
    table = Table(route for routes in TABLES for route in routes)
    absent = {path for verb, path in described.operations() if not table.find(path, verb)}
    left = {
        path
        for path in absent
        if not path.startswith("/api/v1/streaming") and not any(word in path for word in COLLECTIONS)
    }
    assert left == ABSENT.keys()


@pytest.mark.parametrize(
    ("entity", "value"), [("Marker", {"last_read_id": 1}), ("Relationship", {"id": "1"}), ("Account", {})]
)
def test_the_comparison_finds_faults(entity: str, value: dict[str, Any]) -> None:
    assert faults(entity, value) != []


@pytest.mark.parametrize(
    ("path", "status", "kind", "body", "fault"),
    [
        (
            "/api/v1/timelines/home",
            200,
            "application/json",
            [{"id": 1}],
            "$[0].id: 1 is not of type 'string'",
        ),
        ("/api/v1/timelines/home", 202, "application/json", [], "202 is not described"),
        ("/api/v1/timelines/home", 200, "text/html", [], "text/html is not described"),
        ("/api/v1/filters", 200, "application/json", [{"id": "1"}], "$[0]: 'context' is a required property"),
    ],
)
def test_an_answer_that_is_not_as_described_is_found(
    path: str, status: int, kind: str, body: Any, fault: str
) -> None:
    described.ensured()
    headers = {"content-type": f"{kind}; charset=utf-8"}
    response = httpx.Response(status, content=json.dumps(body), headers=headers)
    found = answer_faults("GET", path, response)
    assert f"GET {path}: {fault}" in found


@pytest.mark.parametrize("path", ["/api/v1/notifications/policy", "/api/v1/lists/1/nothing", "/x"])
def test_what_is_not_described_is_not_compared(path: str) -> None:
    assert described.operation("GET", path) is None
    assert answer_faults("GET", path, httpx.Response(200, json={})) == []
