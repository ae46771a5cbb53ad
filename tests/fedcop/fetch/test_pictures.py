"""Files of other nodes: fetched once, by the node alone, and believed only as far as their bytes go."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from activitypub.wire import Request, Response
from fedcop.config import OutboundSection
from fedcop.errors import NotFound
from fedcop.fetch import pictures
from fedcop.node import Node
from fedcop.transport import Budget, Transport
from storage import peers, visible
from storage.actors import Actor
from storage.engine import Transaction
from storage.ids import ActorId
from storage.visible import STRANGER
from tests.fedcop.actions.scene import Scene
from tests.support.clock import NOON
from tests.support.files import PDF, film, letter, sound
from tests.support.network import Council, Network
from tests.support.pictures import HOST, URL, PictureHost, Reply, png, received


@pytest.fixture
def host(network: Network) -> PictureHost:
    return PictureHost(network.router)


@pytest.fixture
async def scene(kent: Council) -> Scene:
    return Scene(kent.node)


@pytest.fixture
async def dan(scene: Scene) -> Actor:
    return await scene.remote("dan", "mastodon.example")


def folder(node: Node) -> Path:
    return Path(node.config.media.folder)


def files(node: Node) -> int:
    return len(list(folder(node).glob("*.*")))


async def test_a_picture_is_fetched_as_somebody_looks_and_then_kept(
    scene: Scene, network: Network, host: PictureHost, dan: Actor
) -> None:
    held = await received(scene, dan)
    assert network.fetches() == []

    kept = await pictures.of_post(scene.node, STRANGER, held.id)

    assert kept.name is not None
    assert kept.preview is not None
    with (
        Image.open(folder(scene.node) / kept.name) as whole,
        Image.open(folder(scene.node) / kept.preview) as small,
    ):
        assert (whole.format, whole.size, small.size) == ("PNG", (900, 600), (640, 427))
    assert (kept.media_type, kept.width, kept.preview_height, kept.remote_url) == ("image/png", 900, 427, URL)
    assert kept.blurhash
    assert await pictures.of_post(scene.node, STRANGER, held.id) == kept
    (asked,) = network.router.seen
    assert (asked.method, asked.url) == ("GET", URL)
    assert {name.lower() for name, _ in asked.headers} == {"accept", "user-agent"}


async def test_who_look_at_the_same_time_cost_one_fetch(
    scene: Scene, network: Network, host: PictureHost, dan: Actor
) -> None:
    held = await received(scene, dan)

    found = await asyncio.gather(*(pictures.of_post(scene.node, STRANGER, held.id) for _ in range(5)))

    assert len(set(found)) == 1
    assert network.fetches() == [f"GET {URL}"]
    assert files(scene.node) == 2


async def test_what_a_viewer_may_not_see_is_not_fetched_for_them(
    scene: Scene, network: Network, host: PictureHost, dan: Actor
) -> None:
    ada = await scene.person("ada")
    held = await received(scene, dan, audience="direct", mentions=((ada.id, True),))

    for viewer in (STRANGER, visible.person(ActorId(5))):
        with pytest.raises(NotFound):
            await pictures.of_post(scene.node, viewer, held.id)
    assert network.fetches() == []
    assert (await pictures.of_post(scene.node, visible.person(ada.id), held.id)).name is not None


async def test_what_lies_at_a_node_that_was_hidden_is_not_there(
    scene: Scene, network: Network, host: PictureHost, dan: Actor
) -> None:
    held = await received(scene, dan)
    await pictures.of_post(scene.node, STRANGER, held.id)
    await scene.node.store.write(peers.hide, "mastodon.example", NOON)

    with pytest.raises(NotFound):
        await pictures.of_post(scene.node, STRANGER, held.id)


@pytest.mark.parametrize(
    ("told", "data", "found", "extension"),
    [
        ("video", film(), "video", ".mp4"),
        ("audio", sound(), "audio", ".wav"),
        ("unknown", PDF, "unknown", ".pdf"),
        ("image", letter(), "unknown", ".docx"),
    ],
)
async def test_a_film_a_sound_and_a_document_are_served_from_here_too(
    scene: Scene, host: PictureHost, dan: Actor, told: str, data: bytes, found: str, extension: str
) -> None:
    host.replies["/a.png"] = Reply(data)
    held = await received(scene, dan, kind=told)

    kept = await pictures.of_post(scene.node, STRANGER, held.id)

    assert (kept.type, kept.preview) == (found, None)
    assert kept.name is not None
    assert kept.name.endswith(extension)
    written = (folder(scene.node) / kept.name).read_bytes()
    assert len(written) == len(data)
    assert b"+51.27" not in written
    assert files(scene.node) == 1


async def test_a_file_of_no_known_kind_is_looked_at(scene: Scene, host: PictureHost, dan: Actor) -> None:
    held = await received(scene, dan, kind="unknown")

    assert (await pictures.of_post(scene.node, STRANGER, held.id)).type == "image"


@pytest.mark.parametrize(
    ("url", "replies"),
    [
        (URL, {"/a.png": Reply(b"<svg onload=alert(1)>")}),
        (URL, {"/a.png": Reply(b'{"type":"Create"}')}),
        (URL, {"/a.png": Reply(png()[:200])}),
        (URL, {"/a.png": Reply(film(more=b"\0\0\0\7free"))}),
        (URL, {"/a.png": Reply(letter(**{"word/vbaProject.bin": b"Sub"}))}),
        (URL, {"/a.png": Reply(png(4000, 3000))}),
        (URL, {"/a.png": Reply(png(90, 60) + b"\0" * 200_000)}),
        (URL, {"/a.png": Reply(png(), 403)}),
        (URL, {"/a.png": Reply(b"", 302)}),
        (URL, {"/a.png": Reply(b"", 302, "https://[")}),
        (URL, {"/a.png": Reply(b"", 302, "ftp://surrey.example/a.png")}),
        (URL, {"/a.png": Reply(b"", 302, "https://127.0.0.1/a.png")}),
        (URL, {"/a.png": Reply(b"", 302, "https://rogue.example/a.png")}),
        ("https://rogue.example/a.png", {}),
        ("https://essex.example/a.png", {}),
        ("https://me@surrey.example:no/a.png", {}),
    ],
)
async def test_a_hostile_host_gets_nothing_stored_and_is_left_alone_for_a_while(
    network: Network, host: PictureHost, url: str, replies: dict[str, Reply]
) -> None:
    kent = await network.open("kent.example", media={"max_bytes": 200_000, "max_pixels": 1_000_000})
    scene = Scene(kent.node)
    host.replies |= replies
    held = await received(scene, await scene.remote("dan", "mastodon.example"), url)

    for _ in range(3):
        with pytest.raises(NotFound):
            await pictures.of_post(scene.node, STRANGER, held.id)

    asked = network.fetches()
    assert len(set(asked)) <= 1
    assert len(asked) <= 1 + pictures.MOST_REDIRECTS
    assert files(scene.node) == 0
    host.replies["/a.png"] = Reply(png(90, 60))
    network.clock.move(pictures.FAILED_FOR + timedelta(seconds=1))
    if url == URL:
        assert (await pictures.of_post(scene.node, STRANGER, held.id)).name is not None


async def test_a_picture_that_moved_is_followed_on_the_list_only(
    scene: Scene, network: Network, host: PictureHost, dan: Actor
) -> None:
    host.replies |= {"/old": Reply(b"", 301, "/B%C3%A4r%20a.png"), "/B%C3%A4r%20a.png": Reply(png())}
    held = await received(scene, dan, f"https://{HOST}/old")

    assert (await pictures.of_post(scene.node, STRANGER, held.id)).name is not None


async def test_an_address_may_hold_what_people_call_their_files(
    scene: Scene, network: Network, host: PictureHost, dan: Actor
) -> None:
    host.replies["/B%C3%A4r%20a.png"] = Reply(png())
    held = await received(scene, dan, f"https://{HOST}/Bär a.png")

    assert (await pictures.of_post(scene.node, STRANGER, held.id)).name is not None


class Meanwhile:
    """A way out beside which something happens before the answer is there."""

    def __init__(self, node: Node, happens: Callable[[Transaction], Awaitable[None]]) -> None:
        self.node, self.door, self.happens = node, node.transport, happens
        node.transport = self

    async def exchange(self, request: Request, budget: Budget) -> Response:
        answer = await self.door.exchange(request, budget)
        await self.node.store.write(self.happens)
        return answer

    async def close(self) -> None:
        await self.door.close()


async def test_what_another_process_kept_meanwhile_stays(scene: Scene, host: PictureHost, dan: Actor) -> None:
    held = await received(scene, dan)

    async def keep(tx: Transaction) -> None:
        await tx.execute("UPDATE media SET name = 'a.png', preview = 'b.webp'")

    Meanwhile(scene.node, keep)
    assert (await pictures.of_post(scene.node, STRANGER, held.id)).name == "a.png"
    assert files(scene.node) == 0


async def test_a_file_that_is_gone_meanwhile_leaves_nothing_behind(
    scene: Scene, host: PictureHost, dan: Actor
) -> None:
    held = await received(scene, dan)

    async def remove(tx: Transaction) -> None:
        await tx.execute("DELETE FROM media")

    Meanwhile(scene.node, remove)
    with pytest.raises(NotFound):
        await pictures.of_post(scene.node, STRANGER, held.id)
    assert files(scene.node) == 0


async def test_an_actors_picture_is_fetched_anew_when_its_address_changes(
    scene: Scene, network: Network, host: PictureHost
) -> None:
    host.replies["/b.png"] = Reply(png(30, 30))
    dan = await scene.remote("dan", "mastodon.example", icon=URL, image=URL)
    node = scene.node

    icon = await pictures.of_actor(node, STRANGER, dan.id, "icon")
    image = await pictures.of_actor(node, STRANGER, dan.id, "image")
    with Image.open(folder(node) / icon) as small, Image.open(folder(node) / image) as large:
        assert (small.format, small.size, large.format, large.size) == ("WEBP", (640, 427), "PNG", (900, 600))
    assert await pictures.of_actor(node, STRANGER, dan.id, "icon") == icon
    assert len(network.fetches()) == 2

    await scene.remote("dan", "mastodon.example", icon=f"https://{HOST}/b.png", image=URL)
    changed = await pictures.of_actor(node, STRANGER, dan.id, "icon")
    assert changed != icon
    assert await pictures.of_actor(node, STRANGER, dan.id, "image") == image
    assert network.fetches() == [f"GET https://{HOST}/b.png"]
    assert not (folder(node) / icon).exists()
    assert files(node) == 2


async def test_an_actor_without_a_picture_costs_nothing(
    scene: Scene, network: Network, host: PictureHost, dan: Actor
) -> None:
    ada = await scene.person("ada")
    for actor_id in (dan.id, ada.id, ActorId(1)):
        with pytest.raises(NotFound):
            await pictures.of_actor(scene.node, STRANGER, actor_id, "icon")
    assert network.fetches() == []


@pytest.mark.slow
async def test_a_host_that_hangs_holds_a_reader_up_for_ten_seconds_at_most(
    scene: Scene, network: Network
) -> None:
    """Forty pictures of one host share its ten seconds: none waits for the others to fail."""

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    loopback = OutboundSection(allow_private_networks=("127.0.0.0/8",), plain_http=True)
    scene.node.transport = Transport(loopback, allows=lambda host: True)
    dan = await scene.remote("dan", "mastodon.example")
    held = [await received(scene, dan, f"http://devon.localhost:{port}/{n}.png") for n in range(40)]

    began = time.monotonic()
    found = await asyncio.gather(
        *(pictures.of_post(scene.node, STRANGER, one.id) for one in held), return_exceptions=True
    )

    assert {type(one) for one in found} == {NotFound}
    assert time.monotonic() - began < pictures.SECONDS + 2
    server.close()
