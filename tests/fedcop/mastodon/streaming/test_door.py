"""Streaming as clients use it: WebSockets with several streams, and server-sent events."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from fedcop.mastodon.streaming import Streaming
from fedcop.mastodon.streaming.streams import PATHS
from fedcop.node import Node
from storage import actors, oauth
from storage.visible import SYSTEM
from tests.fedcop.mastodon.conftest import Client, app_of
from tests.fedcop.mastodon.methods.test_timelines import account_id
from tests.fedcop.mastodon.streaming.conftest import WITHIN, Dial, Wire


async def test_a_post_comes_into_the_streams_in_which_it_stands(
    dial: Dial, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'ada')}/follow")
    async with dial(f"?access_token={secrets['ben']}&stream=user") as connection:
        wire = Wire(connection)
        await wire.subscribe("public")
        await wire.subscribe("public:local")
        await wire.subscribe("public:remote")
        await wire.subscribe("public:media")
        await wire.subscribe("hashtag", tag="#Gullies")
        made = await ada.write("Look at the #gullies")
        told = await wire.events(4)

    assert {tuple(stream) for stream, _, _ in told} == {
        ("user",),
        ("public",),
        ("public:local",),
        ("hashtag", "gullies"),
    }
    assert {(event, status["id"]) for _, event, status in told} == {("update", made["id"])}
    page = await ben.get("/api/v1/timelines/home")
    # Pictures have the address that the client dialled, which is another one here.
    assert told[0][2] | {"account": None} == page[0] | {"account": None}


async def test_an_edit_and_a_deletion_follow(
    dial: Dial, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'ada')}/follow")
    made = await ada.write("Helo")
    async with dial(f"?access_token={secrets['ben']}&stream=user") as connection:
        await ada.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "Hello"})
        await ada.ask("DELETE", f"/api/v1/statuses/{made['id']}")
        edited, deleted = await Wire(connection).events(2)

    assert edited[:2] == (["user"], "status.update")
    assert edited[2]["content"] == "<p>Hello</p>"
    assert deleted == (["user"], "delete", made["id"])


async def test_what_a_person_is_told_comes_once_a_stream(
    dial: Dial, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    async with dial(f"?access_token={secrets['ben']}") as connection:
        wire = Wire(connection)
        await wire.subscribe("user")
        await wire.subscribe("user:notification")
        await ada.post(f"/api/v1/accounts/{await account_id(ada, 'ben')}/follow")
        told = await wire.events(2)

    assert {tuple(stream) for stream, _, _ in told} == {("user",), ("user:notification",)}
    listed = await ben.get("/api/v1/notifications")
    assert {(event, one["id"]) for _, event, one in told} == {("notification", listed[0]["id"])}


async def test_nothing_comes_of_what_one_may_not_see(
    dial: Dial, secrets: dict[str, str], ada: Client, ben: Client, cai: Client
) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'ada')}/follow")
    await cai.post(f"/api/v1/accounts/{await account_id(cai, 'ada')}/follow")
    async with dial(f"?access_token={secrets['cai']}&stream=user") as connection:
        wire = Wire(connection)
        await wire.subscribe("public")
        await wire.subscribe("direct")
        secret = await ada.write("@ben only for you", visibility="direct")
        await ada.ask("PUT", f"/api/v1/statuses/{secret['id']}", json={"status": "@ben for you alone"})
        await ada.ask("DELETE", f"/api/v1/statuses/{secret['id']}")
        await ada.post(f"/api/v1/accounts/{await account_id(ada, 'ben')}/follow")
        last = await ada.write("For all")
        told = await wire.events(2)

    assert {(event, status["id"]) for _, event, status in told} == {("update", last["id"])}


async def test_a_conversation_goes_to_those_in_it(
    dial: Dial, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    async with dial(f"?access_token={secrets['ben']}&stream=direct") as connection:
        await ada.write("@ben hello", visibility="direct")
        ((stream, event, told),) = await Wire(connection).events(1)
    (held,) = await ben.get("/api/v1/conversations")
    assert (stream, event, told["id"]) == (["direct"], "conversation", held["id"])


async def test_a_list_is_heard_by_whose_it_is(
    dial: Dial, secrets: dict[str, str], ada: Client, ben: Client, cai: Client
) -> None:
    one = await account_id(ben, "ada")
    await ben.post(f"/api/v1/accounts/{one}/follow")
    held = await ben.post("/api/v1/lists", title="Drains")
    await ben.post(f"/api/v1/lists/{held['id']}/accounts", account_ids=[one])
    async with (
        dial(f"?access_token={secrets['ben']}&stream=list&list={held['id']}") as connection,
        dial(f"?access_token={secrets['cai']}&stream=list&list={held['id']}") as other,
    ):
        await Wire(other).subscribe("public")
        made = await ada.write("Hello")
        ((stream, _, status),) = await Wire(connection).events(1)
        assert (stream, status["id"]) == (["list", held["id"]], made["id"])
        ((stream, _, _),) = await Wire(other).events(1)
        assert stream == ["public"]


async def test_what_a_filter_hides_is_not_streamed(
    dial: Dial, secrets: dict[str, str], ada: Client, ben: Client
) -> None:
    words = [{"keyword": "snow"}]
    contexts = ["public", "notifications"]
    await ben.post(
        "/api/v2/filters", title="x", context=contexts, filter_action="hide", keywords_attributes=words
    )
    async with dial(f"?access_token={secrets['ben']}&stream=public") as connection:
        wire = Wire(connection)
        await wire.subscribe("user:notification")
        await ada.write("@ben snow")
        await ada.write("@ben sun")
        told = await wire.events(2)
    assert {event for _, event, _ in told} == {"update", "notification"}
    assert all("sun" in json.dumps(what) for _, _, what in told)


async def test_one_may_leave_a_stream(dial: Dial, secrets: dict[str, str], ada: Client) -> None:
    async with dial(f"?access_token={secrets['ben']}&stream=public") as connection:
        wire = Wire(connection)
        await connection.send(json.dumps({"type": "unsubscribe", "stream": "public"}))
        await wire.subscribe("hashtag", tag="b")
        await ada.write("One #a")
        await ada.write("Two #b")
        (told,) = await wire.events(1)

    assert told[0] == ["hashtag", "b"]


@pytest.mark.parametrize("how", ["header", "query", "subprotocol"])
async def test_the_token_is_taken_wherever_a_client_puts_it(
    dial: Dial, secrets: dict[str, str], how: str
) -> None:
    secret = secrets["ben"]
    more: dict[str, Any] = {
        "header": {"additional_headers": {"Authorization": f"Bearer {secret}"}},
        "query": {"query": f"?access_token={secret}"},
        "subprotocol": {"subprotocols": [secret]},
    }[how]
    async with dial(**more) as connection:
        assert connection.subprotocol == (secret if how == "subprotocol" else None)
        await Wire(connection).subscribe("user")


async def test_a_browser_gets_its_subprotocol_back_beside_a_token_in_the_query(
    dial: Dial, secrets: dict[str, str]
) -> None:
    async with dial(f"?access_token={secrets['ben']}", subprotocols=["anything"]) as connection:
        assert connection.subprotocol == "anything"


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 401, "This method requires an authenticated user"),
        ("?access_token=guessed", 401, "The access token is invalid"),
        ("?access_token={ben}&stream=firehose", 400, "Unknown stream type"),
        ("?access_token={ben}&stream=hashtag", 400, "Missing tag name parameter"),
        ("?access_token={ben}&stream=list", 400, "Missing list name parameter"),
    ],
)
async def test_what_cannot_be_heard_is_refused_before_the_socket_opens(
    dial: Dial, secrets: dict[str, str], query: str, status: int, words: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with dial(query.format(ben=secrets["ben"])):
            pass
    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body or b"") == {"error": words}


async def test_frames_that_say_nothing_are_passed_over(dial: Dial, secrets: dict[str, str]) -> None:
    async with dial(f"?access_token={secrets['ben']}") as connection:
        for said in ("", "{", "[]", '"subscribe"', '{"type":"ping"}', '{"type":7}', b"", b"\xff\x00"):
            await connection.send(said)
        await Wire(connection).subscribe("user")


async def test_no_more_streams_are_opened_than_anybody_needs(dial: Dial, secrets: dict[str, str]) -> None:
    async with dial(f"?access_token={secrets['ben']}") as connection:
        for number in range(65):
            wish = {"type": "subscribe", "stream": "hashtag", "tag": f"t{number}"}
            await connection.send(json.dumps(wish))
        assert await Wire(connection).next() == {
            "error": "64 streams are open, which is the most",
            "status": 400,
        }


async def test_a_token_that_is_revoked_hears_nothing_more(
    dial: Dial, secrets: dict[str, str], node: Node, ada: Client
) -> None:
    async with dial(f"?access_token={secrets['ben']}&stream=public") as connection:
        ben = await node.store.read(actors.find_by_handle, SYSTEM, "ben", node.uris.domain)
        assert ben is not None
        await node.store.write(oauth.revoke_all, ben.id)
        await ada.write("Hello")
        with pytest.raises(ConnectionClosed):
            await Wire(connection).next()


async def test_events_are_sent_as_every_client_parses_them(
    port: int, secrets: dict[str, str], ada: Client
) -> None:
    headers = {"authorization": f"Bearer {secrets['ben']}"}
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=WITHIN) as client,
        client.stream("GET", "/api/v1/streaming/hashtag?tag=Gullies") as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        lines = response.aiter_lines()
        assert await anext(lines) == ":)"
        await ada.write("Look at #gullies")
        told = [await anext(lines) for _ in range(4)]

    assert told[0] == ""
    assert told[1] == "event: update"
    assert json.loads(told[2].removeprefix("data: "))["content"].startswith("<p>Look at")
    assert told[3] == ""


@pytest.mark.parametrize(
    ("path", "status"),
    [("user", 401), ("public?access_token={ben}", 200), ("firehose?access_token={ben}", 404)],
)
async def test_events_want_a_token_too(port: int, secrets: dict[str, str], path: str, status: int) -> None:
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=WITHIN) as client,
        client.stream("GET", f"/api/v1/streaming/{path.format(ben=secrets['ben'])}") as response,
    ):
        assert response.status_code == status


async def test_every_stream_comes_as_events_too(port: int, secrets: dict[str, str], ben: Client) -> None:
    query = {"tag": "gullies", "list": (await ben.post("/api/v1/lists", title="Pumps"))["id"]}
    headers = {"authorization": f"Bearer {secrets['ben']}"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}/api/v1/streaming/", headers=headers, timeout=WITHIN
    ) as client:
        for path in PATHS:
            async with client.stream("GET", path, params=query) as response:
                assert response.status_code == 200, path
                assert response.headers["content-type"].startswith("text/event-stream")
                assert await anext(response.aiter_lines()) == ":)"


async def test_a_quiet_stream_is_kept_alive(node: Node, secrets: dict[str, str]) -> None:
    streaming = Streaming(node, beat_every=0.01)
    scope = {"type": "http", "app": app_of(node), "headers": []}
    scope["query_string"] = f"access_token={secrets['ben']}".encode()
    listener = await streaming._listener(HTTPConnection(scope), None)
    events = streaming._events(listener)
    async with asyncio.timeout(WITHIN):
        assert [await anext(events) for _ in range(3)] == [":)\n\n", ":thump\n\n", ":thump\n\n"]
    await events.aclose()


async def test_the_probe_answers(port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/api/v1/streaming/health")).text == "OK"
