"""How a person wants to write."""

from tests.fedcop.mastodon.conftest import Client


async def test_the_keys_that_clients_read(ada: Client) -> None:
    await ada.ask("PATCH", "/api/v1/accounts/update_credentials", json={"source": {"privacy": "unlisted"}})
    assert await ada.get("/api/v1/preferences") == {
        "posting:default:visibility": "unlisted",
        "posting:default:sensitive": False,
        "posting:default:language": None,
        "posting:default:quote_policy": "public",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }
