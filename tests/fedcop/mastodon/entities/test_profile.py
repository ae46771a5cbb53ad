"""Profile."""

import msgspec

from fedcop.mastodon.entities.profile import Profile
from tests.support.described import faults

OWN = Profile(
    id="1",
    display_name="",
    note="",
    fields=[],
    avatar=None,
    avatar_static=None,
    avatar_description="",
    header=None,
    header_static=None,
    header_description="",
    locked=False,
    bot=False,
    hide_collections=False,
    discoverable=False,
    indexable=False,
    show_media=True,
    show_media_replies=True,
    show_featured=True,
    attribution_domains=[],
)


def test_it_is_as_described() -> None:
    assert faults("Profile", msgspec.to_builtins(OWN)) == []
