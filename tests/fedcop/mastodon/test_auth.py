"""Who asks, and what their token carries."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from fedcop.actions import token
from fedcop.clock import SetClock
from fedcop.node import Node, open_node
from storage import accounts, oauth
from storage.ids import ActorId
from tests.fedcop.mastodon.conftest import BASE, Client, app_of, settings
from tests.support import described
from tests.support.hosts import Door, HostRouter

HOME = "/api/v1/timelines/home"


async def with_scopes(http: httpx.AsyncClient, node: Node, clock: SetClock, scopes: str) -> Client:
    secret = await token.create(node, "ada", scopes=scopes, app_name="Test", by="test")
    return Client(http, secret, clock)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "This method requires an authenticated user"),
        ("Bearer ", "This method requires an authenticated user"),
        ("Basic YTpi", "This method requires an authenticated user"),
        ("Bearer nonsense", "The access token is invalid"),
    ],
)
async def test_without_a_token_nothing_is_given(stranger: Client, header: str, words: str) -> None:
    assert await stranger.refused("GET", HOME, headers={"authorization": header}) == (401, words)
    assert await stranger.refused("POST", "/api/v1/statuses", headers={"authorization": header}) == (
        401,
        words,
    )


async def test_a_token_in_the_address_or_a_cookie_counts_for_nothing(
    stranger: Client, secrets: dict[str, str]
) -> None:
    assert (await stranger.refused("GET", f"{HOME}?access_token={secrets['ada']}"))[0] == 401
    assert (await stranger.refused("GET", HOME, headers={"cookie": f"session={secrets['ada']}"}))[0] == 401


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        ("read", HOME, 200),
        ("read:statuses", HOME, 200),
        ("read:accounts", HOME, 403),
        ("write", HOME, 403),
        ("follow", "/api/v1/follow_requests", 200),
        ("follow", "/api/v1/blocks", 200),
        ("profile", "/api/v1/accounts/verify_credentials", 200),
        ("read:statuses", "/api/v1/accounts/verify_credentials", 403),
    ],
)
async def test_a_scope_opens_what_it_names(
    http: httpx.AsyncClient, node: Node, clock: SetClock, scopes: str, path: str, status: int
) -> None:
    client = await with_scopes(http, node, clock, scopes)
    response = await client.ask("GET", path)
    assert response.status_code == status
    if status == 403:
        assert response.json() == {"error": "This action is outside the authorized scopes"}


async def test_reading_is_not_writing(http: httpx.AsyncClient, node: Node, clock: SetClock) -> None:
    client = await with_scopes(http, node, clock, "read")
    assert (await client.refused("POST", "/api/v1/statuses", json={"status": "x"}))[0] == 403


async def test_a_revoked_token_is_worth_nothing_at_once(ada: Client, node: Node) -> None:
    own = await ada.get("/api/v1/accounts/verify_credentials")
    await node.store.write(oauth.revoke_all, ActorId(int(own["id"])))
    assert await ada.refused("GET", HOME) == (401, "The access token is invalid")


async def test_a_suspended_person_is_told_so(ada: Client, node: Node) -> None:
    own = await ada.get("/api/v1/accounts/verify_credentials")
    await node.store.write(accounts.set_state, ActorId(int(own["id"])), "suspended", node.clock.now())
    assert await ada.refused("GET", HOME) == (
        403,
        "Your login is currently disabled: this account is suspended",
    )


@pytest.fixture
async def passer_by(folder: Path, clock: SetClock) -> AsyncIterator[Client]:
    """Give a client without a token of a node that shows strangers what is public."""
    config = settings(folder, client_api={"anonymous": True})
    node = await open_node(config, clock=clock, transport=Door(HostRouter()))
    async with httpx.AsyncClient(transport=described.Described(app=app_of(node)), base_url=BASE) as http:
        yield Client(http, None, clock)
    await node.close()


async def test_strangers_read_what_is_public_where_the_node_lets_them(
    passer_by: Client, secrets: dict[str, str]
) -> None:
    ada = Client(passer_by.http, secrets["ada"], passer_by.clock)
    public, hidden = await ada.write("@floods Sandbags"), await ada.write("Mine", visibility="private")
    found = await passer_by.get("/api/v1/timelines/public")
    assert [status["id"] for status in found] == [public["id"]]
    assert "favourited" not in found[0]
    assert "filtered" not in found[0]
    trees = await passer_by.get("/api/v1/accounts/lookup", acct="trees")
    assert trees["locked"] is True
    assert (await passer_by.refused("GET", f"/api/v1/statuses/{hidden['id']}"))[0] == 404
    assert (await passer_by.refused("GET", HOME))[0] == 401
    wrong = await passer_by.refused("GET", "/api/v1/timelines/public", headers={"authorization": "Bearer x"})
    assert wrong == (401, "The access token is invalid")
