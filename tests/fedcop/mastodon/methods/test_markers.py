"""How far a person has read."""

from tests.fedcop.mastodon.conftest import Client


async def test_both_markers_stand_there_from_the_beginning(ada: Client) -> None:
    markers = await ada.get("/api/v1/markers", **{"timeline[]": "notifications"})
    assert {name: (one["last_read_id"], one["version"]) for name, one in markers.items()} == {
        "home": ("0", 0),
        "notifications": ("0", 0),
    }


async def test_one_marker_moves_and_the_other_stays(ada: Client, ben: Client) -> None:
    await ada.post("/api/v1/markers", home={"last_read_id": "103"}, notifications={"last_read_id": "7"})
    response = await ada.ask("POST", "/api/v1/markers", data={"home[last_read_id]": "104"})
    moved = response.json()
    assert (moved["home"]["last_read_id"], moved["home"]["version"]) == ("104", 2)
    assert moved["home"]["updated_at"].endswith("Z")
    assert (await ada.get("/api/v1/markers"))["notifications"]["last_read_id"] == "7"
    assert (await ben.get("/api/v1/markers"))["home"]["last_read_id"] == "0"


async def test_a_marker_without_an_id_is_refused(ada: Client) -> None:
    assert (await ada.refused("POST", "/api/v1/markers", json={"home": {}}))[0] == 422
