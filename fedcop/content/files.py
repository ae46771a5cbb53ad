"""Files of posts, checked and written under the media folder: pictures anew, all else as it came.

    kept = keep(section, data, thumbnail)       slow: call it in a thread

What a file is its bytes say, never its name or the type that came with it.
"""

from collections.abc import Iterable
from pathlib import Path

from fedcop.config import MediaSection
from fedcop.content import kinds
from fedcop.content import media as pictures
from fedcop.content.media import Picture
from fedcop.errors import Invalid
from storage.media import Kept, Preview

# The name of a film as it came ends so: nothing that ends so is served.
RAW = ".raw"


def keep(section: MediaSection, data: bytes, thumbnail: bytes | None = None) -> Kept:
    """Check a file and write it, under a name that nobody guesses; raise ``Invalid`` for what is not taken.

    ``thumbnail`` is a picture that stands for a film, a sound or a document; a picture needs none.
    """
    kind = kinds.kind_of(data)
    if kind is None:
        return keep_picture(section, data)
    _ensure_size(section, data)
    whole = kinds.without_place(data, kind)
    width, height = kinds.size_of(whole, kind) or (None, None)
    small = keep_preview(section, thumbnail) if thumbnail else None
    return Kept(
        type=kind.type,
        media_type=kind.media_type,
        name=pictures.write(whole, kind.extension, Path(section.folder)),
        width=width,
        height=height,
        duration=kinds.duration_of(whole, kind),
        small=small,
    )


def keep_upload(section: MediaSection, data: bytes, thumbnail: bytes | None = None) -> Kept:
    """As ``keep``; a film is put aside as it came, where there is a program that writes it anew."""
    kind = kinds.kind_of(data)
    if kind is None or kind.type != "video" or not section.ffmpeg:
        return keep(section, data, thumbnail)
    _ensure_size(section, data)
    small = keep_preview(section, thumbnail) if thumbnail else None
    raw = pictures.write(data, kind.extension + RAW, Path(section.folder))
    return Kept(type="video", media_type=kinds.MP4.media_type, name=None, raw=raw, small=small)


def keep_picture(section: MediaSection, data: bytes) -> Kept:
    """Check a picture and write it and its small copy; raise as ``keep``."""
    checked = _checked(section, data)
    return Kept(
        type="image",
        media_type=checked.media_type,
        name=pictures.write(checked.data, checked.extension, Path(section.folder)),
        width=checked.width,
        height=checked.height,
        small=_written(section, checked),
    )


def keep_whole(section: MediaSection, data: bytes) -> str:
    """Check a picture, write it without a small copy, and give its name; raise as ``keep``."""
    checked = _checked(section, data)
    return pictures.write(checked.data, checked.extension, Path(section.folder))


def keep_preview(section: MediaSection, data: bytes) -> Preview:
    """Check a picture that stands for another file, and write the small copy alone; raise as ``keep``.

    One that is small already keeps its format.
    """
    checked = _checked(section, data)
    if max(checked.width, checked.height) > pictures.LONGEST_SIDE:
        return _written(section, checked)
    return Preview(
        preview=pictures.write(checked.data, checked.extension, Path(section.folder)),
        preview_width=checked.width,
        preview_height=checked.height,
        blurhash=checked.blurhash,
    )


def remove(section: MediaSection, names: Iterable[str | None]) -> None:
    """Delete files from the media folder; what is not there any more is no fault."""
    for name in filter(None, names):
        (Path(section.folder) / name).unlink(missing_ok=True)


def _checked(section: MediaSection, data: bytes) -> Picture:
    _ensure_size(section, data)
    return pictures.prepare(data, max_pixels=section.max_pixels)


def _written(section: MediaSection, checked: Picture) -> Preview:
    return Preview(
        preview=pictures.write(checked.preview, pictures.PREVIEW, Path(section.folder)),
        preview_width=checked.preview_width,
        preview_height=checked.preview_height,
        blurhash=checked.blurhash,
    )


def _ensure_size(section: MediaSection, data: bytes) -> None:
    if len(data) > section.max_bytes:
        raise Invalid(file=f"has {len(data)} bytes; at most {section.max_bytes} are taken")
