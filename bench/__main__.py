"""``python -m bench``, which `make bench` calls: measures a node and prints what was found."""

import argparse
import asyncio
import sys
from pathlib import Path

import msgspec
import uvloop

from bench.measures import Cost, Figures, measure

RECORDED = Path(__file__).with_name("recorded.json")
WANTED = {"accepted": 200e-6, "visible": 1e-3, "delivery": 200e-6, "home": 1e-3}
WHAT = {
    "accepted": "activities accepted",
    "visible": "activities visible",
    "delivery": "deliveries",
    "home": "home timelines",
}


def main() -> int:
    """Measure and print; with ``--record`` keep the ratios that the gate compares with."""
    parser = argparse.ArgumentParser(prog="make bench", description="What a node costs on this machine.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--record", action="store_true", help=f"write {RECORDED.name}")
    chosen = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(measure(chosen.rounds))
    print("\n".join(lines_of(figures)))
    if chosen.record:
        ratios = {name: round(ratio, 3) for name, ratio in figures.ratios().items()}
        RECORDED.write_bytes(msgspec.json.format(msgspec.json.encode(ratios)) + b"\n")
    return 0


def lines_of(figures: Figures) -> list[str]:
    """Give the figures as a table of text."""
    stick, ratios = figures.yardstick, figures.ratios()
    lines = [
        f"yardstick: openssl signs RSA-2048 in {stick * 1e6:.0f} us, {1 / stick:.0f}/s on one core; "
        f"a node in {figures.signature * 1e6:.0f} us",
        f"{'':22}{'a second':>10}{'processor':>12}{'wanted':>12}{'yardsticks':>12}",
    ]
    for name, what in WHAT.items():
        cost: Cost = getattr(figures, name)
        wanted = WANTED[name] + (figures.signature if name == "delivery" else 0)
        lines.append(
            f"{what:22}{cost.per_second:10.0f}{cost.processor * 1e6:9.0f} us{wanted * 1e6:9.0f} us"
            f"{ratios[name]:12.2f}"
        )
    start = figures.start
    seconds = 1 / start.per_second
    lines += [
        f"start-up: {seconds:.2f} s, of it {start.processor:.2f} s of processor (wanted: 1.5 s)",
        f"resident memory, idle: {figures.memory / 1e6:.0f} MB (wanted: 90 MB)",
    ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
