"""Where files and pictures lie for the client that asks."""

from fedcop.mastodon.entities.place import Place
from tests.fedcop.mastodon.entities.rows import NOON, STRANGER, URIS, pictures


def test_files_lie_where_the_client_dials() -> None:
    at = Place(URIS, pictures("http://127.0.0.1:8001", STRANGER.me), STRANGER, NOON)
    assert at.pictures.named("a.png") == "http://127.0.0.1:8001/media/a.png"
    assert at.missing("avatars") == "http://127.0.0.1:8001/avatars/original/missing.png"
