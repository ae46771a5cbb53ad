"""Whom a person does not want to meet."""

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id


async def test_blocks_and_mutes_are_listed_page_by_page(ada: Client) -> None:
    for name in ("ben", "cai"):
        path = f"/api/v1/accounts/{await account_id(ada, name)}"
        await ada.post(f"{path}/mute", duration=60 if name == "ben" else 0)
        await ada.post(f"{path}/block")
    for path in ("/api/v1/blocks", "/api/v1/mutes"):
        first = await ada.ask("GET", path, params={"limit": 1})
        second = await ada.ask("GET", first.links["next"]["url"])
        assert [page.json()[0]["acct"] for page in (first, second)] == ["cai", "ben"]


async def test_a_muted_account_says_when_it_ends(ada: Client) -> None:
    for name, seconds in (("ben", 60), ("cai", 0)):
        await ada.post(f"/api/v1/accounts/{await account_id(ada, name)}/mute", duration=seconds)
    ends = {one["acct"]: one["mute_expires_at"] for one in await ada.get("/api/v1/mutes")}
    assert ends["ben"].endswith("Z")
    assert ends["cai"] is None
    blocked = await ada.get(f"/api/v1/accounts/{await account_id(ada, 'ben')}")
    assert "mute_expires_at" not in blocked
