"""Small films, sounds and documents, made as their formats say."""

import io
import wave
import zipfile
from collections.abc import Mapping
from pathlib import Path

CONTENT_TYPES = {"[Content_Types].xml": b"<Types/>"}


def box(name: bytes, content: bytes = b"") -> bytes:
    """Give a box of an MP4 or QuickTime file (ISO 14496-12, 4.2)."""
    return (8 + len(content)).to_bytes(4) + name + content


def track_header(width: int, height: int) -> bytes:
    """Give the box that tells how large a track is seen (ISO 14496-12, 8.3.2)."""
    return box(b"tkhd", bytes(76) + (width << 16).to_bytes(4) + (height << 16).to_bytes(4))


def film(brand: bytes = b"isom", *, place: bytes = b"+51.2710+000.5230/", more: bytes = b"") -> bytes:
    """Give a film of 64 by 48 points that tells where it was taken in every way that phones do."""
    told = box(b"udta", box(b"\xa9xyz", place)) + box(b"meta", box(b"ilst", place))
    track = box(b"trak", track_header(64, 48) + box(b"udta", place) + box(b"mdia", b"media"))
    return (
        box(b"ftyp", brand + bytes(4))
        + box(b"moov", box(b"mvhd", bytes(100)) + track + told)
        + box(b"uuid", place)
        + box(b"mdat", b"frames")
        + more
    )


def sound() -> bytes:
    """Give a moment of silence as WAV."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(1)
        writer.setframerate(8000)
        writer.writeframes(b"\x80" * 80)
    return buffer.getvalue()


def archive(parts: Mapping[str, bytes], *, mimetype: str = "") -> bytes:
    """Give a ZIP archive; ``mimetype`` stands first and as it is, as OpenDocument wants it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as writer:
        if mimetype:
            writer.writestr(zipfile.ZipInfo("mimetype"), mimetype, zipfile.ZIP_STORED)
        for name, content in parts.items():
            writer.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def letter(**parts: bytes) -> bytes:
    """Give a document of Word."""
    return archive(CONTENT_TYPES | {"word/document.xml": b"<w:document/>"} | parts)


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def lasting(seconds: float) -> bytes:
    """Give a film that says how long it lasts (ISO 14496-12, 8.2.2)."""
    told = bytes(12) + (1000).to_bytes(4) + int(seconds * 1000).to_bytes(4) + bytes(80)
    track = box(b"trak", track_header(64, 48))
    return (
        box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", box(b"mvhd", told) + track) + box(b"mdat", b"frames")
    )


def program(folder: Path, film: bytes | None, still: bytes | None, *, more: str = "") -> str:
    """Write a program that is called as FFmpeg is: it writes this film and still, and counts its runs."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["#!/bin/sh", f"echo run >> {folder}/runs", "for target; do :; done", more]
    for name, data in (("still", still), ("mp4", film)):
        if data is None:
            lines.append(f'case "$target" in *.{name}) exit 1;; esac')
        else:
            (folder / name).write_bytes(data)
            lines.append(f'case "$target" in *.{name}) cp {folder}/{name} "$target";; esac')
    path = folder / "ffmpeg"
    path.write_text("\n".join(lines), "utf-8")
    path.chmod(0o700)
    return str(path)
