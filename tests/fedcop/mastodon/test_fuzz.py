"""Whatever a client sends, it is answered in JSON and never with 500; and what is another's stays theirs."""

import inspect
import io
import itertools
import json
import random
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image
from starlette.routing import Route

from fedcop.actions import token
from fedcop.mastodon.forms import Paging
from fedcop.mastodon.routes import TABLES
from tests.fedcop.mastodon.conftest import Client

IDS = ["0", "-1", "abc", "1" * 19, "9" * 19, "9" * 5000, "%00", "%ff", "1.5", "..", "a%2fb", "%D9%A3"]
VALUES: list[Any] = [
    *(
        None,
        True,
        -1,
        0,
        10**30,
        -(10**30),
        1.5,
        1e308,
        "",
        "x",
        "\0",
        "a\0b",
        "x" * 6000,
        "9" * 40,
        "[" * 50,
    ),
    *(
        [],
        [[]],
        {},
        {"0": {}},
        {"a": {"b": {}}},
        [None],
        [1, "x", {}],
        [[[[[[1]]]]]],
        "true",
        "nan",
        "inf,nan",
    ),
    *(
        "1e400,0",
        "9999-99-99",
        "https://[",
        "https://x.example:99999/",
        "@a@b@c",
        "@x@[",
        "#\0",
        "\U0001f600",
    ),
]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MULTIPART = "multipart/form-data; boundary=b"
BODIES = [
    (JSON, b"{"),
    (JSON, b"[]"),
    (JSON, b"null"),
    (JSON, b'{"status":"\xff"}'),
    (JSON, b'{"status":"\\ud800"}'),
    (JSON, b'{"limit":1e999}'),
    (JSON, b'{"a":' * 50_000),
    (JSON, b"[" * 50_000),
    (FORM, b"\xff=\xff&%ff=%ff&a[[[[[[[[[[=1&a[b[c]=2&[]=3&=4&[a]=5&id[0][1]=x&id[]=1&id=2"),
    (MULTIPART, b"x"),
    (MULTIPART, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"),
    (
        MULTIPART,
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nno picture\r\n--b--',
    ),
    (
        f"{MULTIPART}; charset=none",
        b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--b--',
    ),
    ("multipart/form-data", b"x"),
    ("text/xml", b"<a/>"),
    ("text/plain", b"x" * 1_100_000),
]
# A page that watches whether the node is there reads text.
TEXT = {"/health"}


def routes() -> Iterator[tuple[str, Route]]:
    """Give each verb and route of the client API."""
    for table in TABLES:
        for route in table:
            yield from ((method, route) for method in sorted(route.methods or ()) if method != "HEAD")


def names(route: Route) -> list[str]:
    """Give the names of what the forms beside an endpoint read."""
    module = sys.modules[inspect.unwrap(route.endpoint).__module__]
    forms = [thing for thing in vars(module).values() if isinstance(thing, type) and thing is not Paging]
    found = {name for form in forms if issubclass(form, msgspec.Struct) for name in form.__struct_fields__}
    return sorted(found | {"max_id", "min_id", "since_id", "limit"})


def path_of(route: Route, value: str) -> str:
    """Give the path of a route with a value where a name stands."""
    before, brace, after = route.path.partition("{")
    return before + value + after.partition("}")[2] if brace else before


class Sender:
    """Sends requests and keeps those that were answered wrongly."""

    def __init__(self, http: httpx.AsyncClient, ada: Client) -> None:
        self.http = http
        self.headers = ada.headers
        self.wrong: list[tuple[object, ...]] = []

    async def send(self, method: str, path: str, **how: Any) -> None:
        headers = self.headers | how.pop("headers", {})
        answer = await self.http.request(method, path, headers=headers, **how)
        kind = answer.headers.get("content-type")
        if answer.status_code >= 500 or (kind != "application/json" and path not in TEXT):
            self.wrong.append((method, path[:80], str(how)[:80], answer.status_code, kind))


@pytest.fixture
async def sender(http: httpx.AsyncClient, ada: Client) -> Sender:
    return Sender(http, ada)


async def test_no_id_in_a_path_breaks_anything(sender: Sender) -> None:
    for method, route in routes():
        if "{" in route.path:
            for text in IDS:
                await sender.send(method, path_of(route, text))
    assert sender.wrong == []


async def test_no_body_breaks_anything(sender: Sender, ada: Client) -> None:
    status = (await ada.write("Hello"))["id"]
    for method, route in routes():
        if method != "GET":
            for kind, body in BODIES:
                await sender.send(
                    method, path_of(route, status), headers={"content-type": kind}, content=body
                )
    assert sender.wrong == []


async def test_no_value_of_a_name_breaks_anything(sender: Sender, ada: Client) -> None:
    status = (await ada.write("Hello"))["id"]
    every = [(*one, name, value) for one in routes() for name in names(one[1]) for value in VALUES]
    # Another seed tries others of the same; each that ever broke something stands in a test of its own.
    for method, route, name, value in random.Random(20260302).sample(every, 1200):
        path = path_of(route, status)
        if method != "GET":
            headers = {"content-type": "application/json"}
            await sender.send(method, path, headers=headers, content=json.dumps({name: value}))
        elif isinstance(value, str):
            await sender.send(method, path, params={name: value})
        elif isinstance(value, int | float):
            await sender.send(method, path, params={name: str(value)})
    assert sender.wrong == []


async def test_a_number_that_no_column_holds_finds_nothing(ada: Client) -> None:
    given = ("max_id", "min_id", "since_id", "account_id", "limit", "offset", "id[]")
    paths = ("/api/v1/notifications?", "/api/v1/timelines/home?", "/api/v2/search?q=a&", "/api/v1/statuses?")
    for name, path, value in itertools.product(given, paths, ("1" + "0" * 30, "-1" + "0" * 30, str(1 << 63))):
        response = await ada.ask("GET", f"{path}{name}={value}")
        assert response.status_code == 200, (name, path, value)


async def test_an_answer_to_what_no_column_holds_is_refused(ada: Client) -> None:
    json = {"status": "Hello", "in_reply_to_id": 10**30, "media_ids": [10**30]}
    assert (await ada.ask("POST", "/api/v1/statuses", json=json)).status_code in (404, 422)


@pytest.mark.parametrize("seconds", [10**12, 10**30, str(10**30), -(10**30)])
@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("/api/v1/filters", {"phrase": "x", "context": ["home"], "expires_in": ...}),
        ("/api/v2/filters", {"title": "x", "context": ["home"], "expires_in": ...}),
        ("/api/v1/statuses", {"status": "x", "poll": {"options": ["a", "b"], "expires_in": ...}}),
        ("/api/v1/accounts/{ben}/mute", {"duration": ...}),
    ],
)
async def test_no_time_is_too_long_to_be_answered(
    ada: Client, path: str, rest: dict[str, Any], seconds: Any
) -> None:
    ben = (await ada.get("/api/v1/accounts/lookup", acct="ben"))["id"]
    said = json.loads(json.dumps(rest, default=lambda _: seconds))
    answer = await ada.ask("POST", path.format(ben=ben), json=said)
    assert answer.status_code in (200, 422)


async def test_brackets_that_hold_no_address_are_looked_for_as_words(ada: Client) -> None:
    found = await ada.get("/api/v2/search", q="https://[", resolve="true")
    assert found == {"accounts": [], "statuses": [], "hashtags": []}


async def test_no_route_shows_a_stranger_what_is_for_few(stranger: Client, ada: Client) -> None:
    status = (await ada.write("Hello", visibility="private"))["id"]
    for method, route in routes():
        path = path_of(route, status)
        if path in TEXT:
            continue
        answer = await stranger.ask(method, path)
        assert answer.status_code < 500
        if "Hello" in answer.text:
            pytest.fail(f"{method} {path} shows it")


@pytest.mark.parametrize("visibility", ["direct", "private"])
async def test_what_is_not_for_somebody_is_not_there_for_them(
    ada: Client, cai: Client, visibility: str
) -> None:
    status = (await ada.write("@ben Secretword", visibility=visibility))["id"]
    me = (await ada.get("/api/v1/accounts/verify_credentials"))["id"]
    for method, route in routes():
        if "/statuses/{id}" in route.path:
            answer = await cai.ask(method, path_of(route, status), json={"status": "mine now"})
            assert answer.status_code in (404, 422), route.path
    for path in (
        f"/api/v1/accounts/{me}/statuses",
        "/api/v1/timelines/home",
        "/api/v1/timelines/public?local=true",
        "/api/v1/notifications",
        "/api/v1/bookmarks",
        "/api/v1/favourites",
        f"/api/v1/statuses?id[]={status}",
        "/api/v2/search?q=Secretword",
        f"/api/v2/search?resolve=true&q=http://kent.localhost:8001/posts/{status}",
        f"/api/v2/search?q=http://kent.localhost:8001/posts/{status}",
    ):
        assert "Secretword" not in (await cai.ask("GET", path)).text, path
    assert (await cai.ask("POST", "/api/v1/statuses", json={"status": "x", "in_reply_to_id": status})
            ).status_code == 404  # fmt: skip
    reported = {"account_id": me, "status_ids": [status]}
    assert (await cai.ask("POST", "/api/v1/reports", json=reported)).status_code == 404
    assert (await ada.get(f"/api/v1/statuses/{status}"))["content"] != ""


async def test_an_answer_in_a_thread_that_is_for_few_shows_in_no_context(ada: Client, cai: Client) -> None:
    thread = (await ada.write("Everybody"))["id"]
    await ada.write("@ben Secretword", visibility="direct", in_reply_to_id=thread)
    shown = await cai.get(f"/api/v1/statuses/{thread}/context")
    assert shown["descendants"] == []
    assert (await cai.get(f"/api/v1/statuses/{thread}"))["replies_count"] == 0


async def test_nobody_changes_what_is_anothers(ada: Client, cai: Client) -> None:
    status = (await ada.write("Mine @cai"))["id"]
    told = (await cai.get("/api/v1/notifications"))[0]["id"]
    await ada.post(f"/api/v1/statuses/{status}/bookmark")
    await cai.post(f"/api/v1/statuses/{status}/unbookmark")
    assert [kept["id"] for kept in await ada.get("/api/v1/bookmarks")] == [status]
    for method, path in (
        ("PUT", f"/api/v1/statuses/{status}"),
        ("DELETE", f"/api/v1/statuses/{status}"),
        ("POST", f"/api/v1/statuses/{status}/pin"),
    ):
        answer = await cai.ask(method, path, json={"status": "mine now"})
        assert answer.status_code in (403, 404, 422), path
    await ada.post(f"/api/v1/notifications/{told}/dismiss")
    assert (await ada.ask("GET", f"/api/v1/notifications/{told}")).status_code == 404
    assert [one["id"] for one in await cai.get("/api/v1/notifications")] == [told]
    assert "Mine" in (await ada.get(f"/api/v1/statuses/{status}"))["content"]


async def test_nobody_uses_anothers_picture(ada: Client, cai: Client) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    uploaded = await ada.ask(
        "POST", "/api/v2/media", files={"file": ("a.png", picture.getvalue(), "image/png")}
    )
    media = uploaded.json()["id"]
    assert (await cai.ask("GET", f"/api/v1/media/{media}")).status_code == 404
    changed = await cai.ask("PUT", f"/api/v1/media/{media}", json={"description": "mine now"})
    assert changed.status_code == 404
    posted = await cai.ask("POST", "/api/v1/statuses", json={"status": "x", "media_ids": [media]})
    assert posted.status_code in (404, 422)
    assert (await ada.get(f"/api/v1/media/{media}"))["description"] in (None, "")


@pytest.mark.parametrize("scopes", ["read:accounts", "write:media", "push"])
async def test_a_token_without_the_scope_opens_nothing(
    ada: Client, http: httpx.AsyncClient, node: Any, scopes: str
) -> None:
    status = (await ada.write("Hello"))["id"]
    secret = await token.create(node, "ada", scopes=scopes, app_name="Narrow", by="test")
    narrow = Client(http, secret, ada.clock)
    for method, path in (
        ("GET", "/api/v1/timelines/home"),
        ("GET", f"/api/v1/statuses/{status}"),
        ("GET", "/api/v1/notifications"),
        ("POST", "/api/v1/statuses"),
        ("DELETE", f"/api/v1/statuses/{status}"),
        ("POST", f"/api/v1/statuses/{status}/favourite"),
        ("PATCH", "/api/v1/accounts/update_credentials"),
    ):
        assert (await narrow.ask(method, path, json={"status": "x"})).status_code == 403, path
