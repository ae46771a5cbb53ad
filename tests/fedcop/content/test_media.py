"""Pictures checked and written anew."""

import io
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from fedcop.content import media
from fedcop.errors import Invalid

MOST = 33_177_600
KINDS = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp", "AVIF": ".avif"}


def encoded(kind: str, *, size: tuple[int, int] = (120, 80), mode: str = "RGB", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def telling(kind: str) -> bytes:
    """Give a picture, held sideways, that tells of its camera wherever its kind can."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SecretText")
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"exif": exif, "comment": b"SecretComment", "xmp": b"SecretXmp"},
        "PNG": {"exif": exif, "pnginfo": text},
        "GIF": {"comment": b"SecretComment"},
        "WEBP": {"exif": exif, "xmp": b"SecretXmp"},
        "AVIF": {"exif": exif, "xmp": b"SecretXmp"},
    }
    return encoded(kind, **options[kind])


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_picture_tells_of_its_maker_stays_behind(kind: str) -> None:
    data = telling(kind)
    assert b"Secret" in data

    picture = media.prepare(data, max_pixels=MOST)

    assert b"Secret" not in picture.data + picture.preview
    assert not opened(picture.data).getexif()
    assert (picture.media_type, picture.extension) == (Image.MIME[kind], KINDS[kind])
    assert opened(picture.data).format == kind


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"GIF"}))
def test_how_a_camera_was_held_is_applied(kind: str) -> None:
    picture = media.prepare(telling(kind), max_pixels=MOST)

    assert (picture.width, picture.height) == (80, 120) == opened(picture.data).size


def test_the_preview_is_a_small_webp() -> None:
    large = media.prepare(encoded("JPEG", size=(1600, 800)), max_pixels=MOST)
    small = media.prepare(encoded("PNG", size=(60, 40)), max_pixels=MOST)

    assert (large.preview_width, large.preview_height) == (640, 320) == opened(large.preview).size
    assert (small.preview_width, small.preview_height) == (60, 40)
    assert opened(large.preview).format == "WEBP"


def test_a_picture_is_written_under_a_name_that_nobody_guesses(tmp_path: Path) -> None:
    first, second = (media.write(b"picture", ".png", tmp_path / "new") for _ in range(2))

    assert first != second
    assert re.fullmatch(r"[0-9a-f]{32}\.png", first)
    assert (tmp_path / "new" / first).read_bytes() == b"picture"


def plain(colour: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 40), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_blurhash_shows_a_see_through_picture_on_white() -> None:
    black, white, clear = (
        media.prepare(plain(colour), max_pixels=MOST).blurhash
        for colour in ((0, 0, 0, 255), (255, 255, 255, 255), (0, 0, 0, 0))
    )

    assert len(white) == 28
    assert clear == white != black


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_stays_one(kind: str) -> None:
    frames = [Image.new("RGB", (50, 30), (number * 40, 0, 0)) for number in range(5)]
    buffer = io.BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=100, loop=0)

    picture = media.prepare(buffer.getvalue(), max_pixels=MOST)

    assert getattr(opened(picture.data), "n_frames", 1) == 5


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_sort_of_pixel_is_read(mode: str) -> None:
    assert media.prepare(encoded("PNG", mode=mode), max_pixels=MOST).blurhash


def test_a_jpeg_of_two_pictures_is_its_first() -> None:
    first, second = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (20, 10), "blue")
    buffer = io.BytesIO()
    first.save(buffer, "MPO", save_all=True, append_images=[second])

    picture = media.prepare(buffer.getvalue(), max_pixels=MOST)

    assert (picture.media_type, picture.width) == ("image/jpeg", 40)
    assert opened(picture.data).format == "JPEG"


def bomb(width: int, height: int) -> bytes:
    """Give a PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [5761, 9500, 30_000])
def test_too_many_pixels_are_not_unfolded(side: int) -> None:
    with pytest.raises(Invalid, match="pixels"):
        media.prepare(bomb(side, side), max_pixels=MOST)


def test_too_many_frames_are_not_unfolded() -> None:
    def animated(count: int, size: tuple[int, int]) -> bytes:
        frames = [Image.new("L", size, number % 255) for number in range(count)]
        buffer = io.BytesIO()
        frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
        return buffer.getvalue()

    with pytest.raises(Invalid, match="101 frames"):
        media.prepare(animated(101, (2, 2)), max_pixels=MOST)
    with pytest.raises(Invalid, match="5 frames"):
        media.prepare(animated(5, (10, 10)), max_pixels=100)
    assert media.prepare(animated(4, (10, 10)), max_pixels=100).width == 10


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<html>",
        encoded("JPEG")[:300],
        encoded("PNG")[:150],
        encoded("BMP"),
        encoded("TIFF"),
    ],
    ids=["nothing", "a header", "svg", "html", "half a jpeg", "half a png", "bmp", "tiff"],
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="wanted a JPEG"):
        media.prepare(data, max_pixels=MOST)
