"""Whom a person points to, and familiar followers."""

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id


@pytest.mark.parametrize(("verb", "undo"), [("endorse", "unendorse"), ("pin", "unpin")])
async def test_one_points_to_whom_one_follows(ada: Client, ben: Client, verb: str, undo: str) -> None:
    hers, his = await account_id(ben, "ada"), await account_id(ben, "ben")
    assert (await ben.refused("POST", f"/api/v1/accounts/{hers}/{verb}"))[0] == 422
    assert (await ben.post(f"/api/v1/accounts/{hers}/follow"))["endorsed"] is False
    assert (await ben.post(f"/api/v1/accounts/{hers}/{verb}"))["endorsed"] is True
    assert (await ben.get("/api/v1/accounts/relationships", id=hers))[0]["endorsed"] is True
    for shown in (
        await ben.get("/api/v1/endorsements"),
        await ada.get(f"/api/v1/accounts/{his}/endorsements"),
    ):
        assert [one["acct"] for one in shown] == ["ada"]
    assert (await ben.post(f"/api/v1/accounts/{hers}/{undo}"))["endorsed"] is False
    assert await ben.get("/api/v1/endorsements") == []


async def test_familiar_followers_are_those_one_follows(ada: Client, ben: Client, cai: Client) -> None:
    his, floods = await account_id(ben, "cai"), await account_id(ben, "floods")
    await cai.post(f"/api/v1/accounts/{floods}/follow")
    await ben.post(f"/api/v1/accounts/{his}/follow")
    found = await ben.get("/api/v1/accounts/familiar_followers", **{"id[]": [floods, his]})
    assert [(one["id"], [who["acct"] for who in one["accounts"]]) for one in found] == [
        (floods, ["cai"]),
        (his, []),
    ]
