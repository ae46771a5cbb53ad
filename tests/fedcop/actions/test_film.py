"""Films written anew: what comes of them, what is left of them, and what of those that nothing comes of."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from fedcop.actions import film, post, upload
from fedcop.actions.draft import Draft
from fedcop.content import kinds
from fedcop.errors import Invalid
from fedcop.node import Node
from storage import media
from storage.actors import Actor
from storage.media import Media
from storage.visible import SYSTEM
from tests.support import files
from tests.support.network import Council, Network
from tests.support.pictures import png

PLACE = b"+51.2710+000.5230/"


async def council(network: Network, ffmpeg: str, *, max_bytes: int = 100_000) -> tuple[Node, Actor]:
    """Give a node that writes films anew with a program, and somebody there."""
    kent: Council = await network.open("kent.example", media={"ffmpeg": ffmpeg, "max_bytes": max_bytes})
    return kent.node, await kent.person("ada")


def there(node: Node) -> set[str]:
    """Give what lies in the media folder."""
    return {path.name for path in Path(node.config.media.folder).glob("*")}


def whole(node: Node, held: Media) -> bytes:
    assert held.name is not None
    return (Path(node.config.media.folder) / held.name).read_bytes()


async def row(node: Node, held: Media) -> Media:
    found = await node.store.read(media.find, SYSTEM, held.id)
    assert found is not None
    return found


async def test_a_film_is_not_there_until_it_is_written_anew(network: Network, tmp_path: Path) -> None:
    ffmpeg = files.program(tmp_path / "bin", files.lasting(5.5), png(900, 600))
    node, ada = await council(network, ffmpeg)
    held = await upload.take(node, ada, files.film(), description="A gully")
    assert (held.there, held.name, held.type) == (False, None, "video")
    assert there(node) == {held.raw}
    with pytest.raises(Invalid, match="not ready yet"):
        await post.publish(node, ada, Draft(text="Look", media=(held.id,)))

    await film.write_anew(node, held.id)

    now = await row(node, held)
    assert (now.type, now.media_type, now.width, now.height) == ("video", "video/mp4", 64, 48)
    assert (now.duration, now.description, now.preview_width, now.raw) == (5.5, "A gully", 640, None)
    assert whole(node, now) == files.lasting(5.5)
    assert there(node) == {now.name, now.preview}
    await post.publish(node, ada, Draft(text="Look", media=(held.id,)))


async def test_the_picture_that_came_with_a_film_stays(network: Network, tmp_path: Path) -> None:
    node, ada = await council(network, files.program(tmp_path / "bin", files.lasting(1), png(900, 600)))
    held = await upload.take(node, ada, files.film(), thumbnail=png(30, 20))
    await film.write_anew(node, held.id)

    now = await row(node, held)
    assert (now.preview, now.preview_width) == (held.preview, 30)
    assert there(node) == {now.name, now.preview}


@pytest.mark.parametrize("still", [None, b"no picture"])
async def test_a_film_without_a_picture_is_one(network: Network, tmp_path: Path, still: bytes | None) -> None:
    node, ada = await council(network, files.program(tmp_path / "bin", files.lasting(1), still))
    held = await upload.take(node, ada, files.film())
    await film.write_anew(node, held.id)

    now = await row(node, held)
    assert (now.there, now.preview) == (True, None)
    assert there(node) == {now.name}


@pytest.mark.parametrize(
    ("written", "more"),
    [
        (None, ""),
        (b"", ""),
        (b"<html>", ""),
        (files.lasting(1) + bytes(400_000), ""),
        (files.lasting(1)[:60], ""),
        (files.lasting(1), "exit 3"),
        (files.lasting(1), "kill -9 $$"),
    ],
    ids=["nothing", "an empty file", "a page", "too much", "a part", "a fault", "a crash"],
)
async def test_what_the_program_fails_at_never_comes(
    network: Network, tmp_path: Path, written: bytes | None, more: str
) -> None:
    node, ada = await council(network, files.program(tmp_path / "bin", written, None, more=more))
    held = await upload.take(node, ada, files.film())
    await film.write_anew(node, held.id)

    now = await row(node, held)
    assert (now.there, now.raw, now.type) == (False, None, "unknown")
    assert there(node) == set()
    with pytest.raises(Invalid, match="not ready"):
        await post.publish(node, ada, Draft(text="Look", media=(held.id,)))


async def test_a_program_that_is_gone_is_a_film_that_never_comes(network: Network, tmp_path: Path) -> None:
    ffmpeg = files.program(tmp_path / "bin", files.lasting(1), None)
    node, ada = await council(network, ffmpeg)
    held = await upload.take(node, ada, files.film())
    shutil.rmtree(tmp_path / "bin")
    await film.write_anew(node, held.id)
    assert (await row(node, held)).raw is None


async def test_who_ask_at_the_same_time_have_it_done_once(network: Network, tmp_path: Path) -> None:
    ffmpeg = files.program(tmp_path / "bin", files.lasting(1), png(9, 9))
    node, ada = await council(network, ffmpeg)
    held = await upload.take(node, ada, files.film())
    await asyncio.gather(*(film.write_anew(node, held.id) for _ in range(3)))
    await film.write_anew(node, held.id)

    runs = (tmp_path / "bin" / "runs").read_text("ascii").split()
    assert len(runs) == 2, "once for the film, once for its picture"


async def test_what_is_deleted_meanwhile_leaves_nothing(network: Network, tmp_path: Path) -> None:
    node, ada = await council(network, files.program(tmp_path / "bin", files.lasting(1), None))
    held = await upload.take(node, ada, files.film())
    assert held.raw is not None
    (Path(node.config.media.folder) / "made.mp4").write_bytes(b"x")
    await upload.discard(node, ada, [held.id])
    await film.settle(node, held, held.raw, msgspec.structs.replace(film.LOST, name="made.mp4"))
    assert there(node) == set()
    await film.write_anew(node, held.id)


async def test_only_films_wait_for_it(network: Network, tmp_path: Path) -> None:
    node, ada = await council(network, files.program(tmp_path / "bin", None, None))
    for data in (files.film(b"M4A "), files.sound(), files.PDF, png(9, 9)):
        held = await upload.take(node, ada, data)
        assert (held.there, held.raw) == (True, None)
    with pytest.raises(Invalid, match="bytes"):
        await upload.take(node, ada, files.film(more=bytes(100_000)))


def made_by(ffmpeg: str, target: Path, *arguments: str) -> bytes:
    """Let FFmpeg make a film of a second that says where it was taken."""
    source = "testsrc=duration=1:size=63x49:rate=10"
    told = ("-metadata", f"location={PLACE.decode()}", "-metadata", "comment=SecretPhone")
    subprocess.run(
        [ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", source, *arguments, *told, "-y", str(target)],
        check=True,
    )
    return target.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("a.webm", ["-c:v", "libvpx"]),
        ("a.mov", ["-c:v", "mpeg4"]),
        ("a.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv444p"]),
        ("a.ogv", ["-c:v", "libtheora"]),
    ],
)
async def test_ffmpeg_makes_of_each_kind_what_every_client_plays(
    network: Network, tmp_path: Path, name: str, arguments: Sequence[str]
) -> None:
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None and "CI" not in os.environ:
        pytest.skip("there is no FFmpeg here")
    assert ffmpeg is not None
    node, ada = await council(network, ffmpeg, max_bytes=1_000_000)
    data = await asyncio.to_thread(made_by, ffmpeg, tmp_path / name, *arguments)
    held = await upload.take(node, ada, data)
    await film.write_anew(node, held.id)

    now = await row(node, held)
    assert (now.media_type, now.width, now.height) == ("video/mp4", 62, 48)
    assert now.duration == pytest.approx(1, abs=0.2)
    assert now.blurhash
    assert there(node) == {now.name, now.preview}
    written = whole(node, now)
    assert kinds.kind_of(written) is kinds.MP4
    assert b"avc1" in written
    assert PLACE not in written
    assert b"SecretPhone" not in written


@pytest.mark.slow
async def test_ffmpeg_makes_nothing_of_what_only_looks_like_a_film(network: Network, tmp_path: Path) -> None:
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None and "CI" not in os.environ:
        pytest.skip("there is no FFmpeg here")
    assert ffmpeg is not None
    node, ada = await council(network, ffmpeg)
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    for data in (
        files.film(),
        files.film(more=files.box(b"free", playlist)),
        b"OggS\0" + b"theora" + playlist,
    ):
        held = await upload.take(node, ada, data)
        await film.write_anew(node, held.id)
        assert (await row(node, held)).there is False
    assert there(node) == set()
