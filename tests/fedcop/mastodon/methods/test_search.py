"""One box: people, communities, posts and hashtags."""

import pytest

from fedcop.node import Node
from tests.fedcop.mastodon.conftest import BASE, DOMAIN, Client

PATH = "/api/v2/search"


async def test_all_three_kinds_stand_in_the_answer(ada: Client) -> None:
    assert await ada.get(PATH, q="nothing") == {"accounts": [], "statuses": [], "hashtags": []}
    assert await ada.get(PATH) == {"accounts": [], "statuses": [], "hashtags": []}


async def test_people_and_communities_are_found_by_how_they_begin(ada: Client) -> None:
    for text in ("be", "@be", "Ben"):
        assert [one["acct"] for one in (await ada.get(PATH, q=text))["accounts"]] == ["ben"]
    assert [one["acct"] for one in (await ada.get(PATH, q="!flo", type="accounts"))["accounts"]] == ["floods"]
    assert (await ada.get(PATH, q="ben", type="hashtags"))["accounts"] == []
    assert (await ada.get(PATH, q="ben", offset=1))["accounts"] == []


@pytest.mark.parametrize("deed", ["mute", "block"])
async def test_whom_one_muted_or_blocked_is_found_by_the_whole_name_to_be_let_in_again(
    ada: Client, ben: Client, deed: str
) -> None:
    path = f"/api/v1/accounts/{(await ada.get('/api/v1/accounts/lookup', acct='ben'))['id']}"
    await ada.post(f"{path}/{deed}")
    assert (await ada.get(PATH, q="be", type="accounts"))["accounts"] == []
    found = await ada.get(PATH, q="ben", type="accounts", resolve="true")
    assert [one["acct"] for one in found["accounts"]] == ["ben"]
    assert (await ada.get(PATH, q="ben", type="accounts", offset=1))["accounts"] == []
    assert (await ada.get(PATH, q="ben", type="statuses"))["accounts"] == []


async def test_hashtags_are_found_by_how_they_begin(ada: Client) -> None:
    await ada.write("#hashtag_y #hashtag_x")
    await ada.post("/api/v1/tags/hashtag_x/follow")
    found = await ada.get(PATH, q="#hashtag")
    assert found["accounts"] == []
    assert [(tag["name"], tag["following"]) for tag in found["hashtags"]] == [
        ("hashtag_x", True),
        ("hashtag_y", False),
    ]
    assert [tag["name"] for tag in (await ada.get(PATH, q="hashtag", offset=1))["hashtags"]] == ["hashtag_y"]
    assert (await ada.get(PATH, q="two words"))["hashtags"] == []


@pytest.mark.parametrize("resolve", ["true", "false"])
async def test_a_pasted_address_of_ours_is_what_it_names(ada: Client, ben: Client, resolve: str) -> None:
    made = await ada.write("Hello")
    found = await ben.get(PATH, q=made["url"], resolve=resolve)
    assert [status["id"] for status in found["statuses"]] == [made["id"]]
    assert (found["accounts"], found["hashtags"]) == ([], [])
    found = await ben.get(PATH, q=f"{BASE}/communities/floods", resolve=resolve)
    assert [account["acct"] for account in found["accounts"]] == ["floods"]


async def test_a_pasted_address_shows_nothing_that_is_not_for_the_person(ada: Client, cai: Client) -> None:
    made = await ada.write("Hello @ben", visibility="direct")
    assert (await cai.get(PATH, q=made["url"], resolve="1"))["statuses"] == []


@pytest.mark.parametrize(
    "text", [f"!floods@{DOMAIN}", f"@floods@{DOMAIN}", f"acct:floods@{DOMAIN}", "floods"]
)
async def test_a_whole_handle_is_found(ada: Client, text: str) -> None:
    for path in ("/api/v1/accounts/search", PATH):
        found = await ada.get(path, q=text, resolve="true")
        accounts = found if isinstance(found, list) else found["accounts"]
        assert [account["acct"] for account in accounts] == ["floods"]


@pytest.mark.parametrize(
    "text", ["@x@devon.example", "https://devon.example/posts/1", "a@b..c", "https://", f"{BASE}/posts/1"]
)
async def test_what_cannot_be_had_is_nothing_and_no_fault(ada: Client, text: str) -> None:
    assert (await ada.get(PATH, q=text, resolve="true"))["accounts"] == []


async def test_a_completion_narrows_to_whom_one_follows(ada: Client) -> None:
    path = "/api/v1/accounts/search"
    ben = (await ada.get(path, q="be", limit=5, resolve="false"))[0]
    assert await ada.get(path, q="be", following="true") == []
    await ada.post(f"/api/v1/accounts/{ben['id']}/follow")
    assert [one["acct"] for one in await ada.get(path, q="be", following="true")] == ["ben"]
    assert await ada.get(path, q="#be") == []


async def test_a_stranger_makes_this_node_ask_nobody(stranger: Client, node: Node) -> None:
    assert (await stranger.refused("GET", PATH, params={"q": "@x@devon.example", "resolve": "1"}))[0] == 401
    assert node.transport.router.seen == []  # type: ignore[attr-defined]


async def test_the_first_version_gives_hashtags_by_name(ada: Client) -> None:
    await ada.write("#Gullies")
    found = await ada.get("/api/v1/search", q="#gul")
    assert found["hashtags"] == ["gullies"]
    assert [one["acct"] for one in (await ada.get("/api/v1/search", q="ben"))["accounts"]] == ["ben"]
