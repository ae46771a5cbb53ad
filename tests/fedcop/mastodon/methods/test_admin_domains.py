"""The federation list as an admin's client sees and changes it."""

from pathlib import Path

import httpx
import pytest

from fedcop.actions import account, token
from fedcop.clock import SetClock
from fedcop.node import Node, open_node
from tests.fedcop.mastodon.conftest import BASE, Client, app_of, settings
from tests.support import described
from tests.support.hosts import Door, HostRouter

ALLOWS, BLOCKS = "/api/v1/admin/domain_allows", "/api/v1/admin/domain_blocks"


@pytest.fixture
async def boss(node: Node, http: httpx.AsyncClient, clock: SetClock) -> Client:
    """Give the client of an admin."""
    await account.add_person(
        node, "boss", email="boss@kent.example", display_name="Boss", password=None, admin=True
    )
    scopes = "admin:read admin:write"
    return Client(http, await token.create(node, "boss", scopes=scopes, app_name="x", by="test"), clock)


async def test_a_host_is_allowed_once_and_taken_off_again(boss: Client, node: Node) -> None:
    made = await boss.post(ALLOWS, domain="Devon.example", reason="a neighbour")
    assert (made["domain"], made["reason"], made["source"]) == ("devon.example", "a neighbour", "client")
    assert made["created_at"].startswith("2026-03-02T13:")
    assert await boss.post(ALLOWS, domain="devon.example") == made
    assert node.allows("devon.example")
    assert await boss.get(ALLOWS) == [made]
    path = f"{ALLOWS}/{made['id']}"
    assert await boss.get(path) == made
    assert (await boss.refused("GET", path.replace("allows", "blocks")))[0] == 404
    assert (await boss.ask("DELETE", path)).json() == made
    assert not node.allows("devon.example")
    assert (await boss.refused("GET", path))[0] == 404


async def test_a_host_is_denied_whatever_else_allows_it(boss: Client, node: Node) -> None:
    await boss.post(ALLOWS, domain="*.councils.example")
    made = await boss.post(BLOCKS, domain="rogue.councils.example", private_comment="spam")
    assert (made["domain"], made["severity"], made["private_comment"]) == (
        "rogue.councils.example",
        "suspend",
        "spam",
    )
    assert len(made["digest"]) == 64
    assert node.allows("devon.councils.example")
    assert not node.allows("rogue.councils.example")
    assert [one["domain"] for one in await boss.get(BLOCKS)] == ["rogue.councils.example"]
    assert (await boss.ask("DELETE", f"{BLOCKS}/{made['id']}")).json() == {}
    assert node.allows("rogue.councils.example")


async def test_why_a_host_is_denied_may_change_and_nothing_else(
    boss: Client, ada: Client, node: Node
) -> None:
    made = await boss.post(BLOCKS, domain="rogue.example", private_comment="spam")
    path = f"{BLOCKS}/{made['id']}"
    changed = (
        await boss.ask("PUT", path, json={"private_comment": "much spam", "reject_media": False})
    ).json()
    told = ("id", "private_comment", "reject_media", "severity")
    assert [changed[name] for name in told] == [made["id"], "much spam", True, "suspend"]
    assert changed == await boss.get(path)
    assert (await boss.ask("PUT", path, json={"severity": "noop"})).json() == changed
    assert not node.allows("rogue.example")
    allowed = await boss.post(ALLOWS, domain="devon.example")
    assert (await boss.refused("PUT", f"{BLOCKS}/{allowed['id']}", json={}))[0] == 404
    assert (await ada.refused("PUT", path, json={}))[0] == 403


async def test_what_the_list_is_told_anew_replaces_what_it_said(boss: Client) -> None:
    await boss.post(ALLOWS, domain="devon.example")
    await boss.post(BLOCKS, domain="devon.example")
    assert await boss.get(ALLOWS) == []


async def test_the_list_comes_in_pages(boss: Client) -> None:
    names = {f"council{number}.example" for number in range(5)}
    for name in names:
        await boss.post(ALLOWS, domain=name)
    seen: list[str] = []
    address = f"{ALLOWS}?limit=2"
    while address:
        response = await boss.ask("GET", address)
        seen += [one["domain"] for one in response.json()]
        address = response.links.get("next", {}).get("url", "")
    assert (len(seen), set(seen)) == (5, names)


@pytest.mark.parametrize("domain", ["", "not a name", "https://", "kent.localhost:8001", "*.*.example"])
async def test_what_is_no_host_of_others_is_refused(boss: Client, domain: str) -> None:
    assert (await boss.refused("POST", ALLOWS, json={"domain": domain}))[0] == 422
    assert await boss.get(ALLOWS) == []


@pytest.mark.parametrize("path", [ALLOWS, BLOCKS, f"{ALLOWS}/1"])
async def test_the_list_is_for_admins_with_the_scope_for_it(
    node: Node, http: httpx.AsyncClient, clock: SetClock, ada: Client, path: str
) -> None:
    assert (await ada.refused("GET", path))[0] == 403
    scopes = "admin:read admin:write"
    secret = await token.create(node, "ada", scopes=scopes, app_name="x", by="test")
    grasping = Client(http, secret, clock)
    assert (await grasping.refused("GET", path))[0] == 403
    assert (await grasping.refused("POST", path.removesuffix("/1"), json={"domain": "a.example"}))[0] == 403


async def test_what_the_file_fixes_is_shown_and_stays(folder: Path, clock: SetClock) -> None:
    config = settings(folder, federation={"allow": ["devon.example"]})
    opened = await open_node(config, clock=clock, transport=Door(HostRouter()))
    transport = described.Described(app=app_of(opened))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        await account.add_person(
            opened, "boss", email="boss@kent.example", display_name="Boss", password=None, admin=True
        )
        secret = await token.create(opened, "boss", scopes="admin:read admin:write", app_name="x", by="test")
        boss = Client(http, secret, clock)
        (listed,) = await boss.get(ALLOWS)
        assert (listed["domain"], listed["source"]) == ("devon.example", "file")
        status, words = await boss.refused("DELETE", f"{ALLOWS}/{listed['id']}")
        assert (status, "fixed by the configuration file" in words) == (422, True)
        assert await boss.post(ALLOWS, domain="devon.example") == listed
        denied = await boss.post(BLOCKS, domain="devon.example")
        assert await boss.get(BLOCKS) == [denied]
        assert await boss.get(ALLOWS) == [listed]
        assert (await boss.ask("DELETE", f"{BLOCKS}/{denied['id']}")).json() == {}
    await opened.close()
