"""Profile."""

import msgspec

from fedcop.mastodon.entities.profile import Profile
from tests.fedcop.mastodon.schema import faults

OWN = Profile(
    id="1",
    display_name="",
    note="",
    fields=[],
    avatar=None,
    avatar_static=None,
    header=None,
    header_static=None,
    locked=False,
    bot=False,
    hide_collections=False,
    discoverable=False,
    indexable=False,
)


def test_it_is_as_described() -> None:
    assert faults("Profile", msgspec.to_builtins(OWN)) == []
