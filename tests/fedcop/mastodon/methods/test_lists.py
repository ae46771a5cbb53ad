"""Lists as clients make and read them."""

import pytest

from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id

LISTS = "/api/v1/lists"


async def test_a_list_is_made_changed_and_removed(ben: Client, cai: Client) -> None:
    made = await ben.post(LISTS, title="Drains")
    assert made == {"id": made["id"], "title": "Drains", "replies_policy": "list", "exclusive": False}
    path = f"{LISTS}/{made['id']}"
    changed = await ben.ask("PUT", path, params={"replies_policy": "none", "exclusive": "true"})
    assert changed.json() == made | {"replies_policy": "none", "exclusive": True}
    assert await ben.get(LISTS) == [changed.json()]
    assert await ben.get(path) == changed.json()
    for method in ("GET", "PUT", "DELETE"):
        assert (await cai.refused(method, path))[0] == 404
    assert (await ben.ask("DELETE", path)).json() == {}
    assert await ben.get(LISTS) == []


@pytest.mark.parametrize(
    "form", [{}, {"title": ""}, {"title": "x" * 256}, {"title": "x", "replies_policy": "all"}]
)
async def test_a_list_that_is_none_is_refused(ada: Client, form: dict[str, str]) -> None:
    assert (await ada.refused("POST", LISTS, json=form))[0] == 422


async def test_nobody_makes_lists_without_end(ada: Client) -> None:
    for number in range(50):
        await ada.post(LISTS, title=f"List {number}")
    status, words = await ada.refused("POST", LISTS, json={"title": "One more"})
    assert (status, "maximum number of lists" in words) == (422, True)


async def test_only_whom_one_follows_is_put_on_a_list_and_once(ada: Client) -> None:
    ben, cai = await account_id(ada, "ben"), await account_id(ada, "cai")
    path = f"{LISTS}/{(await ada.post(LISTS, title='Drains'))['id']}/accounts"
    assert (await ada.refused("POST", path, json={"account_ids": [ben]}))[0] == 404
    for one in (ben, cai):
        await ada.post(f"/api/v1/accounts/{one}/follow")
    assert await ada.post(path, account_ids=[ben, cai]) == {}
    status, words = await ada.refused("POST", path, json={"account_ids": [ben]})
    assert (status, words) == (422, "Validation failed: account_id: has already been taken")
    assert [one["id"] for one in await ada.get(path, limit=0)] == [cai, ben]
    assert [one["title"] for one in await ada.get(f"/api/v1/accounts/{ben}/lists")] == ["Drains"]
    assert (await ada.ask("DELETE", path, params={"account_ids[]": ben})).json() == {}
    assert [one["id"] for one in await ada.get(path)] == [cai]


async def test_a_list_has_a_timeline(ada: Client, ben: Client) -> None:
    held = await ada.post(LISTS, title="Drains", exclusive=True)
    one = await account_id(ada, "ben")
    await ada.post(f"/api/v1/accounts/{one}/follow")
    await ada.post(f"{LISTS}/{held['id']}/accounts", account_ids=[one])
    said = await ben.write("The pumps are here")
    assert [status["id"] for status in await ada.get(f"/api/v1/timelines/list/{held['id']}")] == [said["id"]]
    assert await ada.get("/api/v1/timelines/home") == []
    assert (await ben.refused("GET", f"/api/v1/timelines/list/{held['id']}"))[0] == 404


async def test_a_community_that_one_joined_is_a_list(ben: Client, cai: Client) -> None:
    floods = await account_id(ben, "floods")
    await ben.post(f"/api/v1/accounts/{floods}/follow")
    await cai.post(f"/api/v1/accounts/{floods}/follow")
    (held,) = await ben.get(LISTS)
    assert held == {"id": floods, "title": "Floods", "replies_policy": "list", "exclusive": False}
    await cai.write("@floods Which pumps?")
    path = f"{LISTS}/{floods}"
    assert len(await ben.get(f"/api/v1/timelines/list/{floods}")) == 1
    assert len(await ben.get("/api/v1/timelines/home")) == 1
    await ben.ask("PUT", path, json={"exclusive": True})
    assert await ben.get("/api/v1/timelines/home") == []
    assert [one["id"] for one in await ben.get(f"/api/v1/accounts/{floods}/lists")] == [floods]
    assert await ben.get(f"{path}/accounts") == []
    for method, where in (("DELETE", path), ("POST", f"{path}/accounts"), ("DELETE", f"{path}/accounts")):
        assert (await ben.refused(method, where))[0] == 422


async def test_whom_one_unfollows_is_off_every_list(ada: Client) -> None:
    ben = await account_id(ada, "ben")
    path = f"{LISTS}/{(await ada.post(LISTS, title='Drains'))['id']}/accounts"
    await ada.post(f"/api/v1/accounts/{ben}/follow")
    await ada.post(path, account_ids=[ben])
    await ada.post(f"/api/v1/accounts/{ben}/unfollow")
    await ada.post(f"/api/v1/accounts/{ben}/follow")
    assert await ada.get(path) == []
    assert await ada.post(path, account_ids=[ben]) == {}
