"""What a client may ask to hear."""

import pytest

from fedcop.mastodon.streaming.streams import NAMES, PATHS, Stream, Unheard, stream_of


def test_each_address_of_events_is_a_stream_that_a_socket_has_too() -> None:
    assert set(PATHS.values()) <= NAMES


def test_a_hashtag_is_one_however_it_is_written() -> None:
    assert stream_of({"stream": "hashtag", "tag": "#GULLIES"}) == stream_of(
        {"stream": "hashtag", "tag": "gullies"}
    )
    assert Stream("hashtag:local", "gullies").label == ["hashtag:local", "gullies"]
    assert Stream("public").label == ["public"]


def test_what_is_over_is_ignored() -> None:
    assert stream_of({"stream": "public", "tag": "gullies", "list": "1"}) == Stream("public")


def test_a_list_is_known_by_its_id() -> None:
    assert stream_of({"stream": "list", "list": "12"}) == Stream("list", "12")


@pytest.mark.parametrize("asked", [{}, {"stream": "users"}, {"stream": "hashtag"}, {"stream": "list"}])
def test_what_is_no_stream_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(Unheard):
        stream_of(asked)


def test_notifications_have_a_scope_of_their_own() -> None:
    assert Stream("user:notification").scope == "read:notifications"
    assert Stream("user").scope == Stream("public").scope == "read:statuses"
