"""Films, sound and documents: known by their bytes, kept without their place, hostile ones refused."""

import itertools

import pytest

from fedcop.content import kinds
from fedcop.errors import Invalid
from tests.support.files import CONTENT_TYPES, PDF, archive, box, film, lasting, letter, sound, track_header
from tests.support.pictures import png

PLACE = b"+51.2710+000.5230/"
OPEN = "application/vnd.oasis.opendocument."
BY_NAME = {kind.extension: kind for kind in kinds.KINDS}
MP4 = BY_NAME[".mp4"]
ODT = archive({"content.xml": b"<office/>"}, mimetype=f"{OPEN}text")

TAKEN = {
    ".mp4": film(),
    ".mov": film(b"qt  "),
    ".m4a": film(b"M4A "),
    ".webm": b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(40),
    ".ogv": b"OggS" + bytes(24) + b"\x80theora" + bytes(40),
    ".ogg": b"OggS" + bytes(24) + b"\x01vorbis" + bytes(40),
    ".mp3": b"ID3\x04" + bytes(40),
    ".aac": b"\xff\xf1" + bytes(40),
    ".flac": b"fLaC" + bytes(40),
    ".wav": sound(),
    ".pdf": PDF,
    ".odt": ODT,
    ".ods": archive({"content.xml": b"<office/>"}, mimetype=f"{OPEN}spreadsheet"),
    ".odp": archive({"content.xml": b"<office/>"}, mimetype=f"{OPEN}presentation"),
    ".docx": letter(),
    ".xlsx": archive(CONTENT_TYPES | {"xl/workbook.xml": b"<workbook/>"}),
    ".pptx": archive(CONTENT_TYPES | {"ppt/presentation.xml": b"<p/>"}),
}


@pytest.mark.parametrize("extension", TAKEN)
def test_a_file_is_known_by_its_bytes(extension: str) -> None:
    assert kinds.kind_of(TAKEN[extension]) is BY_NAME[extension]


def test_every_kind_has_such_a_file_and_a_name_that_the_media_folder_serves() -> None:
    assert set(TAKEN) == set(BY_NAME)
    assert all(4 <= len(extension) <= 5 for extension in BY_NAME)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        png(20, 20),
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"RIFF\0\0\0\0AVI LIST",
        b"\x1a\x45\xdf\xa3\x42\x82\x88matroska" + bytes(60),
        *(box(b"ftyp", brand + bytes(4)) for brand in (b"avif", b"heic", b"heim", b"mif1", b"crx ")),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60),  # Word before 2007, with any macro
        b"<html><script>alert(1)</script>",
        b"<?xml version='1.0'?><svg onload='alert(1)'/>",
        b"MZ\x90\0",
        b"\x7fELF",
        b"{\\rtf1}",
    ],
)
def test_what_is_a_picture_or_not_taken_is_none_of_them(data: bytes) -> None:
    assert kinds.kind_of(data) is None


@pytest.mark.parametrize(
    "parts",
    [
        {"word/vbaProject.bin": b"Sub AutoOpen()"},
        {"word/VBAPROJECT.BIN": b"Sub AutoOpen()"},
        {"xl/macrosheets/sheet1.xml": b"<xm:macrosheet/>"},
    ],
)
def test_an_office_file_with_macros_is_not_taken(parts: dict[str, bytes]) -> None:
    assert kinds.kind_of(letter(**parts)) is None


@pytest.mark.parametrize("part", ["Basic/Standard/Module1.xml", "Scripts/python/a.py"])
def test_an_open_document_with_macros_is_not_taken(part: str) -> None:
    data = archive({"content.xml": b"<office/>", part: b"Sub Main"}, mimetype=f"{OPEN}text")

    assert kinds.kind_of(data) is None


@pytest.mark.parametrize(
    "data",
    [
        archive({"a.exe": b"MZ"}),
        archive(CONTENT_TYPES),
        archive({"word/document.xml": b"<w/>"}),
        archive({"content.xml": b"<office/>"}, mimetype="application/java-archive"),
        archive({"content.xml": b"<office/>"}, mimetype=f"{OPEN}text-master"),
        archive({"content.xml": b"<office/>"}, mimetype=f"{OPEN}formula"),
        b"PK\x05\x06" + bytes(18),
        ODT[:60],
    ],
)
def test_an_archive_that_is_no_document_of_ours_is_not_taken(data: bytes) -> None:
    assert kinds.kind_of(data) is None


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (PDF + ODT, ".pdf"),
        (PDF + b"<script>alert(1)</script>", ".pdf"),
        (film(more=letter()), ".mp4"),
        (sound() + PDF, ".wav"),
    ],
)
def test_what_is_two_things_at_once_is_only_what_it_begins_with(data: bytes, extension: str) -> None:
    """What a file may do in a browser follows from the one type under which it is served."""
    assert kinds.kind_of(data) is BY_NAME[extension]


def test_a_page_in_front_of_a_document_is_no_document() -> None:
    assert kinds.kind_of(b"<html>" + PDF) is None


@pytest.mark.parametrize("brand", [b"isom", b"qt  ", b"M4A "])
def test_where_a_film_was_taken_stays_behind_and_nothing_moves(brand: bytes) -> None:
    data = film(brand)
    kind = kinds.kind_of(data)
    assert kind is not None
    assert data.count(PLACE) == 4

    kept = kinds.without_place(data, kind)

    assert PLACE not in kept
    assert len(kept) == len(data)
    assert kept.index(b"frames") == data.index(b"frames")
    assert (kept.count(b"udta"), kept.count(b"meta"), kept.count(b"uuid")) == (0, 0, 0)
    assert kinds.size_of(kept, kind) == kinds.size_of(data, kind)


def test_place_is_found_in_a_film_that_comes_in_pieces_and_in_boxes_with_long_sizes() -> None:
    inner = box(b"traf", box(b"udta", PLACE))
    long = (1).to_bytes(4) + b"moov" + (16 + 8 + len(PLACE)).to_bytes(8) + box(b"udta", PLACE)
    to_the_end = bytes(4) + b"udta" + PLACE
    for data in (film(more=box(b"moof", inner)), film(more=long), film(more=to_the_end)):
        assert PLACE in data.replace(film(), b"")
        assert PLACE not in kinds.without_place(data, MP4)


def test_sound_and_documents_stay_as_they_are() -> None:
    for extension, data in TAKEN.items():
        if extension not in (".mp4", ".mov", ".m4a"):
            assert kinds.without_place(data, BY_NAME[extension]) is data


@pytest.mark.parametrize(
    "more",
    [
        (7).to_bytes(4) + b"free",
        (2**31).to_bytes(4) + b"mdat",
        box(b"moov", (100).to_bytes(4) + b"udta"),
        (1).to_bytes(4) + b"mdat" + (2**63).to_bytes(8),
        (1).to_bytes(4) + b"mdat" + (15).to_bytes(8),
        (1).to_bytes(4) + b"mdat",
        box(b"free") * 10_001,
        box(b"moov", box(b"free") * 10_001),
    ],
)
def test_boxes_whose_sizes_lie_or_that_are_too_many_are_refused(more: bytes) -> None:
    with pytest.raises(Invalid, match="wanted a film or sound that is whole"):
        kinds.without_place(film(more=more), MP4)


def test_boxes_in_boxes_as_deep_as_they_like_are_read_to_the_end() -> None:
    nested = box(b"udta", PLACE)
    for _ in range(5_000):
        nested = box(b"moov", nested)

    assert PLACE not in kinds.without_place(film(more=nested), MP4)


def test_no_bytes_whatever_make_it_fail_otherwise() -> None:
    data = film()
    for at, byte in itertools.product(range(0, len(data), 3), (0, 1, 0x7F, 0xFF)):
        spoilt = data[:at] + bytes([byte]) + data[at + 1 :]
        kind = kinds.kind_of(spoilt)
        try:
            if kind is not None:
                kinds.size_of(kinds.without_place(spoilt, kind), kind)
        except Invalid:
            continue


def test_how_large_a_film_is_its_track_that_is_seen_tells() -> None:
    heard = box(b"trak", track_header(0, 0))
    data = box(b"ftyp", b"isom") + box(b"moov", heard + box(b"trak", track_header(1920, 1080)))

    assert kinds.size_of(data, MP4) == (1920, 1080)
    assert kinds.size_of(box(b"ftyp", b"isom") + box(b"moov", heard), MP4) is None
    assert kinds.size_of(film(b"M4A "), BY_NAME[".m4a"]) is None
    assert kinds.size_of(TAKEN[".webm"], BY_NAME[".webm"]) is None


def test_how_long_a_film_lasts_stands_in_either_form_of_its_header() -> None:
    long = bytes([1]) + bytes(19) + (600).to_bytes(4) + (900).to_bytes(8) + bytes(80)
    data = box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", long))

    assert kinds.duration_of(data, MP4) == 1.5
    assert kinds.duration_of(lasting(5.5), MP4) == 5.5
    assert kinds.duration_of(film(), MP4) is None, "its header counts in no unit"
    assert kinds.duration_of(box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", bytes(8))), MP4) is None
    assert kinds.duration_of(TAKEN[".webm"], BY_NAME[".webm"]) is None
