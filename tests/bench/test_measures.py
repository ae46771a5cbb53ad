"""The gate: no operation costs half as much again as what was recorded, in yardsticks of this machine."""

import msgspec
import pytest

from bench.__main__ import RECORDED
from bench.measures import measure

ALLOWED = 1.5
MOST_MEMORY = 90_000_000


@pytest.mark.slow
async def test_nothing_costs_half_as_much_again_as_what_was_recorded() -> None:
    recorded = msgspec.json.decode(RECORDED.read_bytes(), type=dict[str, float])

    figures = await measure(rounds=5)

    ratios = figures.ratios()
    print({name: f"{ratios[name]:.2f} (recorded {recorded[name]:.2f})" for name in recorded})
    assert {name: ratios[name] for name in recorded if ratios[name] > ALLOWED * recorded[name]} == {}
    assert figures.memory <= MOST_MEMORY
