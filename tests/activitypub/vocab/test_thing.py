"""What every object shares."""

import msgspec
import pytest

from activitypub.vocab import Post, Tag, Thing, Unknown


def test_names_are_those_of_the_wire_and_what_is_empty_is_left_out() -> None:
    post = Post(id="https://a.example/1", type="Note", in_reply_to="https://a.example/0")

    assert msgspec.to_builtins(post) == {
        "id": "https://a.example/1",
        "type": "Note",
        "inReplyTo": "https://a.example/0",
    }


def test_a_value_stays_as_it_is() -> None:
    with pytest.raises(AttributeError):
        Unknown(type="x").type = "y"  # type: ignore[misc]
    assert issubclass(Tag, Thing)
