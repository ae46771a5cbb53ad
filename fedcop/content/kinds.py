"""Files that are no pictures: video, sound and documents, kept as they came but for where a film was taken.

    kind = kind_of(data)                      None for a picture, and for whatever is not taken
    if kind is not None:
        data = without_place(data, kind)

What a file is its first bytes say. Nothing is decoded: a browser plays it, or offers to save it. Of documents
those formats are taken in which macros can be seen to be missing: no old Word, Excel or PowerPoint.
"""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from fedcop.errors import Invalid

Type = Literal["video", "audio", "unknown"]


class Kind(msgspec.Struct, frozen=True):
    """What a file is: the word of the client API, the media type, and how its name ends."""

    type: Type
    media_type: str
    extension: str


MP4 = Kind("video", "video/mp4", ".mp4")
_MOV = Kind("video", "video/quicktime", ".mov")
_WEBM = Kind("video", "video/webm", ".webm")
_OGV = Kind("video", "video/ogg", ".ogv")
_M4A = Kind("audio", "audio/mp4", ".m4a")
_MP3 = Kind("audio", "audio/mpeg", ".mp3")
_AAC = Kind("audio", "audio/aac", ".aac")
_OGG = Kind("audio", "audio/ogg", ".ogg")
_FLAC = Kind("audio", "audio/flac", ".flac")
_WAV = Kind("audio", "audio/wav", ".wav")
_PDF = Kind("unknown", "application/pdf", ".pdf")

_OPEN = "application/vnd.oasis.opendocument."
_OPEN_DOCUMENTS = {
    "text": Kind("unknown", f"{_OPEN}text", ".odt"),
    "spreadsheet": Kind("unknown", f"{_OPEN}spreadsheet", ".ods"),
    "presentation": Kind("unknown", f"{_OPEN}presentation", ".odp"),
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OFFICE_DOCUMENTS = {
    b"word/document.xml": Kind("unknown", f"{_OFFICE}wordprocessingml.document", ".docx"),
    b"xl/workbook.xml": Kind("unknown", f"{_OFFICE}spreadsheetml.sheet", ".xlsx"),
    b"ppt/presentation.xml": Kind("unknown", f"{_OFFICE}presentationml.presentation", ".pptx"),
}

KINDS = (
    MP4, _MOV, _WEBM, _OGV, _M4A, _MP3, _AAC, _OGG, _FLAC, _WAV, _PDF,
    *_OPEN_DOCUMENTS.values(), *_OFFICE_DOCUMENTS.values(),
)  # fmt: skip

# Brands of ISO 14496-12 files that hold pictures (ISO 23008-12, annex B; AVIF; Canon): not taken.
_PICTURES = (
    b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"heif",
    b"mif1", b"msf1", b"miaf", b"crx ",
)  # fmt: skip
_AUDIO = (b"M4A ", b"M4B ", b"M4P ")

# What holds other boxes on the way to where phones write place, device and owner of a film.
_HOLDERS = (b"moov", b"trak", b"moof", b"traf")
_PERSONAL = (b"udta", b"meta", b"uuid")
_MOST_BOXES = 10_000

# Parts of an archive that hold programs; case says nothing in names of parts (ISO 29500-2, 6.2.2). Whatever
# hides under another name is not run from a file whose name ends as ours do.
_PROGRAMS = re.compile(rb"vbaProject|macrosheets/", re.IGNORECASE)
_OPEN_PROGRAMS = re.compile(rb"Basic/|Scripts/")


def kind_of(data: bytes) -> Kind | None:
    """Give what a file is, if it is a film, sound or document that is taken."""
    if data[4:8] == b"ftyp":
        return _of_brand(data[8:12])
    if data.startswith(b"PK\x03\x04"):
        return _of_archive(data)
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return _WEBM if b"webm" in data[:64] else None
    if data.startswith(b"OggS"):
        return _OGV if b"theora" in data[:512] else _OGG
    if data.startswith(b"RIFF"):
        return _WAV if data[8:12] == b"WAVE" else None
    return _PDF if data.startswith(b"%PDF-") else _of_sound(data)


def _of_brand(brand: bytes) -> Kind | None:
    if brand in _PICTURES:
        return None
    if brand in _AUDIO:
        return _M4A
    return _MOV if brand == b"qt  " else MP4


def _of_sound(data: bytes) -> Kind | None:
    if data.startswith(b"fLaC"):
        return _FLAC
    if data.startswith((b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2")):
        return _MP3
    return _AAC if data.startswith((b"\xff\xf1", b"\xff\xf9")) else None


def _of_archive(data: bytes) -> Kind | None:
    """Give which document a ZIP archive is; its names stand in it as they are."""
    # OpenDocument 1.3, part 2, 3.3: the media type is the first entry, not compressed.
    if data[30:38] == b"mimetype":
        told = data[38 : 38 + 80].decode("ascii", "replace")
        names = (name for name in _OPEN_DOCUMENTS if told.startswith(f"{_OPEN}{name}PK"))
        found = next((_OPEN_DOCUMENTS[name] for name in names), None)
        return None if _OPEN_PROGRAMS.search(data) else found
    if b"[Content_Types].xml" not in data or _PROGRAMS.search(data):
        return None
    return next((kind for name, kind in _OFFICE_DOCUMENTS.items() if name in data), None)


def without_place(data: bytes, kind: Kind) -> bytes:
    """Give a file without what MP4 and QuickTime say of place, device and owner; others as they are.

    The boxes that say it are emptied where they lie, so that no offset in the file changes. Raises
    ``Invalid`` for a file whose boxes do not fit into each other.
    """
    if kind not in (MP4, _MOV, _M4A):
        return data
    blanked = bytearray(data)
    for at, start, end in _personal(data):
        blanked[at : at + 4] = b"free"
        blanked[start:end] = bytes(end - start)
    return bytes(blanked)


def size_of(data: bytes, kind: Kind) -> tuple[int, int] | None:
    """Give width and height of a film, if its first bytes and boxes tell; None for anything else."""
    if kind not in (MP4, _MOV):
        return None
    for name, _, _, end in _boxes(data):
        if name == b"tkhd" and end >= 8:
            # ISO 14496-12, 8.3.2: the last two fields, in 16.16; a track of sound has none.
            width, height = (int.from_bytes(data[at : at + 4]) >> 16 for at in (end - 8, end - 4))
            if width and height:
                return width, height
    return None


def duration_of(data: bytes, kind: Kind) -> float | None:
    """Give how many seconds a film or sound in MP4 or QuickTime lasts (ISO 14496-12, 8.2.2)."""
    if kind not in (MP4, _MOV, _M4A):
        return None
    for name, _, start, end in _boxes(data):
        if name == b"mvhd" and end - start >= 32:
            scale_at, length = (start + 20, 8) if data[start] == 1 else (start + 12, 4)
            scale = int.from_bytes(data[scale_at : scale_at + 4])
            lasting = int.from_bytes(data[scale_at + 4 : scale_at + 4 + length])
            return lasting / scale if scale else None
    return None


def _personal(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Give where a name stands in ``data``, and where its content begins and ends, of what is personal."""
    for name, at, start, end in _boxes(data):
        if name in _PERSONAL:
            yield at, start, end


def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """Give name, its place, begin and end of content of each box on the way (ISO 14496-12, 4.2)."""
    waiting, seen = [(0, len(data))], 0
    while waiting:
        start, stop = waiting.pop()
        while start + 8 <= stop:
            size, name, begin = (
                int.from_bytes(data[start : start + 4]),
                data[start + 4 : start + 8],
                start + 8,
            )
            if size == 1:
                size, begin = int.from_bytes(data[begin : begin + 8]), begin + 8
            end = stop if size == 0 else start + size
            seen += 1
            if not begin <= end <= stop or seen > _MOST_BOXES:
                raise Invalid(file="cannot be read; wanted a film or sound that is whole")
            yield name, start + 4, begin, end
            if name in _HOLDERS:
                waiting.append((begin, end))
            start = end
