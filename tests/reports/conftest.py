"""Which reports are run, and the table of what came of them."""

import asyncio
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.reports import cases, stage
from tests.reports.bench import Stage

# Of the report of a test: area, verdict, and the lines that tell it; text, since another process may send it.
PROPERTY = "fault"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("reports")
    group.addoption("--cases", metavar="FILE", help="Run the reports of this file.")
    group.addoption("--only", metavar="ID", help="Run these cases only: ids, or how they begin, by commas.")
    group.addoption("--evidence", action="store_true", help="Show of each report what was answered and sent.")


def file_of(config: pytest.Config) -> Path | None:
    """Give the file of reports: the one that is named, else the one in FEDCOP_SHARED, else none."""
    named = config.getoption("--cases", default=None)
    if named:
        return Path(config.invocation_params.dir, named)
    shared = os.environ.get("FEDCOP_SHARED")
    found = Path(ROOT, shared, "bugs", "reports.json") if shared else None
    return found if found and found.exists() else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        file = file_of(metafunc.config)
        found = cases.load(file) if file else []
        chosen = cases.chosen(found, metafunc.config.getoption("--only", default=None))
        metafunc.parametrize("case", chosen, ids=[case.id for case in chosen])


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Make the node of all cases once."""
    return asyncio.run(stage.make(tmp_path_factory.mktemp("stage") / "node"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    ended = [one for kind in ("passed", "failed", "xfailed") for one in terminalreporter.getreports(kind)]
    reports = sorted(
        (value for one in ended for name, value in one.user_properties if name == PROPERTY), key=_place
    )
    if not reports:
        return
    terminalreporter.section("reports")
    for _area, _verdict, *lines in reports if config.getoption("--cases", default=None) else []:
        for line in lines:
            terminalreporter.write_line(line)
    counts = Counter((area, verdict) for area, verdict, *_lines in reports)
    terminalreporter.write_line(f"{'area':34} {'holds':>6} {'short':>6} {'manual':>6}")
    for area in dict.fromkeys(area for area, *_rest in reports):
        figures = [counts[area, verdict] for verdict in ("holds", "falls short", "manual")]
        terminalreporter.write_line(f"{area:34} " + " ".join(f"{figure:6}" for figure in figures))


def _place(report: list[str]) -> tuple[int, str]:
    area, _verdict, first, *_lines = report
    return int(area.partition(" ")[0]), first
