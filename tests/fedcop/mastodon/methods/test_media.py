"""Pictures: uploaded, described, put into a status."""

import base64
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from fedcop.clock import SetClock
from fedcop.errors import Invalid
from fedcop.mastodon.methods import media
from fedcop.node import Node, open_node
from fedcop.workers import films
from tests.fedcop.actions.scene import Scene
from tests.fedcop.mastodon.conftest import BASE, Client, app_of, settings
from tests.support import files, ready
from tests.support.described import faults
from tests.support.hosts import Door, HostRouter
from tests.support.pictures import png, received


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


@pytest.fixture
async def cinema(
    folder: Path, clock: SetClock, secrets: dict[str, str], tmp_path: Path
) -> AsyncIterator[Client]:
    """Give Ada's client of a node that writes films anew."""
    ffmpeg = files.program(tmp_path / "bin", files.lasting(5.5), png(90, 60))
    config = settings(folder, media={"ffmpeg": ffmpeg})
    opened = ready.hand_out(await open_node(config, clock=clock, transport=Door(HostRouter())))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app_of(opened)), base_url=BASE) as http:
        client = Client(http, secrets["ada"], clock)
        client.node = opened  # type: ignore[attr-defined]
        yield client
    await opened.close()


def a_film(**more: Any) -> dict[str, Any]:
    return {"file": ("a.mp4", files.film(**more), "video/mp4")}


async def test_a_film_is_202_and_206_until_it_is_ready(cinema: Client) -> None:
    made = await cinema.ask("POST", "/api/v2/media", files=a_film())
    held = made.json()
    assert (made.status_code, held["type"], held["url"], held["preview_url"]) == (202, "video", None, None)
    assert faults("MediaAttachment", held) == []
    path = f"/api/v1/media/{held['id']}"
    assert (await cinema.ask("GET", path)).status_code == 206
    said = {"status": "Look", "media_ids": [held["id"]]}
    status, words = await cinema.refused("POST", "/api/v1/statuses", json=said)
    assert (status, "not ready yet" in words) == (422, True)
    assert await films.work(cinema.node) == 1  # type: ignore[attr-defined]

    now = await cinema.get(path)
    assert now["url"].startswith(f"{BASE}/media/")
    assert now["preview_url"]
    original = now["meta"]["original"]
    assert (original["width"], original["height"], original["duration"]) == (64, 48, 5.5)
    written = await cinema.post("/api/v1/statuses", **said)
    assert written["media_attachments"][0]["url"].endswith(".mp4")


async def test_the_first_version_answers_when_a_film_is_ready(cinema: Client) -> None:
    made = await cinema.ask("POST", "/api/v1/media", files=a_film())
    assert (made.status_code, made.json()["url"] is None) == (200, False)


async def test_a_film_of_which_nothing_comes_is_422(cinema: Client, tmp_path: Path) -> None:
    held = (await cinema.ask("POST", "/api/v2/media", files=a_film())).json()
    files.program(tmp_path / "bin", None, None)
    await films.work(cinema.node)  # type: ignore[attr-defined]
    assert (await cinema.refused("GET", f"/api/v1/media/{held['id']}"))[0] == 422
    assert (await cinema.refused("POST", "/api/v1/media", files=a_film()))[0] == 422


async def test_an_edit_puts_another_picture_before_a_film(ada: Client, ben: Client) -> None:
    held = (await ada.ask("POST", "/api/v2/media", files=a_film())).json()
    made = await ada.write("Look", media_ids=[held["id"]])
    assert made["media_attachments"][0]["preview_url"] is None
    path = f"/api/v1/statuses/{made['id']}"

    def said(thumbnail: str) -> dict[str, Any]:
        return {"status": "Look", "media_attributes": [{"id": held["id"], "thumbnail": thumbnail}]}

    good = f"data:image/png;base64,{base64.b64encode(png(30, 20)).decode()}"
    edited = (await ada.ask("PUT", path, json=said(good))).json()["media_attachments"][0]
    assert edited["meta"]["small"]["width"] == 30
    for bad in (
        "data:image/png;base64,@@",
        "data:text/html;base64,YQ==",
        "https://x.example/a.png",
        "data:,",
    ):
        assert (await ada.refused("PUT", path, json=said(bad)))[0] == 422, bad
    assert (await ada.refused("PUT", path, json=said("data:image/png;base64,YQ==")))[0] == 422
    assert (await ben.refused("PUT", path, json=said(good)))[0] in (403, 404)
    assert (await ada.get(path))["media_attachments"][0] == edited
