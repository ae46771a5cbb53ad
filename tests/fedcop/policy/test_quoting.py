"""Where a post may be quoted."""

import msgspec
import pytest

from fedcop.errors import Invalid
from fedcop.policy import quoting
from storage.ids import ActorId
from storage.posts import Post
from tests.fedcop.mastodon.entities.rows import NOON

ME, OTHER, ROADS, TREES = ActorId(1), ActorId(2), ActorId(3), ActorId(4)


def quoted(audience: str, author: ActorId = ME, community: ActorId | None = None) -> Post:
    blank = {
        field.name: {"str": "", "int": 0, "bool": False}.get(getattr(field.type, "__name__", ""))
        for field in msgspec.structs.fields(Post)
    }
    row = blank | {"id": 9, "author_id": author, "community_id": community, "audience": audience}
    row |= {"root_id": 9, "published_at": NOON}
    return msgspec.convert([row[name] for name in Post.__struct_fields__], Post)


@pytest.mark.parametrize(
    ("post", "audience", "community", "named"),
    [
        (quoted("public", OTHER), "public", None, False),
        (quoted("unlisted", OTHER), "public", ROADS, False),
        (quoted("public", OTHER), "followers", None, False),
        (quoted("public", OTHER), "direct", None, True),
        (quoted("public"), "direct", None, False),
        (quoted("followers"), "followers", None, False),
        (quoted("followers"), "direct", None, False),
        (quoted("members", ME, ROADS), "members", ROADS, False),
    ],
)
def test_these_stand(post: Post, audience: str, community: ActorId | None, *, named: bool) -> None:
    quoting.ensure_may_stand(post, by=ME, audience=audience, community_id=community, named=named)


@pytest.mark.parametrize(
    ("post", "audience", "community", "named"),
    [
        (quoted("followers"), "public", None, False),
        (quoted("followers"), "unlisted", ROADS, False),
        (quoted("members", ME, ROADS), "public", ROADS, False),
        (quoted("members", ME, ROADS), "followers", None, False),
        (quoted("members", ME, ROADS), "direct", None, True),
        (quoted("members", ME, ROADS), "members", TREES, False),
        (quoted("public", OTHER), "members", ROADS, True),
        (quoted("public", OTHER), "direct", None, False),
    ],
)
def test_nobody_learns_of_a_post_by_its_quote(
    post: Post, audience: str, community: ActorId | None, *, named: bool
) -> None:
    with pytest.raises(Invalid):
        quoting.ensure_may_stand(post, by=ME, audience=audience, community_id=community, named=named)


@pytest.mark.parametrize(
    ("audience", "policy"),
    [("public", "followers"), ("unlisted", "followers"), ("followers", "nobody"), ("members", "nobody")],
)
def test_what_is_not_for_everybody_its_author_quotes_alone(audience: str, policy: str) -> None:
    assert quoting.policy_of("followers", audience) == policy
