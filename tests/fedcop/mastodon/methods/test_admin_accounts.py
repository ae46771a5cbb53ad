"""Everybody met, as an admin's client reads and decides."""

import httpx
import pytest

from fedcop.actions import account
from fedcop.clock import SetClock
from fedcop.node import Node
from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_admin_reports import secret_of
from tests.fedcop.mastodon.methods.test_timelines import account_id
from tests.support.described import faults

PATH = "/api/v1/admin/accounts"


@pytest.fixture
async def boss(node: Node, http: httpx.AsyncClient, clock: SetClock) -> Client:
    """Give the client of somebody who looks after the node."""
    await account.add_person(
        node, "boss", email="boss@kent.example", display_name="Boss", password=None, admin=True
    )
    return Client(http, await secret_of(node, "boss"), clock)


async def names(client: Client, path: str = PATH, **query: str) -> list[str]:
    return [one["username"] for one in await client.get(path, **query)]


async def test_everybody_is_listed_and_found_by_either_versions_words(boss: Client) -> None:
    everybody = await boss.get(PATH, local="true")
    assert {"ada", "ben", "cai", "boss"} <= {one["username"] for one in everybody}
    ada = next(one for one in everybody if one["username"] == "ada")
    assert (ada["email"], ada["locale"], ada["domain"], ada["role"]["name"]) == (
        "ada@kent.example",
        "en",
        None,
        "",
    )
    assert faults("AdminAccount", [one for one in everybody if one["email"]]) == []
    assert await names(boss, remote="true") == []
    assert await names(boss, username="be") == ["ben"]
    assert await names(boss, staff="true") == ["boss"]
    assert await names(boss, silenced="true") == []
    v2 = "/api/v2/admin/accounts"
    assert await names(boss, v2, origin="local", permissions="staff") == ["boss"]
    assert await names(boss, v2, status="suspended") == []
    assert await names(boss, v2, email="cai@") == ["cai"]


async def test_pages_follow_each_other(boss: Client) -> None:
    first = await boss.ask("GET", f"{PATH}?local=1&limit=2")
    second = await boss.ask("GET", first.links["next"]["url"])
    assert len(first.json()) == 2
    assert not {one["id"] for one in first.json()} & {one["id"] for one in second.json()}


async def test_somebody_is_disabled_and_enabled(boss: Client, ben: Client) -> None:
    address = f"{PATH}/{await account_id(ben, 'ben')}"
    assert await boss.post(f"{address}/action", type="disable") == {}
    assert (await boss.get(address))["disabled"] is True
    assert (await ben.refused("GET", "/api/v1/timelines/home"))[0] == 403
    assert (await boss.post(f"{address}/enable"))["disabled"] is False
    assert await ben.get("/api/v1/timelines/home") == []


async def test_somebody_is_suspended_let_back_in_and_deleted(boss: Client, ada: Client, ben: Client) -> None:
    made = await ben.write("Buy my pumps")
    address = f"{PATH}/{made['account']['id']}"
    report = await ada.post("/api/v1/reports", account_id=made["account"]["id"])
    assert await boss.post(f"{address}/action", type="suspend", report_id=report["id"]) == {}
    assert await boss.get("/api/v1/admin/reports") == []
    assert (await boss.get(address))["suspended"] is True
    assert await names(boss, suspended="true") == ["ben"]
    assert (await ada.refused("GET", f"/api/v1/statuses/{made['id']}"))[0] == 404
    assert (await boss.post(f"{address}/unsuspend"))["suspended"] is False
    assert (await ada.get(f"/api/v1/statuses/{made['id']}"))["id"] == made["id"]
    assert (await boss.refused("DELETE", address))[0] == 403
    await boss.post(f"{address}/action", type="suspend")
    assert (await boss.ask("DELETE", address)).status_code == 200
    assert await names(boss, username="ben") == []


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("action", {"type": "silence"}, 422),
        ("action", {"type": "sensitive"}, 422),
        ("action", {"type": "odd"}, 422),
        ("action", {"type": "none"}, 200),
        ("action", {}, 200),
        ("unsilence", {}, 200),
        ("unsensitive", {}, 200),
        ("approve", {}, 403),
        ("reject", {}, 403),
    ],
)
async def test_what_is_not_done_here_is_said(
    boss: Client, ben: Client, path: str, form: dict[str, str], status: int
) -> None:
    address = f"{PATH}/{await account_id(ben, 'ben')}"
    assert (await boss.ask("POST", f"{address}/{path}", json=form)).status_code == status
    assert (await boss.get(address))["suspended"] is False


async def test_nobody_else_reads_or_decides(
    node: Node, http: httpx.AsyncClient, clock: SetClock, boss: Client, ben: Client
) -> None:
    address = f"{PATH}/{await account_id(ben, 'ben')}"
    curious = Client(http, await secret_of(node, "cai"), clock)
    plain = Client(http, await secret_of(node, "boss", "read write"), clock)
    for client in (curious, plain):
        assert (await client.refused("GET", PATH))[0] == 403
        assert (await client.refused("GET", address))[0] == 403
        assert (await client.refused("POST", f"{address}/action", json={"type": "suspend"}))[0] == 403
        assert (await client.refused("DELETE", address))[0] == 403
    assert (await boss.refused("GET", f"{PATH}/7"))[0] == 404
