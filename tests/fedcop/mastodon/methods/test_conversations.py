"""Conversations as clients read them."""

from tests.fedcop.mastodon.conftest import Client

PATH = "/api/v1/conversations"


async def test_a_direct_status_is_a_conversation_with_the_others_in_it(ada: Client, ben: Client) -> None:
    made = await ada.write("@ben shall we meet?", visibility="direct")
    (mine,), (theirs,) = await ada.get(PATH), await ben.get(PATH)
    assert (mine["unread"], [one["acct"] for one in mine["accounts"]]) == (False, ["ben"])
    assert (theirs["unread"], [one["acct"] for one in theirs["accounts"]]) == (True, ["ada"])
    assert mine["last_status"]["id"] == theirs["last_status"]["id"] == made["id"]
    read = await ben.post(f"{PATH}/{theirs['id']}/read")
    assert read == theirs | {"unread": False}
    assert await ben.post(f"{PATH}/{theirs['id']}/unread") == theirs
    assert (await ada.get(PATH))[0]["unread"] is False
    await ben.write("@ada gladly", visibility="direct", in_reply_to_id=made["id"])
    assert [(one["id"], one["unread"]) for one in await ada.get(PATH)] == [(mine["id"], True)]


async def test_a_note_to_oneself_names_oneself(ada: Client) -> None:
    await ada.write("Buy grit", visibility="direct")
    (mine,) = await ada.get(PATH)
    assert [one["acct"] for one in mine["accounts"]] == ["ada"]


async def test_conversations_are_paged_by_their_last_status(ada: Client) -> None:
    made = [await ada.write(f"@ben {number}", visibility="direct") for number in range(3)]
    response = await ada.ask("GET", PATH, params={"limit": 2})
    assert [one["last_status"]["id"] for one in response.json()] == [made[2]["id"], made[1]["id"]]
    following = (await ada.ask("GET", response.links["next"]["url"])).json()
    assert [one["last_status"]["id"] for one in following] == [made[0]["id"]]


async def test_one_takes_only_ones_own_away(ada: Client, ben: Client, cai: Client) -> None:
    await ada.write("@ben hello", visibility="direct")
    (held,) = await ben.get(PATH)
    path = f"{PATH}/{held['id']}"
    assert (await cai.refused("DELETE", path))[0] == 404
    assert (await cai.refused("POST", f"{path}/read"))[0] == 404
    assert (await ben.ask("DELETE", path)).json() == {}
    assert await ben.get(PATH) == []
    assert len(await ada.get(PATH)) == 1
