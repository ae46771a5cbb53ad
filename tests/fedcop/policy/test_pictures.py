"""Addresses of pictures: none is a peer's; what is not for everybody opens for one person, for a while."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fedcop.policy.pictures import Pictures, reader_of
from storage.ids import ActorId, MediaId
from storage.media import Media
from tests.fedcop.mastodon.entities.rows import actor
from tests.fedcop.mastodon.entities.test_attachment import media
from tests.support.clock import NOON

KEY = b"key"
OURS: dict[str, Any] = {"name": "a.png", "preview": "s.webp", "remote_url": None}


def addresses(now: Any = NOON, *, reader: int = 7, key: bytes = KEY) -> Pictures:
    return Pictures(origin="https://kent.example", reader=ActorId(reader), key=key, now=now)


def sealed(file: Media, **made: Any) -> tuple[str, str]:
    """Give the expiry and the seal of an address that is not for everybody."""
    query = parse_qs(urlsplit(addresses(**made).of_post(file, "members")[0]).query)
    return query["e"][0], query["s"][0]


@pytest.mark.parametrize("audience", ["public", "unlisted"])
def test_what_everybody_may_see_has_a_plain_address(audience: str) -> None:
    assert addresses().of_post(media(**OURS), audience) == (
        "https://kent.example/media/a.png",
        "https://kent.example/media/s.webp",
    )
    elsewhere = ("https://kent.example/media/5/original", "https://kent.example/media/5/small")
    assert addresses().of_post(media(), audience) == elsewhere
    # Once it is kept here too: a file is served by its name, even when its host was taken off the list.
    assert addresses().of_post(media(name="a.png", preview="s.webp"), audience) == elsewhere


@pytest.mark.parametrize("audience", ["followers", "direct", "members", None])
@pytest.mark.parametrize("file", [OURS, {}])
def test_any_other_address_is_sealed_and_tells_no_name(audience: str | None, file: dict[str, Any]) -> None:
    whole, small = addresses().of_post(media(**file), audience)

    assert whole.startswith("https://kent.example/media/5/original?e=")
    assert small.startswith("https://kent.example/media/5/small?e=")


def test_a_seal_opens_one_file_for_one_person_for_up_to_an_hour() -> None:
    file = media()
    expiry, seal = sealed(file)
    half = timedelta(minutes=30)

    assert reader_of(KEY, file.id, expiry, seal, NOON) == 7
    assert reader_of(KEY, file.id, expiry, seal, NOON + half) == 7
    assert reader_of(KEY, file.id, expiry, seal, NOON + timedelta(hours=1, seconds=1)) is None
    assert reader_of(KEY, MediaId(6), expiry, seal, NOON) is None
    assert reader_of(b"other", file.id, expiry, seal, NOON) is None
    assert reader_of(KEY, file.id, str(int(expiry) + 3600), seal, NOON) is None
    assert reader_of(KEY, file.id, expiry, seal.replace("7.", "8."), NOON) is None
    assert sealed(file, now=NOON + half - timedelta(seconds=1)) == (expiry, seal)
    assert sealed(file, now=NOON + half) != (expiry, seal)


@pytest.mark.parametrize(
    ("expiry", "seal"),
    [
        ("", ""),
        ("x", "7.x"),
        ("9" * 30, "7.x"),
        ("9" * 15, "x.x"),
        ("9" * 15, "7"),
        ("9" * 15, "7.ö"),
        ("²", "²"),
    ],
)
def test_a_seal_that_is_none_opens_nothing(expiry: str, seal: str) -> None:
    assert reader_of(KEY, MediaId(5), expiry, seal, NOON) is None


def test_a_picture_of_somebody_elsewhere_gets_a_new_address_with_each_picture() -> None:
    url = "https://devon.example/a.png"
    first = addresses().of_actor(actor(icon=url), "icon")

    assert first is not None
    assert first.startswith("https://kent.example/media/actors/7/icon/")
    assert addresses().of_actor(actor(icon=url), "icon") == first
    assert addresses().of_actor(actor(icon=f"{url}?2"), "icon") != first
    assert addresses().of_actor(actor(image="own.png"), "image") == "https://kent.example/media/own.png"
    assert addresses().of_actor(actor(icon=url), "image") is None


@pytest.mark.parametrize("remote", [None, "https://york.example/a"])
@pytest.mark.parametrize("kind", ["video", "audio", "unknown"])
@pytest.mark.parametrize("audience", ["public", "members"])
def test_what_came_without_a_picture_has_none_to_show_small(
    remote: str | None, kind: str, audience: str
) -> None:
    kept = {"type": kind, "name": "a.mp4", "preview": None, "remote_url": remote}
    assert addresses().of_post(media(**kept), audience)[1] is None
    assert addresses().of_post(media(**kept | {"preview": "s.webp"}), audience)[1] is not None


def test_what_nobody_has_looked_at_yet_may_be_a_picture_unless_it_says_what_it_is() -> None:
    found = {
        kind: addresses().of_post(media(type=kind), "public")[1] for kind in ("unknown", "video", "audio")
    }

    assert found == {"unknown": "https://kent.example/media/5/small", "video": None, "audio": None}
