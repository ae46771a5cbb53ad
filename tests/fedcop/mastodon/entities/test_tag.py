"""Hashtags."""

from fedcop.mastodon.entities.tag import tag
from tests.fedcop.mastodon.entities.rows import at


def test_a_tag_has_an_address_that_any_name_fits() -> None:
    shown = tag("dŵr", at(), following=True)
    assert (shown.name, shown.url, shown.following) == ("dŵr", "https://kent.example/tags/d%C5%B5r", True)
