"""Files, ours and those that lie elsewhere."""

from typing import Any

import msgspec

from fedcop.mastodon.entities.attachment import attachment
from storage.media import Media
from tests.fedcop.mastodon.entities.rows import NOON, at

ROW: dict[str, Any] = {
    "id": 5,
    "owner_id": 7,
    "post_id": 9,
    "place": 0,
    "type": "image",
    "media_type": "image/png",
    "name": None,
    "preview": None,
    "remote_url": "https://devon.example/a.png",
    "description": "",
    "blurhash": None,
    "width": None,
    "height": None,
    "preview_width": None,
    "preview_height": None,
    "focus_x": None,
    "focus_y": None,
    "raw": None,
    "duration": None,
    "created_at": NOON,
}


def media(**changes: Any) -> Media:
    return msgspec.convert(list((ROW | changes).values()), Media)


def test_a_file_elsewhere_has_an_address_here_since_tusky_insists_on_one() -> None:
    shown = attachment(media(), at(), "public")
    assert (shown.url, shown.preview_url) == (
        "https://kent.example/media/5/original",
        "https://kent.example/media/5/small",
    )
    assert shown.remote_url is None
    assert msgspec.to_builtins(shown.meta) == {}
    assert shown.description is None


def test_a_file_of_ours_is_served_from_here_with_its_small_copy() -> None:
    shown = attachment(
        media(name="a.png", preview="s.webp", remote_url=None, width=40, height=20, focus_x=0.0, focus_y=0.5),
        at(),
        "public",
    )
    assert (shown.url, shown.preview_url) == (
        "https://kent.example/media/a.png",
        "https://kent.example/media/s.webp",
    )
    assert msgspec.to_builtins(shown.meta) == {
        "original": {"width": 40, "height": 20, "size": "40x20", "aspect": 2.0},
        "focus": {"x": 0.0, "y": 0.5},
    }


def test_a_file_that_is_not_for_everybody_is_sealed_for_its_reader() -> None:
    shown = attachment(media(name="a.png", preview="s.webp", remote_url=None), at(8), "direct")
    assert shown.url is not None
    assert shown.url.startswith("https://kent.example/media/5/original?e=")
    assert "&s=8." in shown.url


def test_a_film_that_is_not_ready_has_no_address_and_one_that_is_says_how_long_it_lasts() -> None:
    waiting = attachment(media(remote_url=None, raw="a.mp4.raw", type="video"), at(), None)
    ready = attachment(
        media(remote_url=None, name="a.mp4", type="video", width=64, height=48, duration=5.5), at(), "public"
    )

    assert (waiting.url, waiting.preview_url) == (None, None)
    assert ready.url == "https://kent.example/media/a.mp4"
    assert msgspec.to_builtins(ready.meta)["original"]["duration"] == 5.5
