"""The gate: what the one box costs does not grow with the rows."""

from pathlib import Path

import pytest

from bench import search
from bench.search import RATIO, World

FEW, MANY = 8_000, 80_000  # posts, and a twentieth as many people


def test_the_same_seed_makes_the_same_world() -> None:
    one, same, other = (list(World(20, 5, seed).rows()) for seed in (1, 1, 2))
    assert one == same
    assert one != other
    assert len({row["id"] for row in one}) == 20


@pytest.mark.slow
async def test_ten_times_as_many_posts_cost_no_search_four_times_as_much(tmp_path: Path) -> None:
    few, many = [await search.measure(World(posts, posts // 20, seed=1), tmp_path) for posts in (FEW, MANY)]

    ratios = {kind: many[kind].processor / few[kind].processor for kind in search.KINDS}
    print("\n".join(search.lines_of(many, few)))
    assert {kind: ratio for kind, ratio in ratios.items() if ratio > RATIO} == {}
