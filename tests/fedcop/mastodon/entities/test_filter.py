"""Filters as clients read them."""

from fedcop.mastodon.entities.filter import filter_, head, v1_filters
from storage.filters import Chosen, Filter, Keyword
from storage.ids import PostId
from tests.support.clock import NOON

FILTER = Filter(
    id=1,
    title="Snow",
    contexts=("home",),
    action="hide",
    expires_at=NOON,
    keywords=(Keyword(2, 1, "snow", True), Keyword(3, 1, "ice", False)),
    posts=(Chosen(4, 1, PostId(5)),),
)


def test_a_result_names_a_filter_without_what_it_looks_for() -> None:
    assert head(FILTER).title == filter_(FILTER).title
    assert [(one.id, one.keyword, one.whole_word) for one in filter_(FILTER).keywords] == [  # type: ignore[union-attr]
        ("2", "snow", True),
        ("3", "ice", False),
    ]


def test_version_1_has_one_for_each_word() -> None:
    assert [(one.id, one.phrase, one.irreversible) for one in v1_filters(FILTER)] == [
        ("2", "snow", True),
        ("3", "ice", True),
    ]
