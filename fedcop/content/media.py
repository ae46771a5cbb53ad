"""Pictures that people upload and that peers serve: checked before decoding, written anew, made small.

    picture = prepare(data, max_pixels=33_177_600)      slow: call it in a thread
    name = write(picture.preview, PREVIEW, folder)      likewise

Rules that hold in this file
  1. What a file is its first bytes say, never its name or the type that came with it.
  2. Sizes are read from the header; a picture with too many pixels or frames is not decoded: a hundred
     kilobytes can unfold to gigabytes.
  3. Every picture is written anew: where and with what it was taken (EXIF, XMP, comments) stays behind, and
     how it was held is applied.
"""

import io
import secrets
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from fedcop.errors import Invalid

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 640
PREVIEW = ".webp"
MOST_FRAMES = 100

_TYPES = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "GIF": ("image/gif", ".gif"),
    "WEBP": ("image/webp", ".webp"),
    "AVIF": ("image/avif", ".avif"),
}
# What the pixels need to look right; all else that a file tells about itself is dropped.
_KEPT = frozenset({"transparency", "background", "duration", "loop", "icc_profile"})
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error)


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture ready to be kept, with a small WebP of it."""

    data: bytes
    media_type: str
    extension: str
    width: int
    height: int
    preview: bytes
    preview_width: int
    preview_height: int
    blurhash: str


def prepare(data: bytes, *, max_pixels: int) -> Picture:
    """Give the picture in ``data`` written anew; raise ``Invalid`` for what is none, broken or too big."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - serving starts without it (decision 25)

    try:
        with Image.open(io.BytesIO(data), formats=list(_TYPES)) as opened:
            # An iPhone's JPEG with a second picture in it is an MPO to Pillow.
            kind = "JPEG" if opened.format == "MPO" else str(opened.format)
            frames = 1 if kind in ("JPEG", "AVIF") else getattr(opened, "n_frames", 1)
            _ensure_bearable(opened.width * opened.height, frames, max_pixels)
            opened.load()
            if frames > 1:
                return _picture(opened, kind, opened, animated=True)
            upright = ImageOps.exif_transpose(opened)
            return _picture(upright, kind, upright, animated=False)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid(file=f"has more than {max_pixels} pixels", cause=str(error)) from None
    except _BROKEN as error:
        wanted = "wanted a JPEG, PNG, GIF, WebP or AVIF picture that is whole"
        raise Invalid(file=f"cannot be read; {wanted}", cause=str(error)) from None


def write(data: bytes, extension: str, folder: Path) -> str:
    """Write a picture into the media folder and give its name, which nobody guesses."""
    name = secrets.token_hex(16) + extension
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return name


def _ensure_bearable(pixels: int, frames: int, max_pixels: int) -> None:
    if pixels > max_pixels:
        raise Invalid(file=f"has {pixels} pixels; at most {max_pixels} are taken")
    if frames > MOST_FRAMES or frames * pixels > 4 * max_pixels:
        raise Invalid(file=f"has {frames} frames; at most {MOST_FRAMES} are taken, fewer of large ones")


def _picture(image: "Image", kind: str, first: "Image", *, animated: bool) -> Picture:
    media_type, extension = _TYPES[kind]
    small = _small(first)
    return Picture(
        data=_written(image, kind, animated=animated),
        media_type=media_type,
        extension=extension,
        width=image.width,
        height=image.height,
        preview=_written(small, "WEBP", animated=False),
        preview_width=small.width,
        preview_height=small.height,
        blurhash=_blurhash(small),
    )


def _written(image: "Image", kind: str, *, animated: bool) -> bytes:
    image.info = {key: value for key, value in image.info.items() if key in _KEPT}
    options: dict[str, Any] = {"save_all": True} if animated else {}
    if kind in ("JPEG", "WEBP", "AVIF"):
        options["quality"] = 85
    buffer = io.BytesIO()
    image.save(buffer, kind, comment=b"", exif=b"", xmp=b"", **options)
    return buffer.getvalue()


def _small(image: "Image") -> "Image":
    small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return small


def _blurhash(small: "Image") -> str:
    import blurhash  # noqa: PLC0415 - as above
    from PIL import Image  # noqa: PLC0415 - as above

    tiny = small.convert("RGBA")
    tiny.thumbnail((32, 32))
    tiny = Image.alpha_composite(Image.new("RGBA", tiny.size, "white"), tiny).convert("RGB")
    raw, row = tiny.tobytes(), 3 * tiny.width
    lines = [raw[start : start + row] for start in range(0, len(raw), row)]
    pixels = [[tuple(line[at : at + 3]) for at in range(0, row, 3)] for line in lines]
    return str(blurhash.encode(pixels, 4, 3))
