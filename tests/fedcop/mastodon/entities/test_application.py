"""Applications and tokens as clients decode them."""

from datetime import UTC, datetime

import msgspec

from fedcop.mastodon.entities.application import Token, application, credentials
from storage.oauth import App

APP = App(
    7,
    "id",
    "hash",
    "Tusk",
    None,
    '["a:/b","https://x.example/"]',
    "read write",
    datetime(2026, 1, 5, tzinfo=UTC),
)


def test_an_application_shows_its_addresses_as_list_and_text_and_never_its_secret() -> None:
    shown = msgspec.to_builtins(application(APP, vapid_key="key"))

    assert shown["id"] == "7"
    assert shown["website"] is None
    assert shown["redirect_uris"] == ["a:/b", "https://x.example/"]
    assert shown["redirect_uri"] == "a:/b\nhttps://x.example/"
    assert shown["scopes"] == ["read", "write"]
    assert "hash" not in str(shown)


def test_a_new_application_is_told_its_secret() -> None:
    shown = msgspec.to_builtins(credentials(APP, "told once", vapid_key="key"))

    assert (shown["client_id"], shown["client_secret"], shown["client_secret_expires_at"]) == (
        "id",
        "told once",
        0,
    )
    assert shown["name"] == "Tusk"


def test_a_token_is_a_bearer_with_a_number_for_its_time() -> None:
    shown = msgspec.to_builtins(Token(access_token="t", scope="read", created_at=1))

    assert shown == {"access_token": "t", "scope": "read", "created_at": 1, "token_type": "Bearer"}
