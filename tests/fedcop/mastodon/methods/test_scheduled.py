"""Statuses that are written for later."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fedcop.clock import SetClock
from fedcop.node import Node, open_node
from fedcop.workers import due
from tests.fedcop.mastodon.conftest import Client, settings
from tests.support import ready
from tests.support.described import faults
from tests.support.hosts import Door, HostRouter
from tests.support.pictures import png

TEN = "2026-03-02T13:10:00.000Z"  # ten minutes after the clock of these tests


async def later(client: Client, text: str = "Later", at: str = TEN, **more: Any) -> Any:
    return await client.write(text, scheduled_at=at, **more)


async def mine(client: Client) -> list[str]:
    account = await client.get("/api/v1/accounts/verify_credentials")
    return [one["content"] for one in await client.get(f"/api/v1/accounts/{account['id']}/statuses")]


async def test_what_is_for_later_waits_and_is_published_once_in_its_time(
    node: Node, ada: Client, clock: SetClock
) -> None:
    waiting = await later(ada, visibility="unlisted", spoiler_text="About", language="cy")
    assert faults("ScheduledStatus", waiting) == []
    assert waiting["scheduled_at"] == TEN
    assert waiting["params"]["text"] == "Later"
    assert await ada.get("/api/v1/scheduled_statuses") == [waiting]
    await due.work(node)
    assert await mine(ada) == []
    clock.move(timedelta(minutes=10))
    await due.work(node)
    await due.work(node)
    assert await mine(ada) == ["<p>Later</p>"]
    assert await ada.get("/api/v1/scheduled_statuses") == []
    account = await ada.get("/api/v1/accounts/verify_credentials")
    (shown,) = await ada.get(f"/api/v1/accounts/{account['id']}/statuses")
    assert (shown["visibility"], shown["spoiler_text"], shown["language"]) == ("unlisted", "About", "cy")
    assert shown["application"]["name"] == "Test app"


async def test_it_survives_a_restart(folder: Path, ada: Client, node: Node, clock: SetClock) -> None:
    await later(ada)
    await node.close()
    clock.move(timedelta(hours=2))
    again = ready.hand_out(await open_node(settings(folder), clock=clock, transport=Door(HostRouter())))
    assert await due.work(again) == 1
    assert await due.work(again) == 0
    await again.close()


async def test_another_time_may_be_set_and_it_may_be_called_off(
    node: Node, ada: Client, clock: SetClock
) -> None:
    waiting, unwanted = await later(ada), await later(ada, "Never")
    path = f"/api/v1/scheduled_statuses/{waiting['id']}"
    moved = (await ada.ask("PUT", path, json={"scheduled_at": "2026-03-02T15:00:00+01:00"})).json()
    assert moved == waiting | {"scheduled_at": "2026-03-02T14:00:00.000Z"}
    gone = f"/api/v1/scheduled_statuses/{unwanted['id']}"
    assert (await ada.ask("DELETE", gone)).json() == {}
    assert await ada.refused("GET", gone) == (404, "Record not found")
    assert (await ada.refused("DELETE", gone))[0] == 404
    clock.move(timedelta(minutes=30))
    await due.work(node)
    assert await mine(ada) == []
    clock.move(timedelta(minutes=30))
    await due.work(node)
    assert await mine(ada) == ["<p>Later</p>"]


async def test_nobody_sees_or_changes_what_another_has_scheduled(ada: Client, ben: Client) -> None:
    path = f"/api/v1/scheduled_statuses/{(await later(ada))['id']}"
    assert await ben.get("/api/v1/scheduled_statuses") == []
    for method, how in (
        ("GET", {}),
        ("PUT", {"json": {"scheduled_at": "2026-03-02T15:00:00Z"}}),
        ("DELETE", {}),
    ):
        assert (await ben.refused(method, path, **how))[0] == 404  # type: ignore[arg-type]
    assert len(await ada.get("/api/v1/scheduled_statuses")) == 1


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-03-02T13:04:00Z", "Validation failed: Scheduled at The scheduled date must be in the future"),
        ("banana", "Record invalid"),
        ("99999-01-01T00:00:00Z", "Record invalid"),
    ],
)
async def test_a_time_that_is_too_near_or_none_is_refused(ada: Client, at: str, words: str) -> None:
    refused = await ada.refused("POST", "/api/v1/statuses", json={"status": "x", "scheduled_at": at})
    assert refused == (422, words)
    path = f"/api/v1/scheduled_statuses/{(await later(ada))['id']}"
    assert await ada.refused("PUT", path, json={"scheduled_at": at}) == (422, words)


async def test_a_time_that_is_past_is_now(ada: Client) -> None:
    assert (await later(ada, at="2020-01-01T00:00:00Z"))["content"] == "<p>Later</p>"


async def test_what_could_not_be_published_now_is_refused_now(ada: Client) -> None:
    for wrong in ({"status": " "}, {"media_ids": ["12"]}, {"in_reply_to_id": "12"}):
        asked = {"status": "x", "scheduled_at": TEN} | wrong
        assert (await ada.refused("POST", "/api/v1/statuses", json=asked))[0] in (404, 422)
    assert await ada.get("/api/v1/scheduled_statuses") == []


async def test_a_picture_and_a_poll_wait_along(node: Node, ada: Client, clock: SetClock) -> None:
    files = {"file": ("a.png", png(), "image/png")}
    picture = (await ada.ask("POST", "/api/v2/media", files=files)).json()
    pictured = await later(ada, "Look", media_ids=[picture["id"]])
    assert [one["id"] for one in pictured["media_attachments"]] == [picture["id"]]
    asked = await later(ada, "Well?", poll={"options": ["a", "b"], "expires_in": 300})
    assert asked["params"]["poll"]["options"] == ["a", "b"]
    clock.move(timedelta(minutes=10))
    await due.work(node)
    account = await ada.get("/api/v1/accounts/verify_credentials")
    found = {one["content"]: one for one in await ada.get(f"/api/v1/accounts/{account['id']}/statuses")}
    assert [one["id"] for one in found["<p>Look</p>"]["media_attachments"]] == [picture["id"]]
    # It is open for five minutes from its publication on.
    assert found["<p>Well?</p>"]["poll"]["expired"] is False


async def test_what_is_refused_in_its_time_waits_for_its_author(
    node: Node, ada: Client, ben: Client, clock: SetClock
) -> None:
    question = await ada.write("Anybody there?")
    waiting = await later(ben, "I am", in_reply_to_id=question["id"])
    await ada.ask("DELETE", f"/api/v1/statuses/{question['id']}")
    clock.move(timedelta(minutes=10))
    await due.work(node)
    assert await ben.get("/api/v1/scheduled_statuses") == [waiting]
    assert await due.work(node) == 0
    assert await mine(ben) == []


async def test_a_repeated_request_schedules_once(ada: Client) -> None:
    key = {"idempotency-key": "k1"}
    asked = {"status": "Once", "scheduled_at": TEN}
    first = (await ada.ask("POST", "/api/v1/statuses", json=asked, headers=key)).json()
    assert (await ada.ask("POST", "/api/v1/statuses", json=asked, headers=key)).json() == first
    assert len(await ada.get("/api/v1/scheduled_statuses")) == 1


async def test_they_are_paged(ada: Client) -> None:
    ids = [(await later(ada, str(number)))["id"] for number in range(3)]
    answer = await ada.ask("GET", "/api/v1/scheduled_statuses", params={"limit": 2})
    assert [one["id"] for one in answer.json()] == ids[:0:-1]
    assert 'rel="next"' in answer.headers["link"]
    rest = await ada.get("/api/v1/scheduled_statuses", max_id=ids[1])
    assert [one["id"] for one in rest] == ids[:1]
