"""What is told beforehand of a level is what the rule then does."""

import pytest

from fedcop.policy import levels


@pytest.mark.parametrize(
    ("level", "by"),
    [
        ("hidden", set()),
        ("council", {"council"}),
        ("members", {"fellow"}),
        ("nodes", {"nodes", "council", "fellow"}),
        ("public", set(levels.BY)),
    ],
)
def test_each_level_is_read_by_whom_it_says(level: levels.Level, by: set[levels.By]) -> None:
    assert {one for one in levels.BY if levels.reads(level, one)} == by
