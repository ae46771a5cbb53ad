"""Reports as those who decide them read and close them."""

from typing import Any

import httpx
import pytest

from fedcop.actions import account, token
from fedcop.clock import SetClock
from fedcop.node import Node
from tests.fedcop.mastodon.conftest import Client

READ_AND_WRITE = "read admin:read admin:write"


@pytest.fixture
async def boss(node: Node, http: httpx.AsyncClient, clock: SetClock) -> Client:
    """Give the client of somebody who looks after the node."""
    await account.add_person(
        node, "boss", email="boss@kent.example", display_name="Boss", password=None, admin=True
    )
    return Client(http, await secret_of(node, "boss"), clock)


@pytest.fixture
async def facilitator(node: Node, http: httpx.AsyncClient, clock: SetClock) -> Client:
    """Give Ada's client with the scopes of those who decide."""
    return Client(http, await secret_of(node, "ada"), clock)


async def secret_of(node: Node, name: str, scopes: str = READ_AND_WRITE) -> str:
    return await token.create(node, name, scopes=scopes, app_name="Test app", by="test")


async def reported(by: Client, text: str, of: Client, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Report a post; give the post and the report."""
    made = await of.write(text)
    about = {"account_id": made["account"]["id"], "status_ids": [made["id"]]}
    return made, await by.post("/api/v1/reports", **about, **more)


async def test_a_report_is_listed_with_who_made_it_and_what_it_is_about(
    boss: Client, ben: Client, cai: Client
) -> None:
    made, report = await reported(cai, "Buy my pumps", ben, comment="Advertising", category="spam")

    (listed,) = await boss.get("/api/v1/admin/reports")
    assert (listed["id"], listed["comment"], listed["category"]) == (report["id"], "Advertising", "spam")
    assert (listed["account"]["username"], listed["target_account"]["username"]) == ("cai", "ben")
    assert listed["target_account"]["account"]["acct"] == "ben"
    assert [status["uri"] for status in listed["statuses"]] == [made["uri"]]
    assert await boss.get(f"/api/v1/admin/reports/{report['id']}") == listed


async def test_a_reported_post_is_shown_to_who_decides_whatever_its_audience(
    boss: Client, ben: Client, cai: Client
) -> None:
    made = await ben.write("@cai you are a fool", visibility="direct")
    await cai.post("/api/v1/reports", account_id=made["account"]["id"], status_ids=[made["id"]])

    (listed,) = await boss.get("/api/v1/admin/reports")
    assert [status["uri"] for status in listed["statuses"]] == [made["uri"]]


async def test_a_facilitator_sees_what_concerns_the_community_only(
    facilitator: Client, boss: Client, ben: Client, cai: Client
) -> None:
    inside, outside = await ben.write("@floods pumps"), await ben.write("pumps elsewhere")
    await cai.post(
        "/api/v1/reports",
        account_id=inside["account"]["id"],
        status_ids=[inside["id"], outside["id"]],
    )
    await cai.post("/api/v1/reports", account_id=outside["account"]["id"], status_ids=[outside["id"]])

    (listed,) = await facilitator.get("/api/v1/admin/reports")
    assert [status["uri"] for status in listed["statuses"]] == [inside["uri"]]
    assert len(await boss.get("/api/v1/admin/reports")) == 2


async def test_one_takes_a_report_on_closes_it_and_opens_it_again(
    boss: Client, ben: Client, cai: Client
) -> None:
    _, report = await reported(cai, "Buy my pumps", ben)
    address = f"/api/v1/admin/reports/{report['id']}"

    assert (await boss.post(f"{address}/assign_to_self"))["assigned_account"]["username"] == "boss"
    assert (await boss.post(f"{address}/unassign"))["assigned_account"] is None
    edited = await boss.ask("PUT", address, json={"category": "legal"})
    assert edited.json()["category"] == "legal"
    closed = await boss.post(f"{address}/resolve")
    assert (closed["action_taken"], closed["action_taken_by_account"]["username"]) == (True, "boss")
    assert await boss.get("/api/v1/admin/reports") == []
    assert [one["id"] for one in await boss.get("/api/v1/admin/reports", resolved="true")] == [report["id"]]
    assert (await boss.post(f"{address}/reopen"))["action_taken"] is False


async def test_pages_follow_each_other(boss: Client, ben: Client, cai: Client) -> None:
    made = [(await reported(cai, f"pump {number}", ben))[1]["id"] for number in range(3)]
    first = await boss.ask("GET", "/api/v1/admin/reports?limit=2")

    assert [one["id"] for one in first.json()] == made[:0:-1]
    second = await boss.ask("GET", first.links["next"]["url"])
    assert [one["id"] for one in second.json()] == made[:1]
    assert await boss.get("/api/v1/admin/reports", account_id=(await ben.write("x"))["account"]["id"]) == []


async def test_nobody_else_reads_or_decides(
    node: Node, http: httpx.AsyncClient, clock: SetClock, boss: Client, ben: Client, cai: Client
) -> None:
    _, report = await reported(cai, "Buy my pumps", ben)
    address = f"/api/v1/admin/reports/{report['id']}"
    curious = Client(http, await secret_of(node, "cai"), clock)
    plain = Client(http, await secret_of(node, "boss", "read write"), clock)

    assert (await curious.refused("GET", "/api/v1/admin/reports"))[0] == 403
    assert (await curious.refused("GET", address))[0] == 404
    assert (await curious.refused("POST", f"{address}/resolve"))[0] == 404
    assert (await plain.refused("GET", "/api/v1/admin/reports"))[0] == 403
    assert (await plain.refused("POST", f"{address}/resolve"))[0] == 403
    assert len(await boss.get("/api/v1/admin/reports")) == 1


async def test_whoever_decides_is_told_in_the_words_of_clients(
    boss: Client, ben: Client, cai: Client
) -> None:
    _, report = await reported(cai, "Buy my pumps", ben, comment="Advertising")

    (told,) = await boss.get("/api/v1/notifications")
    assert (told["type"], told["account"]["acct"]) == ("admin.report", "cai")
    assert (told["report"]["id"], told["report"]["target_account"]["acct"]) == (report["id"], "ben")
    assert told["report"]["comment"] == "Advertising"
    assert [one["type"] for one in await ben.get("/api/v1/notifications")] == []
