"""Small films, sounds and documents, made as their formats say."""

import io
import wave
import zipfile
from collections.abc import Mapping

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
            writer.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name, content in parts.items():
            writer.writestr(name, content)
    return buffer.getvalue()


def letter(**parts: bytes) -> bytes:
    """Give a document of Word."""
    return archive(CONTENT_TYPES | {"word/document.xml": b"<w:document/>"} | parts)


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
