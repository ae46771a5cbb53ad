"""Who people and communities are, and lists of them."""

import pytest

from tests.fedcop.mastodon.conftest import BASE, DOMAIN, Client
from tests.fedcop.mastodon.methods.test_timelines import account_id, ids


async def test_ones_own_account_says_what_was_typed(ada: Client) -> None:
    own = await ada.get("/api/v1/accounts/verify_credentials")
    assert (own["acct"], own["display_name"], own["group"], own["bot"]) == ("ada", "Ada", False, False)
    assert own["source"]["privacy"] == "public"
    assert own["source"]["follow_requests_count"] == 0
    assert own["role"]["permissions"] == "0"


async def test_a_community_is_a_group_whose_lock_says_that_it_decides(ada: Client) -> None:
    floods = await ada.get("/api/v1/accounts/lookup", acct="floods")
    trees = await ada.get("/api/v1/accounts/lookup", acct="trees")
    assert (floods["group"], floods["locked"], floods["bot"]) == (True, False, False)
    assert (trees["group"], trees["locked"]) == (True, True)
    assert floods["url"] == floods["uri"] == f"{BASE}/communities/floods"


@pytest.mark.parametrize(
    "acct", ["ben", "@ben", "BEN", f"ben@{DOMAIN}", f"@Ben@{DOMAIN}", f"!ben@{DOMAIN}", " ben "]
)
async def test_a_handle_is_looked_up_in_every_spelling(ada: Client, acct: str) -> None:
    assert (await ada.get("/api/v1/accounts/lookup", acct=acct))["acct"] == "ben"


@pytest.mark.parametrize(
    "path", ["lookup?acct=nobody", "lookup?acct=ben@devon.example", "1", "x", "1/statuses"]
)
async def test_who_is_not_there_is_not_found(ada: Client, path: str) -> None:
    assert await ada.refused("GET", f"/api/v1/accounts/{path}") == (404, "Record not found")


async def test_a_lookup_without_a_handle_says_so(ada: Client) -> None:
    assert await ada.refused("GET", "/api/v1/accounts/lookup") == (
        422,
        "Validation failed: Acct can't be blank",
    )


async def test_several_accounts_are_read_at_once(ada: Client) -> None:
    wanted = [await account_id(ada, "floods"), await account_id(ada, "ben")]
    found = await ada.get("/api/v1/accounts", **{"id[]": [*wanted, "7"]})
    assert [account["id"] for account in found] == wanted
    assert (await ada.get(f"/api/v1/accounts/{wanted[1]}"))["acct"] == "ben"


async def test_relationships_come_in_the_order_asked_for(ada: Client, ben: Client) -> None:
    me, him, floods = [await account_id(ada, name) for name in ("ada", "ben", "floods")]
    await ben.post(f"/api/v1/accounts/{me}/follow")
    rows = await ada.get("/api/v1/accounts/relationships", **{"id[]": [floods, him, me, "9"]})
    assert [(row["id"], row["following"], row["followed_by"]) for row in rows] == [
        (floods, True, False),
        (him, False, True),
        (me, False, False),
    ]
    assert await ada.get("/api/v1/accounts/relationships") == []


async def test_followers_and_following_are_paged_by_the_row(ada: Client, ben: Client, cai: Client) -> None:
    hers = await account_id(ada, "ada")
    for client in (ben, cai):
        await client.post(f"/api/v1/accounts/{hers}/follow")
    first = await ada.ask("GET", f"/api/v1/accounts/{hers}/followers", params={"limit": 1})
    assert [account["acct"] for account in first.json()] == ["cai"]
    second = await ada.ask("GET", first.links["next"]["url"])
    assert [account["acct"] for account in second.json()] == ["ben"]
    his = await account_id(ada, "ben")
    assert [one["acct"] for one in await ada.get(f"/api/v1/accounts/{his}/following")] == ["ada"]
    own = await ada.get(f"/api/v1/accounts/{hers}")
    assert (own["followers_count"], own["following_count"]) == (2, 2)


async def test_an_accounts_statuses_are_narrowed(ada: Client, ben: Client) -> None:
    plain, tagged = await ada.write("plain"), await ada.write("#kent")
    reply = await ada.write("reply", in_reply_to_id=(await ben.write("asked"))["id"])
    boost = await ada.post(f"/api/v1/statuses/{(await ben.write('good'))['id']}/reblog")
    path = f"/api/v1/accounts/{plain['account']['id']}/statuses"

    assert ids(await ben.get(path)) == [boost["id"], reply["id"], tagged["id"], plain["id"]]
    assert ids(await ben.get(path, exclude_reblogs="1", exclude_replies="true")) == [
        tagged["id"],
        plain["id"],
    ]
    assert ids(await ben.get(path, tagged="Kent")) == [tagged["id"]]
    assert ids(await ben.get(path, pinned="true")) == []
    assert ids(await ben.get(path, max_id=tagged["id"])) == [plain["id"]]


async def test_a_communitys_page_is_not_empty_for_clients_that_leave_reblogs_out(ada: Client) -> None:
    made = await ada.write("@floods Sandbags")
    floods = await account_id(ada, "floods")
    found = await ada.get(
        f"/api/v1/accounts/{floods}/statuses", exclude_reblogs="true", exclude_replies="true"
    )
    assert [status["reblog"]["id"] for status in found] == [made["id"]]


async def test_direct_statuses_are_left_out_on_request(ada: Client) -> None:
    told = await ada.write("@ben quietly", visibility="direct")
    path = f"/api/v1/accounts/{told['account']['id']}/statuses"
    assert [status["id"] for status in await ada.get(path)] == [told["id"]]
    assert await ada.get(path, exclude_direct="true") == []
