"""Each report of a file: what must hold does, and of the others it is said how they stand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reports import run
from tests.reports.bench import Stage
from tests.reports.cases import Case
from tests.reports.conftest import PROPERTY


async def test_the_fault_of_a_report_is_not_ours(
    case: Case,
    made: Stage,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    report = await run.run(case, made, tmp_path)
    told = report.lines(evidence=request.config.getoption("--evidence"))
    record_property(PROPERTY, [case.area, report.verdict, *told])

    if report.verdict == "falls short":
        if not case.must_hold:
            pytest.xfail("\n".join(told))
        pytest.fail("\n".join(told), pytrace=False)
