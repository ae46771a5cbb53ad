"""To whom something is addressed."""

import pytest

from activitypub import audience
from activitypub.shape import PUBLIC

FOLLOWERS = "https://a.example/u/followers"
BO = "https://b.example/bo"


@pytest.mark.parametrize(
    ("to", "cc", "found"),
    [
        ([PUBLIC], [FOLLOWERS], "public"),
        ([PUBLIC], [PUBLIC], "public"),
        ([FOLLOWERS], [PUBLIC], "unlisted"),
        ([FOLLOWERS], [], "followers"),
        ([BO], [FOLLOWERS], "followers"),
        ([BO], [], "direct"),
        ([], [], "direct"),
    ],
)
def test_an_audience_is_read_as_mastodon_reads_it(to: list[str], cc: list[str], found: str) -> None:
    assert audience.read(to, cc, followers=FOLLOWERS).audience == found


def test_without_known_followers_nothing_is_for_them() -> None:
    read = audience.read([FOLLOWERS], [], followers=None)

    assert (read.audience, read.recipients) == ("direct", (FOLLOWERS,))


def test_recipients_are_named_once_in_order() -> None:
    read = audience.read([PUBLIC, BO], [FOLLOWERS, "https://c.example/cy", BO], followers=FOLLOWERS)

    assert read.recipients == (BO, "https://c.example/cy")
