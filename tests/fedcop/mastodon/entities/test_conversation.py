"""Conversation: its shape is tested with its methods, in ``methods/test_conversations``."""

from msgspec.structs import fields

from fedcop.mastodon.entities.conversation import Conversation


def test_every_field_is_there_always() -> None:
    assert {field.name for field in fields(Conversation) if field.required} == {
        "id",
        "unread",
        "accounts",
        "last_status",
    }
