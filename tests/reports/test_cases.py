"""Files of reports, and which of their cases are run."""

import json
from pathlib import Path

from tests.reports import cases
from tests.reports.cases import Case, Finding, Report


def case(name: str, area: str = "1 x") -> Case:
    return Case(name, area, name, {}, [], [])


def test_a_file_may_name_its_list_in_several_ways(tmp_path: Path) -> None:
    entry = {"id": "A1", "area": "7 security", "given": {"text": "x"}, "when": [], "then": {"expect": []}}
    for number, data in enumerate(({"bugs": [entry]}, {"cases": [entry]}, [entry])):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(data))
        (read,) = cases.load(file)
        assert (read.id, read.text, read.must_hold) == ("A1", "x", True)


def test_cases_are_chosen_by_their_ids_or_how_they_begin() -> None:
    held = [case("BL-G01"), case("BL-G02"), case("BL-J01")]

    assert [one.id for one in cases.chosen(held, "BL-G02")] == ["BL-G02"]
    assert [one.id for one in cases.chosen(held, "BL-G, BL-J01")] == ["BL-G01", "BL-G02", "BL-J01"]
    assert cases.chosen(held, None) == held


def test_some_areas_need_not_hold_yet() -> None:
    assert [area for area in range(1, 11) if not case("x", f"{area} y").must_hold] == [3, 8, 9, 10]


def test_a_report_says_how_a_case_ended() -> None:
    report = Report(case("x"))
    assert report.verdict == "manual"
    report.findings.append(Finding(holds=True, wanted="a"))
    assert report.verdict == "holds"
    report.findings.append(Finding(holds=False, wanted="b", seen="c"))
    assert report.verdict == "falls short"
    report.not_understood.append("d")
    assert report.verdict == "manual"
    report.evidence.append("e")
    assert "    evidence: e" in report.lines(evidence=True)
    assert "    wanted b" in report.lines()
