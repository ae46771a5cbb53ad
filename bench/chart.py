"""The chart of a simulated year, as SVG: how many asks are answered within how many working hours."""

from collections.abc import Iterator

from bench.year import Result
from fedcop.knowledge import route

WIDTH, HEIGHT = 800, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 30, 70, 60
HOURS = 120
WITHOUT, WITH = "#b1b4b6", "#1d70b8"
TITLE = "Asks that are answered, by working hours"
NAMES = {
    "facilitator": "facilitator told",
    "community": "community asked",
    "councils": "other councils asked",
    "act": "facilitator must act",
}


def chart_of(result: Result) -> str:
    """Give the chart: two curves, and the steps of the clock where they stand."""
    without, with_routing = (_points(result, routed=routed) for routed in (False, True))
    said = (
        f"{len(result.ended)} asks of a simulated year. Never answered: {result.unrouted():.1%} without "
        f"routing, {result.unanswered():.1%} with routing."
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            ' font-family="Arial, sans-serif" font-size="14" aria-labelledby="title said">',
            f'<title id="title">{TITLE}</title>',
            f'<desc id="said">{said}</desc>',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            f'<text x="{LEFT}" y="26" font-size="18" font-weight="bold">{TITLE}</text>',
            f'<text x="{LEFT}" y="48">{said}</text>',
            *_grid(),
            *_clock(),
            _curve(without, WITHOUT),
            _curve(with_routing, WITH),
            _name(without, "without routing", "#505a5f"),
            _name(with_routing, "with routing", WITH),
            "</svg>",
            "",
        ]
    )


def _points(result: Result, *, routed: bool) -> list[tuple[float, float]]:
    found = result.hours_to_answer(routed=routed)
    total = max(len(result.ended), 1)
    return [(hour, sum(1 for one in found if one <= hour) / total) for hour in range(0, HOURS + 1, 2)]


def _x(hour: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * hour / HOURS


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


def _grid() -> Iterator[str]:
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#f3f2f1"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{tenth * 10} %</text>'
    for hour in range(0, HOURS + 1, 24):
        yield f'<text x="{_x(hour):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{hour}</text>'
    said = "working hours since the ask"
    yield f'<text x="{_x(HOURS / 2):.1f}" y="{HEIGHT - 14}" text-anchor="middle">{said}</text>'


def _clock() -> Iterator[str]:
    for step, hours in route.CLOCK:
        x = _x(hours.total_seconds() / 3600)
        yield (
            f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#505a5f"'
            ' stroke-dasharray="3 4"/>'
        )
        place = f'x="{x + 4:.1f}" y="{HEIGHT - BOTTOM - 6}"'
        yield f'<text {place} font-size="11" fill="#505a5f">{NAMES[step]}</text>'


def _curve(points: list[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{_x(hour):.1f},{_y(share):.1f}" for hour, share in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="3"/>'


def _name(points: list[tuple[float, float]], name: str, colour: str) -> str:
    y = _y(points[-1][1]) - 8
    place = f'x="{WIDTH - RIGHT}" y="{y:.1f}" text-anchor="end"'
    return f'<text {place} font-weight="bold" fill="{colour}">{name}</text>'
