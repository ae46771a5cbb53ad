"""``python -m bench.simulate``, which `make simulate` calls: a year of asks with and without routing.

It prints a table and draws a chart; the same seed gives both again, byte for byte.
"""

import argparse
import asyncio
import calendar
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import world, year
from bench.chart import chart_of
from bench.year import Result

CHART = Path("dist/simulation.svg")
MOST_UNANSWERED = 0.10
MOST_A_WEEK = 2


def main(given: Sequence[str] | None = None) -> int:
    """Simulate, print and draw; 1 when too many asks stay unanswered, or somebody is asked too often."""
    parser = argparse.ArgumentParser(prog="make simulate", description="A year of asks, routed and not.")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--councils", type=int, default=12)
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--asks", type=int, default=world.ASKS_A_DAY, help="on each working day")
    parser.add_argument("--chart", type=Path, default=CHART)
    chosen = parser.parse_args(given)
    began = time.monotonic()
    made = world.make(
        chosen.seed,
        councils=chosen.councils,
        people=chosen.people,
        days=chosen.days,
        asks=chosen.asks,
    )
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(year.run(made, Path(folder), seed=chosen.seed))
    print("\n".join(lines_of(result, councils=chosen.councils, people=chosen.people, seed=chosen.seed)))
    chosen.chart.parent.mkdir(parents=True, exist_ok=True)
    chosen.chart.write_text(chart_of(result), encoding="utf-8")
    print(f"chart: {chosen.chart}; took {time.monotonic() - began:.0f} s")
    return 0 if result.unanswered() < MOST_UNANSWERED and result.most_in_a_week() <= MOST_A_WEEK else 1


def lines_of(result: Result, *, councils: int, people: int, seed: int) -> list[str]:
    """Give the figures as a table of text."""
    months = sorted({one.asked.at.month for one in result.ended})
    lines = [
        f"{councils} councils, {people} people, {len(result.ended)} asks, seed {seed}",
        f"fixed: answered unasked {world.ANSWERED_UNROUTED:.0%}; who is asked answers "
        f"{world.ANSWERED_ROUTED:.0%} within {world.ROUTED_WITHIN.total_seconds() / 3600:.0f} working hours; "
        f"away {world.AWAY:.0%}, half of them untold",
        f"{'':12}{'asks':>8}{'unanswered without':>22}{'with routing':>16}",
    ]
    for month in months:
        asks = sum(1 for one in result.ended if one.asked.at.month == month)
        lines.append(
            f"{calendar.month_name[month]:12}{asks:8}{result.unrouted(month):22.1%}{result.unanswered(month):16.1%}"
        )
    lines.append(
        f"{'all':12}{len(result.ended):8}{result.unrouted():22.1%}{result.unanswered():16.1%}"
        f"   (wanted: under {MOST_UNANSWERED:.0%})"
    )
    return [*lines, *_loads(result), *_times(result)]


def _loads(result: Result) -> list[str]:
    asked = sorted(len(moments) for moments in result.loads.values())
    most = result.most_in_a_week()
    return [
        f"asked in any seven days: at most {most} times (wanted: at most {MOST_A_WEEK}); "
        f"in the year: {len(asked)} people, half of them at most {asked[len(asked) // 2]} times",
        f"people asked for an ask that was routed: {_mean(result):.1f}",
    ]


def _mean(result: Result) -> float:
    routed = [one.asked_people for one in result.ended if one.asked_people]
    return sum(routed) / max(len(routed), 1)


def _times(result: Result) -> list[str]:
    total = len(result.ended)
    lines = []
    for hours in (8, 24, 48, 72, 96):
        without, with_routing = (
            sum(1 for found in result.hours_to_answer(routed=routed) if found <= hours) / total
            for routed in (False, True)
        )
        lines.append(
            f"answered within {hours:2} working hours: {without:6.1%} without, {with_routing:6.1%} with"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
