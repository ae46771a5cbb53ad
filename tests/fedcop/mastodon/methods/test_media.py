"""Pictures: uploaded, described, put into a status."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fedcop.errors import Invalid
from fedcop.mastodon.methods import media
from fedcop.node import Node
from tests.fedcop.actions.scene import Scene
from tests.fedcop.mastodon.conftest import BASE, Client
from tests.support.described import faults
from tests.support.pictures import received


def picture(width: int = 50, height: int = 60) -> dict[str, Any]:
    """Give a file as a form carries it."""
    data = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(data, "PNG")
    return {"file": ("a.png", data.getvalue(), "image/png")}


def kept(node: Node) -> list[Path]:
    """Give what lies in the media folder."""
    return list(Path(node.config.media.folder).iterdir())


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_an_upload_is_ready_at_once(ada: Client, version: str) -> None:
    made = await ada.ask(
        "POST", f"/api/{version}/media", files=picture(), data={"description": "Green", "focus": "0.5,-0.25"}
    )
    held = made.json()
    assert (made.status_code, held["type"], held["description"]) == (200, "image", "Green")
    assert held["url"].startswith(f"{BASE}/media/")
    assert held["meta"]["original"] == {"width": 50, "height": 60, "size": "50x60", "aspect": 50 / 60}
    assert held["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    assert held["blurhash"]
    assert held["remote_url"] is None
    assert await ada.get(f"/api/v1/media/{held['id']}") == held
    assert faults("MediaAttachment", held) == []


async def test_a_description_comes_later(ada: Client, ben: Client) -> None:
    held = (await ada.ask("POST", "/api/v2/media", files=picture())).json()
    assert held["description"] is None
    assert "focus" not in held["meta"]
    path = f"/api/v1/media/{held['id']}"
    later = (await ada.ask("PUT", path, json={"description": "A pump"})).json()
    assert later["description"] == "A pump"
    assert (await ada.ask("PUT", path, data={"focus": "1,1"})).json()["description"] == "A pump"
    assert (await ben.refused("GET", path))[0] == 404
    assert (await ben.refused("PUT", path, json={"description": "Mine"}))[0] == 404


async def test_pictures_stand_in_a_status_in_their_order(ada: Client) -> None:
    ids = [
        (await ada.ask("POST", "/api/v2/media", files=picture(50, height))).json()["id"]
        for height in (50, 70)
    ]
    made = await ada.write("", media_ids=ids[::-1])
    assert [file["id"] for file in made["media_attachments"]] == ids[::-1]
    found = await ada.get("/api/v1/timelines/public", only_media="true")
    assert [status["id"] for status in found] == [made["id"]]
    again = await ada.refused("POST", "/api/v1/statuses", json={"status": "x", "media_ids": ids})
    assert again[0] == 422
    edit = {
        "status": "now with words",
        "media_attributes": [{"id": ids[0], "description": "Alt", "focus": "0,0"}],
    }
    edited = (await ada.ask("PUT", f"/api/v1/statuses/{made['id']}", json=edit)).json()
    assert {file["id"]: file["description"] for file in edited["media_attachments"]}[ids[0]] == "Alt"


async def test_an_edit_puts_files_in_and_takes_them_out(ada: Client) -> None:
    ids = [(await ada.ask("POST", "/api/v2/media", files=picture())).json()["id"] for _ in range(3)]
    made = await ada.write("Look", media_ids=ids[:2])
    path = f"/api/v1/statuses/{made['id']}"
    for said, wanted in (
        ({"media_ids": [ids[2], ids[0]]}, [ids[2], ids[0]]),
        ({}, [ids[2], ids[0]]),
        ({"media_ids": []}, []),
        ({"media_ids": [ids[1]], "media_attributes": [{"id": ids[1], "description": "Alt"}]}, [ids[1]]),
    ):
        edited = await ada.ask("PUT", path, json={"status": "Look"} | said)
        assert [file["id"] for file in edited.json()["media_attachments"]] == wanted, said
    assert (await ada.get(path))["media_attachments"][0]["description"] == "Alt"
    assert (await ada.refused("PUT", path, json={"status": "Look", "media_ids": ["5"]}))[0] == 422


async def test_no_address_of_a_picture_is_a_peers(ada: Client, ben: Client, node: Node) -> None:
    scene = Scene(node)
    dan = await scene.remote(
        "dan",
        "devon.example",
        icon="https://cdn.devon.example/i.png",
        image="https://cdn.devon.example/h.png",
    )
    file = await received(scene, dan, "https://cdn.devon.example/a.png")
    me = await ben.get("/api/v1/accounts/verify_credentials")
    secret = await received(
        scene, dan, "https://cdn.devon.example/b.png", audience="direct", mentions=((int(me["id"]), True),)
    )

    public = await ada.ask("GET", f"/api/v1/statuses/{file.post_id}")
    direct = await ben.ask("GET", f"/api/v1/statuses/{secret.post_id}")

    assert "cdn.devon.example" not in public.text + direct.text
    (shown,) = public.json()["media_attachments"]
    assert (shown["url"], shown["preview_url"], shown["remote_url"]) == (
        f"{BASE}/media/{file.id}/original",
        f"{BASE}/media/{file.id}/small",
        None,
    )
    assert f"&s={me['id']}." in direct.json()["media_attachments"][0]["url"]
    assert public.json()["account"]["avatar"].startswith(f"{BASE}/media/actors/{dan.id}/icon/")
    assert faults("Status", public.json()) == []


async def test_an_upload_is_shown_to_its_owner_under_a_sealed_address(ada: Client) -> None:
    held = (await ada.ask("POST", "/api/v2/media", files=picture())).json()
    assert f"/media/{held['id']}/original?e=" in held["url"]
    made = await ada.write("For everybody", media_ids=[held["id"]])
    assert "?" not in made["media_attachments"][0]["url"]
    hidden = (await ada.ask("POST", "/api/v2/media", files=picture())).json()
    kept = await ada.write("For followers", media_ids=[hidden["id"]], visibility="private")
    assert kept["media_attachments"][0]["url"].partition("?")[0] == f"{BASE}/media/{hidden['id']}/original"


async def test_what_is_no_picture_is_refused(ada: Client) -> None:
    status, words = await ada.refused("POST", "/api/v2/media", files={"file": ("a.png", b"no", "image/png")})
    assert (status, words.startswith("Validation failed")) == (422, True)
    assert await ada.refused("POST", "/api/v2/media") == (422, "Validation failed: File can't be blank")


@pytest.mark.parametrize("text", ["1", "a,b", "1,2,3", ","])
def test_a_focus_is_two_numbers(text: str) -> None:
    with pytest.raises(Invalid, match="Focus is not two numbers"):
        media.focus_of(text)


def test_no_focus_is_none() -> None:
    assert media.focus_of("") is media.focus_of(None) is None


async def test_an_upload_that_is_in_no_status_can_be_deleted(ada: Client, ben: Client, node: Node) -> None:
    held = (await ada.ask("POST", "/api/v2/media", files=picture())).json()
    path = f"/api/v1/media/{held['id']}"
    assert (await ben.refused("DELETE", path))[0] == 404
    assert (await ada.ask("DELETE", path)).json() == {}
    assert (await ada.refused("GET", path))[0] == 404
    assert kept(node) == []
    used = (await ada.ask("POST", "/api/v2/media", files=picture())).json()
    await ada.write("A pump", media_ids=[used["id"]])
    assert (await ada.refused("DELETE", f"/api/v1/media/{used['id']}"))[0] == 404


@pytest.mark.parametrize(("wish", "status"), [({}, 200), ({"delete_media": "true"}, 422)])
async def test_a_deleted_status_leaves_its_files_or_takes_them_along(
    ada: Client, wish: dict[str, str], status: int
) -> None:
    held = (await ada.ask("POST", "/api/v2/media", files=picture())).json()
    made = await ada.write("A pump", media_ids=[held["id"]])
    gone = (await ada.ask("DELETE", f"/api/v1/statuses/{made['id']}", params=wish)).json()
    assert [file["id"] for file in gone["media_attachments"]] == [held["id"]]
    again = await ada.ask("POST", "/api/v1/statuses", json={"status": "Again", "media_ids": [held["id"]]})
    assert again.status_code == status
