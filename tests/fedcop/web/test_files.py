"""Pictures: ours from the media folder, others' through this node, each to whoever may see it."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image

from fedcop.actions import upload
from fedcop.policy.pictures import Pictures
from storage import media, peers, visible
from storage.actors import Actor
from storage.ids import ActorId
from storage.media import Media
from tests.fedcop.actions.scene import Scene
from tests.fedcop.web.conftest import Browser
from tests.support.clock import NOON
from tests.support.network import Council, Network
from tests.support.pictures import URL, PictureHost, Reply, png, received


@pytest.fixture
def folder(browser: Browser) -> Path:
    path = Path(browser.council.node.config.media.folder)
    path.mkdir(parents=True, exist_ok=True)
    (path / "cd.png").write_bytes(b"PNG")
    (path / "page.html").write_text("<script>")
    (path.parent / "secret.png").write_bytes(b"secret")
    return path


@pytest.mark.parametrize(("pictures", "name"), [("avatars", "avatar.png"), ("headers", "header.png")])
async def test_what_stands_for_a_picture_that_nobody_chose_is_where_clients_know_it(
    browser: Browser, pictures: str, name: str
) -> None:
    missing = await browser.get(f"/{pictures}/original/missing.png")

    assert missing.headers["content-type"] == "image/png"
    assert missing.content == (await browser.get(f"/static/{name}")).content


async def test_a_picture_is_served_with_its_type_and_no_rights(browser: Browser, folder: Path) -> None:
    answer = await browser.get("/media/cd.png")

    assert answer.content == b"PNG"
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


@pytest.mark.parametrize(
    "path",
    ["/media/page.html", "/media/../secret.png", "/media/%2e%2e/secret.png",
     "/media/ab%2f..%2f..%2fsecret.png", "/media/none.png", "/media/cd", "/media/cd.png%00",
     "/media//etc/passwd"],
)  # fmt: skip
async def test_nothing_else_is_served(browser: Browser, folder: Path, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


@pytest.fixture
async def scene(public: Council, network: Network) -> Scene:
    """Give the node with its pictures, and a host of pictures elsewhere."""
    PictureHost(network.router)
    return Scene(public.node)


def address(scene: Scene, file: Media, audience: str, reader: ActorId) -> str:
    """Give the address of a whole picture as it is put into an answer."""
    node = scene.node
    pictures = Pictures(origin="", reader=reader, key=node.signing.address_key, now=node.clock.now())
    return pictures.of_post(file, audience)[0]


async def test_a_picture_elsewhere_reaches_readers_from_here_only(
    browser: Browser, network: Network, scene: Scene
) -> None:
    file = await received(scene, await scene.remote("dan", "mastodon.example"))

    whole = await browser.get(f"/media/{file.id}/original")
    small = await browser.get(f"/media/{file.id}/small")

    assert [Image.open(io.BytesIO(one.content)).size for one in (whole, small)] == [(900, 600), (640, 427)]
    # Its host said text/html.
    assert [one.headers["content-type"] for one in (whole, small)] == ["image/png", "image/webp"]
    assert whole.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert whole.headers["cache-control"] == "private, max-age=3600"
    (asked,) = network.router.seen
    assert "kent.example" in dict(asked.headers)["User-Agent"]


async def test_a_picture_for_followers_opens_for_them_with_an_address_made_for_them(
    browser: Browser, network: Network, scene: Scene, ada: Actor
) -> None:
    dan = await scene.remote("dan", "mastodon.example")
    await scene.joined(ada, dan)
    ben = await scene.person("ben")
    file = await received(scene, dan, audience="followers")
    plain = f"/media/{file.id}/original"

    assert (await browser.get(plain)).status_code == 404
    assert (await browser.get(address(scene, file, "followers", ben.id))).status_code == 404
    assert network.fetches() == []
    sealed = address(scene, file, "followers", ada.id)
    assert (await browser.get(sealed)).status_code == 200
    assert (await browser.get(sealed.replace("original", "small"))).status_code == 200
    assert (await browser.get(sealed[:-1] + ("0" if sealed[-1] != "0" else "1"))).status_code == 404

    await browser.sign_in("ada")
    assert (await browser.get(plain)).status_code == 200


async def test_the_right_is_looked_up_again_with_each_request(
    browser: Browser, scene: Scene, ada: Actor
) -> None:
    dan = await scene.remote("dan", "mastodon.example")
    file = await received(scene, dan, audience="direct", mentions=((ada.id, True),))
    sealed = address(scene, file, "direct", ada.id)
    assert (await browser.get(sealed)).status_code == 200

    await scene.node.store.write(peers.hide, "mastodon.example", NOON)

    assert (await browser.get(sealed)).status_code == 404


async def test_an_upload_in_a_post_that_is_not_public_has_no_address_for_others(
    browser: Browser, scene: Scene, ada: Actor
) -> None:
    held = await upload.take(scene.node, ada, png(40, 30))
    post = await scene.write(ada, "Look", media=(held.id,), audience="followers")
    (file,) = await scene.node.store.read(media.of_post, visible.SYSTEM, post.id)
    sealed = address(scene, file, "followers", ada.id)

    assert (await browser.get(f"/media/{file.id}/original")).status_code == 404
    assert (await browser.get(sealed)).status_code == 200
    assert str(file.name) not in sealed


async def test_somebody_elsewhere_has_a_picture_whatever_happens(
    browser: Browser, network: Network, scene: Scene
) -> None:
    dan = await scene.remote("dan", "mastodon.example", icon=URL, image="https://devon.example/h.png")
    icon = await browser.get(f"/media/actors/{dan.id}/icon/1")
    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/webp")
    assert icon.headers["cache-control"] == "public, max-age=86400"

    image = await browser.get(f"/media/actors/{dan.id}/image/1")
    assert (image.status_code, image.headers["content-type"]) == (200, "image/png")
    assert image.headers["cache-control"] == "public, max-age=300"
    assert image.content == (await browser.get("/static/header.png")).content

    network.router.take()
    await scene.node.store.write(peers.hide, "mastodon.example", NOON)
    for actor in (dan.id, 1):
        hidden = await browser.get(f"/media/actors/{actor}/icon/1")
        assert hidden.content == (await browser.get("/static/avatar.png")).content
    assert network.fetches() == []


@pytest.mark.parametrize(
    "path",
    ["/media/1/original", "/media/x/original", "/media/{id}/large", "/media/99999999999999999999/small",
     "/media/actors/x/icon/1", "/media/actors/1/face/1", "/media/{id}/original?e=1&s=1.1"],
)  # fmt: skip
async def test_what_is_no_picture_is_not_found(browser: Browser, scene: Scene, path: str) -> None:
    file = await received(scene, await scene.remote("dan", "mastodon.example"), audience="direct")

    assert (await browser.get(path.replace("{id}", str(file.id)))).status_code == 404


async def test_a_file_that_is_lost_is_not_found(browser: Browser, scene: Scene) -> None:
    file = await received(scene, await scene.remote("dan", "mastodon.example"))
    assert (await browser.get(f"/media/{file.id}/original")).status_code == 200
    shutil.rmtree(scene.node.config.media.folder)

    assert (await browser.get(f"/media/{file.id}/original")).status_code == 404


async def test_a_file_that_is_no_picture_is_not_found(
    browser: Browser, network: Network, public: Council
) -> None:
    host, scene = PictureHost(network.router), Scene(public.node)
    host.replies["/a.png"] = Reply(b"%PDF")
    file = await received(scene, await scene.remote("dan", "mastodon.example"))

    assert (await browser.get(f"/media/{file.id}/original")).status_code == 404
