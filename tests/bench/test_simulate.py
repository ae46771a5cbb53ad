"""No question dies: a simulated month of councils, with rows and the real clock."""

import asyncio
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench import simulate, world, year
from bench.chart import chart_of
from bench.year import Result


def _month(folder: Path, seed: int = 6) -> Result:
    made = world.make(seed, councils=12, people=600, days=31, asks=5)
    return asyncio.run(year.run(made, folder, seed=seed))


def test_with_routing_few_questions_stay_unanswered_and_nobody_is_asked_too_often(tmp_path: Path) -> None:
    result = _month(tmp_path)

    assert len(result.ended) > 100
    assert result.unrouted() == pytest.approx(0.61, abs=0.12)
    assert result.unanswered() < 0.10
    assert result.most_in_a_week() <= 2
    assert {one.step for one in result.ended if one.answered_at is None} == {"act"}
    chart = chart_of(result)
    assert len(list(ET.fromstring(chart).iter("{http://www.w3.org/2000/svg}polyline"))) == 2


def test_the_same_seed_gives_the_same_month(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
    made = world.make(3, councils=4, people=120, days=8, asks=3)

    one, other = (asyncio.run(year.run(made, folder, seed=3)) for folder in folders)

    assert one == other
    assert made == world.make(3, councils=4, people=120, days=8, asks=3)


def test_it_prints_a_table_and_draws_a_chart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--people", "300", "--days", "9", "--asks", "3", "--chart", str(tmp_path / "out" / "year.svg")]

    simulate.main(given)

    said = capsys.readouterr().out
    assert "unanswered without" in said
    assert "asked in any seven days: at most" in said
    assert (tmp_path / "out" / "year.svg").read_text("utf-8").startswith("<svg")


@pytest.mark.slow
def test_a_whole_year_of_twelve_councils_keeps_what_is_promised(tmp_path: Path) -> None:
    assert simulate.main(["--chart", str(tmp_path / "year.svg")]) == 0
