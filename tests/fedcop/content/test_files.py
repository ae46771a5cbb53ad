"""Files checked and written: what is kept of each, and nothing of what is refused."""

from pathlib import Path

import pytest

from fedcop.config import MediaSection
from fedcop.content import files
from fedcop.errors import Invalid
from tests.support.files import PDF, film
from tests.support.pictures import png


@pytest.fixture
def section(tmp_path: Path) -> MediaSection:
    return MediaSection(folder=str(tmp_path / "media"), max_bytes=50_000)


def written(section: MediaSection) -> set[str]:
    folder = Path(section.folder)
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_picture_is_written_with_a_small_copy(section: MediaSection) -> None:
    kept = files.keep(section, png(), png(30, 20))

    assert (kept.type, kept.media_type, kept.width, kept.height) == ("image", "image/png", 900, 600)
    assert kept.small is not None
    assert (kept.small.preview_width, kept.small.preview_height) == (640, 427)
    assert written(section) == {kept.name, kept.small.preview}


def test_a_film_is_written_without_its_place_and_has_the_picture_that_came_with_it(
    section: MediaSection,
) -> None:
    plain, pictured = files.keep(section, film()), files.keep(section, film(), png(30, 20))

    assert (plain.type, plain.media_type, plain.width, plain.height) == ("video", "video/mp4", 64, 48)
    assert plain.small is None
    assert b"+51.27" not in (Path(section.folder) / plain.name).read_bytes()
    assert pictured.small is not None
    assert (pictured.small.preview_width, pictured.small.preview_height) == (30, 20)


def test_a_document_has_no_size(section: MediaSection) -> None:
    kept = files.keep(section, PDF)

    assert (kept.type, kept.width, kept.height, kept.small) == ("unknown", None, None, None)
    assert (Path(section.folder) / kept.name).read_bytes() == PDF


@pytest.mark.parametrize(
    ("data", "thumbnail", "found"),
    [
        (b"MZ", None, "picture"),
        (PDF + bytes(50_000), None, "bytes; at most 50000"),
        (film(more=b"\0\0\0\7free"), png(), "whole"),
        (film(), PDF, "picture"),
        (film(), png() + bytes(50_000), "bytes; at most 50000"),
    ],
)
def test_what_is_refused_leaves_nothing_in_the_folder(
    section: MediaSection, data: bytes, thumbnail: bytes | None, found: str
) -> None:
    with pytest.raises(Invalid, match=found):
        files.keep(section, data, thumbnail)
    assert written(section) == set()


def test_only_the_small_copy_of_a_picture_that_stands_for_a_file_is_written(section: MediaSection) -> None:
    small = files.keep_preview(section, png())
    assert written(section) == {small.preview}


def test_files_are_deleted_and_those_that_are_not_there_are_passed_over(tmp_path: Path) -> None:
    section = MediaSection(folder=str(tmp_path))
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"x")
    files.remove(section, ["a.png", None, "gone.png"])
    assert [one.name for one in tmp_path.iterdir()] == ["b.png"]


def test_a_picture_that_is_small_already_keeps_its_format(section: MediaSection) -> None:
    small = files.keep_preview(section, png(30, 20))
    assert small.preview.endswith(".png")
    assert files.keep_preview(section, png()).preview.endswith(".webp")


def test_a_film_is_put_aside_where_a_program_writes_it_anew(section: MediaSection) -> None:
    waiting = MediaSection(folder=section.folder, max_bytes=section.max_bytes, ffmpeg="/usr/bin/ffmpeg")

    kept = files.keep_upload(waiting, film(), png(30, 20))
    assert (kept.name, kept.type, kept.media_type) == (None, "video", "video/mp4")
    assert kept.raw is not None
    assert kept.raw.endswith(".mp4.raw")
    assert (Path(section.folder) / kept.raw).read_bytes() == film()
    assert files.keep_upload(waiting, PDF).name is not None
    assert files.keep_upload(section, film()).name is not None
    with pytest.raises(Invalid, match="bytes"):
        files.keep_upload(waiting, film(more=bytes(50_000)))
