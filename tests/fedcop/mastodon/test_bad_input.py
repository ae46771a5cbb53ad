"""Bad input at every route of the client API: each kind has its status, each refusal is JSON with words."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import httpx
import msgspec
import pytest
from starlette.routing import Route

from fedcop.actions import account, token
from fedcop.clock import SetClock
from fedcop.mastodon import limits
from fedcop.mastodon.forms import Upload
from fedcop.node import Node, open_node
from storage import oauth
from tests.fedcop.mastodon.conftest import BASE, SCOPES, Client, app_of, settings
from tests.fedcop.mastodon.test_fuzz import TEXT, path_of, routes
from tests.support.hosts import Door, HostRouter

# What anybody may ask for, with any token or none.
OPEN = {
    "/api/v1/apps", "/oauth/token", "/oauth/revoke", "/.well-known/oauth-authorization-server", "/api/oembed",
    "/api/v1/instance", "/api/v2/instance", "/api/v1/instance/activity", "/api/v1/instance/rules",
    "/api/v1/instance/domain_blocks", "/api/v1/instance/languages", "/api/v1/instance/translation_languages",
    "/api/v1/instance/extended_description", "/api/v1/instance/privacy_policy",
    "/api/v1/instance/terms_of_service", "/api/v1/custom_emojis", "/api/v1/trends", "/api/v1/trends/tags",
    "/api/v1/trends/statuses", "/api/v1/trends/links", "/health",
}  # fmt: skip
# Names and keys in a path: any text is one.
# What is of another moment each time it is asked for.
MOVING = {"/api/v1/markers"}
NAMED = ("{name}", "{tag}", "{key}")
MALFORMED = ("abc", "-1", "1.5", "9" * 30, "0x1", "1%20", "%D9%A3", "1'")

ALL = [(method, route) for method, route in routes() if route.path not in TEXT]
CLOSED = [one for one in ALL if one[1].path not in OPEN]

# What the forms of some routes cannot do without, by how the path ends.
NEEDED: dict[str, dict[str, Any]] = {
    "POST /api/v1/apps": {"client_name": "a", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"},
    "GET /api/v1/accounts/lookup": {"acct": "ben"},
    "POST /api/v1/accounts": {"username": "a", "email": "a@kent.example", "password": "p", "agreement": True},
    "PUT /api/v2/filters/keywords/{id}": {"keyword": "pump"},
    "POST /api/v2/filters/{id}/keywords": {"keyword": "pump"},
    "POST /api/v2/filters/{id}/statuses": {"status_id": "1"},
    "POST /api/v2/filters": {"title": "Pumps", "context": ["home"]},
    "PUT /api/v2/filters/{id}": {"title": "Pumps", "context": ["home"]},
    "POST /api/v1/filters": {"phrase": "pump", "context": ["home"]},
    "PUT /api/v1/filters/{id}": {"phrase": "pump", "context": ["home"]},
    "POST /api/v1/reports": {"account_id": "1"},
    "POST /api/v1/lists": {"title": "Pumps"},
    "POST /api/v1/featured_tags": {"name": "pumps"},
    "POST /api/v1/polls/{id}/votes": {"choices": [0]},
    "POST /api/v1/domain_blocks": {"domain": "devon.example"},
    "POST /api/v1/admin/domain_allows": {"domain": "devon.example"},
    "POST /api/v1/admin/domain_blocks": {"domain": "devon.example"},
    "PUT /api/v1/scheduled_statuses/{id}": {"scheduled_at": "2030-01-01T00:00:00Z"},
    "POST /api/v1/push/subscription": {
        "subscription": {"endpoint": "https://push.example/1", "keys": {"p256dh": "a", "auth": "b"}}
    },
    "GET /api/v2/search": {"q": "pumps"},
}


def told(method: str, route: Route) -> dict[str, Any]:
    return NEEDED.get(f"{method} {route.path}", {})


async def send(client: Client, method: str, path: str, said: dict[str, Any]) -> httpx.Response:
    """Send what is said as a query, or as JSON where there is a body; a refusal says why."""
    how: dict[str, Any] = {"params": said or None} if method in ("GET", "DELETE") else {"json": said}
    answer = await client.ask(method, path, **how)
    if answer.status_code >= 400:
        assert isinstance(answer.json()["error"], str), path
        assert answer.json()["error"], path
    return answer


@pytest.fixture
async def admin(node: Node, http: httpx.AsyncClient, clock: SetClock) -> Client:
    """Give the client of an admin who may do everything."""
    await account.add_person(
        node, "dee", email="dee@kent.example", display_name="Dee", password="long enough", admin=True
    )
    scopes = f"{SCOPES} profile admin:read admin:write"
    secret = await token.create(node, "dee", scopes=scopes, app_name="Test app", by="test")
    return Client(http, secret, clock)


async def holder(node: Node, http: httpx.AsyncClient, clock: SetClock, scopes: str) -> Client:
    return Client(http, await token.create(node, "ada", scopes=scopes, app_name="App", by="test"), clock)


async def test_a_malformed_id_names_nothing(admin: Client) -> None:
    wrong = []
    for method, route in ALL:
        if "{" in route.path and not any(name in route.path for name in NAMED):
            for text in MALFORMED:
                answer = await send(admin, method, path_of(route, text), told(method, route))
                if answer.status_code != 404:
                    wrong.append((method, route.path, text, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("secret", ["never given", "revoked"])
async def test_a_token_that_counts_no_more_is_told_before_any_other_fault(
    node: Node, http: httpx.AsyncClient, clock: SetClock, secret: str
) -> None:
    client = Client(http, secret, clock)
    if secret == "revoked":
        client = await holder(node, http, clock, SCOPES)
        held = await node.store.read(oauth.find_token, account.hash_of(client.headers["authorization"][7:]))
        assert held is not None
        assert held.actor_id is not None
        await node.store.write(oauth.revoke_all, held.actor_id)
    wrong = []
    for method, route in CLOSED:
        for said in ({}, {"id": {"a": 1}, "limit": "x"}, told(method, route)):
            for text in ("1", "abc"):
                answer = await send(client, method, path_of(route, text), said)
                if answer.status_code != 401:
                    wrong.append((method, route.path, said, text, answer.status_code))
    assert wrong == []


async def test_a_token_without_the_scope_is_refused_everywhere(
    node: Node, http: httpx.AsyncClient, clock: SetClock
) -> None:
    """Whatever a token of another scope is sent to, nothing is done and nothing shown."""
    push = await holder(node, http, clock, "push")
    read = await holder(node, http, clock, "read")
    any_token = {"/api/v1/apps/verify_credentials"}
    wrong = []
    for method, route in CLOSED:
        if route.path in any_token:
            continue
        client = read if "/push/" in route.path else push
        answer = await send(client, method, path_of(route, "1"), told(method, route))
        if answer.status_code != 403:
            wrong.append((method, route.path, answer.status_code))
    assert wrong == []


async def test_nobody_reads_or_writes_without_a_token(stranger: Client) -> None:
    wrong = []
    for method, route in CLOSED:
        answer = await send(stranger, method, path_of(route, "1"), told(method, route))
        if answer.status_code != 401:
            wrong.append((method, route.path, answer.status_code))
    assert wrong == []


def kinds(form: type[msgspec.Struct]) -> Iterator[tuple[str, Any]]:
    """Give each name in a form with what no client may mean by it."""
    for field in msgspec.structs.fields(form):
        kind = bare(field.type)
        if get_origin(kind) is tuple:
            inner = bare(get_args(kind)[0])
            yield field.encode_name, [wrong_of(inner)]
        else:
            yield field.encode_name, wrong_of(kind)


def bare(kind: Any) -> Any:
    """Give a type without the bounds and the None beside it."""
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(arg for arg in get_args(kind) if arg is not type(None))
    return kind


def wrong_of(kind: Any) -> Any:
    if kind is str or kind is Any:
        return {"a": {"b": 1}}
    return "odd" if get_origin(kind) is Literal or kind in (int, float, bool, Upload) else "neither"


def forms_of(route: Route) -> list[type[msgspec.Struct]]:
    """Give the forms that an endpoint reads, itself or by a function of its module that it asks."""
    endpoint: Any = inspect.unwrap(route.endpoint)
    module = sys.modules[endpoint.__module__]
    waiting, seen, found = [endpoint], set(), dict[str, None]()
    while waiting:
        asked = waiting.pop()
        seen.add(asked)
        source = inspect.getsource(asked)
        found |= dict.fromkeys(re.findall(r"forms\.read\(request, (\w+)\)", source))
        named = [vars(module).get(name) for name in re.findall(r"\b(\w+)\(request", source)]
        closed = [cell.cell_contents for cell in asked.__closure__ or ()]
        waiting += [
            one for one in (*named, *closed)
            if inspect.isfunction(one) and one.__module__ == module.__name__ and one not in seen
        ]  # fmt: skip
    return [vars(module)[name] for name in found if isinstance(vars(module).get(name), type)]


async def test_a_value_of_a_wrong_type_is_refused_by_its_name(admin: Client, ada: Client) -> None:
    status = (await ada.write("Hello"))["id"]
    wrong, tried = [], 0
    for method, route in ALL:
        for form in forms_of(route):
            for name, value in kinds(form):
                in_path = f"{{{name}}}" in route.path
                if in_path or (method in ("GET", "DELETE") and not isinstance(value, str)):
                    continue
                tried += 1
                said = told(method, route) | {name: value}
                answer = await send(admin, method, path_of(route, status), said)
                if answer.status_code != 422:
                    wrong.append((method, route.path, name, value, answer.status_code))
    assert wrong == []
    assert tried > 200


async def test_what_no_route_knows_is_ignored(ada: Client) -> None:
    """A client of another year says more than is asked here."""
    status = (await ada.write("Hello"))["id"]
    unknown = {"unheard_of": "1", "limit_": "x", "unknown[a][b]": "2"}
    wrong = []
    for method, route in ALL:
        path = path_of(route, status)
        if method == "GET":
            plain = await send(ada, method, path, told(method, route))
            more = await send(ada, method, path, told(method, route) | unknown)
            same = plain.text == more.text or route.path in MOVING
            if not same or plain.status_code != more.status_code:
                wrong.append((method, path))
        elif "unheard" in (await send(ada, method, path, told(method, route) | unknown)).text:
            wrong.append((method, path))
    assert wrong == []


async def test_what_no_route_knows_does_not_keep_anything_from_being_done(ada: Client) -> None:
    made = await ada.post("/api/v1/statuses", status="Hello", quoted_by={"a": [1]}, mood="fine")
    assert "Hello" in made["content"]
    changed = await ada.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"mood": "fine", "bot": True}
    )
    assert changed.json()["bot"] is True


LONG: list[tuple[str, str, Callable[[str], dict[str, Any]], int]] = [
    ("POST", "/api/v1/statuses", lambda text: {"status": text}, 5000),
    ("POST", "/api/v1/statuses", lambda text: {"status": "a", "spoiler_text": text}, 5000),
    (
        "POST",
        "/api/v1/statuses",
        lambda text: {"status": "a", "poll": {"options": ["a", text], "expires_in": 600}},
        50,
    ),
    ("PUT", "/api/v1/statuses/{status}", lambda text: {"status": text}, 5000),
    ("PATCH", "/api/v1/accounts/update_credentials", lambda text: {"display_name": text}, 100),
    ("PATCH", "/api/v1/accounts/update_credentials", lambda text: {"note": text}, 2000),
    ("PATCH", "/api/v1/accounts/update_credentials", lambda text: {"avatar_description": text}, 1500),
    (
        "PATCH",
        "/api/v1/accounts/update_credentials",
        lambda text: {"fields_attributes": [{"name": text, "value": "a"}]},
        255,
    ),
    ("POST", "/api/v1/accounts/{ben}/note", lambda text: {"comment": text}, 2000),
    ("POST", "/api/v1/lists", lambda text: {"title": text}, 0),
    ("POST", "/api/v2/filters", lambda text: {"title": text, "context": ["home"]}, 0),
    (
        "POST",
        "/api/v2/filters",
        lambda text: {"title": "a", "context": ["home"], "keywords_attributes": [{"keyword": text}]},
        0,
    ),
    ("POST", "/api/v1/filters", lambda text: {"phrase": text, "context": ["home"]}, 0),
    ("POST", "/api/v1/reports", lambda text: {"account_id": "{ben}", "comment": text}, 1000),
    ("POST", "/api/v1/featured_tags", lambda text: {"name": text}, 0),
    ("POST", "/api/v1/apps", lambda text: {"client_name": text, "redirect_uris": "a:b"}, 60),
]


@pytest.mark.parametrize(("method", "path", "said", "limit"), LONG)
async def test_a_text_that_is_too_long_is_refused_with_the_limit(
    ada: Client, ben: Client, method: str, path: str, said: Callable[[str], dict[str, Any]], limit: int
) -> None:
    me = (await ben.get("/api/v1/accounts/verify_credentials"))["id"]
    status = (await ada.write("Hello"))["id"]
    path = path.replace("{ben}", me).replace("{status}", status)
    body = msgspec.json.encode(said("x" * 20_000)).replace(b"{ben}", me.encode())
    answer = await ada.ask(method, path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert re.search(rf"\b{limit or '[0-9]+'}\b", answer.json()["error"]), answer.text


async def test_no_text_is_kept_that_is_longer_than_any_column_wants(admin: Client, ada: Client) -> None:
    """Whatever a form calls a text: it is refused, or nothing of it is there afterwards."""
    status = (await ada.write("Hello"))["id"]
    wrong = []
    for method, route in ALL:
        for form in forms_of(route) if method not in ("GET", "DELETE") else ():
            for field in msgspec.structs.fields(form):
                kind = bare(field.type)
                many = get_origin(kind) is tuple and bare(get_args(kind)[0]) is str
                if kind is str or many:
                    text = "x" * 20_000
                    said = told(method, route) | {field.encode_name: [text] if many else text}
                    answer = await send(admin, method, path_of(route, status), said)
                    if answer.status_code < 400 and "x" * 5001 in answer.text:
                        wrong.append((method, route.path, field.encode_name))
    assert wrong == []


async def test_a_client_that_floods_is_told_when_to_come_back_whatever_it_asks(
    folder: Path, clock: SetClock, secrets: dict[str, str]
) -> None:
    config = settings(folder, limits={"requests_per_client": 1})
    node = await open_node(config, clock=clock, transport=Door(HostRouter()))
    headers = {"authorization": f"Bearer {secrets['ada']}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app_of(node)), base_url=BASE) as client:
        assert (await client.get("/api/v1/preferences", headers=headers)).status_code == 200
        # What is made for strangers is counted by address.
        assert (await client.post("/api/v1/apps")).status_code == 422
        for method, path in [
            *((method, path_of(route, "1")) for method, route in ALL),
            ("GET", "/api/v1/no"),
        ]:
            answer = await client.request(method, path, headers=headers)
            assert (answer.status_code, answer.json()) == (429, {"error": limits.WORDS}), path
            assert 0 < int(answer.headers["retry-after"]) <= limits.PERIOD_SECONDS
        clock.move(timedelta(seconds=int(answer.headers["retry-after"])))
        assert (await client.get("/api/v1/preferences", headers=headers)).status_code == 200
    await node.close()
