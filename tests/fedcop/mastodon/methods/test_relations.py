"""How a person stands to others, and what changes it."""

from datetime import timedelta

from fedcop.clock import SetClock
from fedcop.node import Node
from tests.fedcop.mastodon.conftest import Client
from tests.fedcop.mastodon.methods.test_timelines import account_id


async def test_a_follow_holds_at_once_and_takes_its_options_later(ada: Client, ben: Client) -> None:
    path = f"/api/v1/accounts/{await account_id(ben, 'ada')}"
    made = await ben.post(f"{path}/follow", reblogs=False)
    assert (made["following"], made["showing_reblogs"], made["notifying"]) == (True, False, False)
    again = (await ben.ask("POST", f"{path}/follow?notify=1&reblogs=true")).json()
    assert (again["following"], again["showing_reblogs"], again["notifying"]) == (True, True, True)
    same = await ben.post(f"{path}/follow")
    assert (same["showing_reblogs"], same["notifying"]) == (True, True)
    assert (await ben.post(f"{path}/unfollow"))["following"] is False


async def test_a_community_that_decides_is_asked(ada: Client, ben: Client) -> None:
    path = f"/api/v1/accounts/{await account_id(ben, 'trees')}"
    made = await ben.post(f"{path}/follow")
    assert (made["following"], made["requested"]) == (False, True)
    assert (await ben.post(f"{path}/unfollow"))["requested"] is False


async def test_a_follower_can_be_removed(ada: Client, ben: Client) -> None:
    await ben.post(f"/api/v1/accounts/{await account_id(ben, 'ada')}/follow")
    gone = await ada.post(f"/api/v1/accounts/{await account_id(ada, 'ben')}/remove_from_followers")
    assert gone["followed_by"] is False


async def test_a_block_ends_follows_and_hides(ada: Client, ben: Client) -> None:
    him, hers = await account_id(ada, "ben"), await account_id(ada, "ada")
    await ben.post(f"/api/v1/accounts/{hers}/follow")
    made = await ada.write("Hello")
    standing = await ada.post(f"/api/v1/accounts/{him}/block")
    assert (standing["blocking"], standing["followed_by"]) == (True, False)
    assert (await ben.refused("GET", f"/api/v1/statuses/{made['id']}"))[0] == 404
    assert (await ben.refused("POST", f"/api/v1/accounts/{hers}/follow"))[0] == 403
    assert (await ada.post(f"/api/v1/accounts/{him}/unblock"))["blocking"] is False


async def test_a_mute_ends_by_itself(ada: Client, clock: SetClock, node: Node) -> None:
    path = f"/api/v1/accounts/{await account_id(ada, 'ben')}"
    muted = await ada.post(f"{path}/mute", notifications=False, duration=3600)
    assert (muted["muting"], muted["muting_notifications"]) == (True, False)
    assert muted["muting_expires_at"].endswith("Z")
    clock.move(timedelta(hours=2))
    assert (await ada.get("/api/v1/accounts/relationships", id=path.rpartition("/")[2]))[0]["muting"] is False
    assert (await ada.post(f"{path}/mute"))["muting_expires_at"] is None
    assert (await ada.post(f"{path}/unmute"))["muting"] is False


async def test_a_note_is_kept_for_oneself(ada: Client, ben: Client) -> None:
    path = f"/api/v1/accounts/{await account_id(ada, 'ben')}/note"
    assert (await ada.post(path, comment="Knows pumps"))["note"] == "Knows pumps"
    hers = await account_id(ben, "ada")
    assert (await ben.get("/api/v1/accounts/relationships", id=hers))[0]["note"] == ""
    assert (await ada.post(path))["note"] == ""


async def test_oneself_and_nobody_are_refused(ada: Client) -> None:
    own = await account_id(ada, "ada")
    for verb in ("follow", "block", "mute"):
        assert (await ada.refused("POST", f"/api/v1/accounts/{own}/{verb}"))[0] == 422
        assert (await ada.refused("POST", f"/api/v1/accounts/7/{verb}"))[0] == 404
