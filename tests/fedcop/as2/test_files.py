"""Attachments both ways."""

from typing import Any

import pytest

from activitypub.vocab import Attachment
from fedcop.as2 import files
from fedcop.as2.files import File


def theirs(**more: Any) -> Attachment:
    given = {"type": "Document", "url": "https://york.example/a.png", "media_type": "image/png"}
    return Attachment(**given | more)


def test_a_picture_goes_out_as_an_image() -> None:
    picture = File(
        url="https://kent.example/a", media_type="image/webp", description="Map", focus=(0.5, -1.0)
    )

    assert files.attachment_of(picture) == {
        "type": "Image",
        "url": "https://kent.example/a",
        "mediaType": "image/webp",
        "name": "Map",
        "focalPoint": [0.5, -1.0],
    }


@pytest.mark.parametrize("media_type", ["application/pdf", "video/mp4", "audio/mpeg"])
def test_what_is_no_picture_goes_out_as_a_document_since_lemmy_refuses_a_post_with_anything_else(
    media_type: str,
) -> None:
    file = File(url="https://kent.example/b", media_type=media_type, width=64, height=48)

    assert files.attachment_of(file) == {
        "type": "Document",
        "url": "https://kent.example/b",
        "mediaType": media_type,
        "width": 64,
        "height": 48,
    }
    (found,) = files.incoming_from([theirs(type="Document", media_type=media_type)])
    assert found.type == {"application": "unknown"}.get(
        media_type.partition("/")[0], media_type.partition("/")[0]
    )


def test_a_picture_is_taken_with_what_is_said_of_it() -> None:
    (found,) = files.incoming_from(
        [theirs(name="A <b>map</b>", width=64, height=48, blurhash="U0", focal_point=(0.5, -1.0))]
    )

    assert (found.type, found.description, found.blurhash) == ("image", "A <b>map</b>", "U0")
    assert (found.width, found.height, found.focus) == (64, 48, (0.5, -1.0))


@pytest.mark.parametrize("point", [(2.0, 0.0), (0.0, -1.5), (float("nan"), 0.0), None])
def test_a_focal_point_outside_the_picture_is_none(point: tuple[float, float] | None) -> None:
    (found,) = files.incoming_from([theirs(focal_point=point)])

    assert found.focus is None


@pytest.mark.parametrize("other", [{"type": "Link"}, {"url": None}, {"url": "javascript:alert(1)"}])
def test_what_is_no_file_of_the_web_is_left_out(other: dict[str, Any]) -> None:
    assert files.incoming_from([theirs(**other)]) == []


@pytest.mark.parametrize(
    ("kind", "media_type", "found"),
    [
        ("Document", "Video/MP4; codecs=x", "video"),
        ("Audio", None, "audio"),
        ("Document", "application/pdf", "unknown"),
        ("Image", "text/html", "unknown"),
    ],
)
def test_the_kind_follows_the_media_type_where_there_is_one(
    kind: str, media_type: str | None, found: str
) -> None:
    assert [file.type for file in files.incoming_from([theirs(type=kind, media_type=media_type)])] == [found]


@pytest.mark.parametrize(
    ("name", "summary", "description"),
    [
        ("plan2.png", "Second sheet with section", "Second sheet with section"),
        ("DSC_0042.JPG", None, ""),
        ("a b.png", "", ""),
        ("What plan2.png shows", "x", "What plan2.png shows"),
        (None, "<p>A &lt; B</p>", "A < B"),
    ],
)
def test_a_file_name_describes_nothing(name: str | None, summary: str | None, description: str) -> None:
    (found,) = files.incoming_from(
        [theirs(name=name, summary=summary, url="https://devon.example/media/a%20b.png")]
    )
    assert found.description == description
