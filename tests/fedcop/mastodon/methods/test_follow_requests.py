"""Who waits for a person's decision."""

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id


@pytest.mark.parametrize(("verb", "joined"), [("authorize", True), ("reject", False)])
async def test_a_facilitator_decides_who_joins(ada: Client, ben: Client, verb: str, joined: bool) -> None:
    trees = await account_id(ben, "trees")
    him = await account_id(ada, "ben")
    await ben.post(f"/api/v1/accounts/{trees}/follow")

    assert [one["acct"] for one in await ada.get("/api/v1/follow_requests")] == ["ben"]
    assert (await ada.get("/api/v1/accounts/verify_credentials"))["source"]["follow_requests_count"] == 1
    assert (await ada.post(f"/api/v1/follow_requests/{him}/{verb}"))["id"] == him
    assert await ada.get("/api/v1/follow_requests") == []
    standing = (await ben.get("/api/v1/accounts/relationships", id=trees))[0]
    assert (standing["following"], standing["requested"]) == (joined, False)


async def test_a_locked_person_decides_who_follows(ada: Client, ben: Client) -> None:
    await ada.ask("PATCH", "/api/v1/accounts/update_credentials", json={"locked": True})
    hers, him = await account_id(ben, "ada"), await account_id(ben, "ben")
    assert (await ben.post(f"/api/v1/accounts/{hers}/follow"))["requested"] is True
    assert (await ada.post(f"/api/v1/follow_requests/{him}/authorize"))["followed_by"] is True


async def test_who_decides_nothing_finds_nobody(ben: Client, cai: Client) -> None:
    await cai.post(f"/api/v1/accounts/{await account_id(cai, 'trees')}/follow")
    assert await ben.get("/api/v1/follow_requests") == []
    assert (await ben.refused("POST", f"/api/v1/follow_requests/{await account_id(ben, 'cai')}/authorize"))[
        0
    ] == 404
