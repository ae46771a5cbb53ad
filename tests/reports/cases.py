"""The cases of a file of reports, and what is said of each once it was run."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

Verdict = Literal["holds", "falls short", "manual"]

# Run and reported, but they need not hold yet.
LATER: Final = ("3", "8", "9", "10")


@dataclass
class Case:
    """One report: what is given, what is sent, what must be seen."""

    id: str
    area: str
    title: str
    given: dict[str, Any]
    when: list[dict[str, Any]]
    expect: list[dict[str, Any]]

    @property
    def must_hold(self) -> bool:
        return self.area.split(" ")[0] not in LATER

    @property
    def text(self) -> str:
        return str(self.given.get("text") or "")

    @property
    def everything(self) -> str:
        """Give the whole case as text, to find who is named in it."""
        return json.dumps([self.given, self.when, self.expect])


@dataclass
class Finding:
    """One thing that was looked at: what was wanted, what was seen."""

    holds: bool
    wanted: str
    seen: str = ""


@dataclass
class Report:
    """What came of a case."""

    case: Case
    findings: list[Finding] = field(default_factory=list)
    manual: list[str] = field(default_factory=list)  # what a person has to look at
    not_understood: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)  # what of the case may not have been set up
    evidence: list[str] = field(default_factory=list)  # for whoever looks at what is manual

    @property
    def short(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.holds]

    @property
    def verdict(self) -> Verdict:
        """Say how it ended; a step that is not understood leaves all of it to a person."""
        if self.not_understood:
            return "manual"
        if self.short:
            return "falls short"
        return "holds" if self.findings else "manual"

    def lines(self, *, evidence: bool = False) -> list[str]:
        """Give what is to be told of it, the first line by itself enough."""
        lines = [f"{self.case.id:8} {self.verdict:12} {self.case.title}"]
        lines += [f"    step not understood: {text}" for text in self.not_understood]
        for finding in self.short:
            lines += [f"    wanted {finding.wanted}", f"    seen   {finding.seen}"]
        if self.verdict != "holds":
            lines += [f"    hint: {text}" for text in self.hints]
        lines += [f"    to look at: {text}" for text in self.manual]
        if evidence:
            lines += [f"    evidence: {text}" for text in self.evidence]
        return lines


def load(path: Path) -> list[Case]:
    """Read a file of reports; its list may be called bugs, cases or reports, or be the whole file."""
    data = json.loads(path.read_text("utf-8"))
    if isinstance(data, dict):
        data = next(data[name] for name in ("bugs", "cases", "reports", "entries") if name in data)
    return [_case(entry) for entry in data]


def chosen(cases: list[Case], only: str | None) -> list[Case]:
    """Give the cases of these ids, separated by commas; a part of an id names all that begin with it."""
    if not only:
        return cases
    wanted = [part for part in re.split(r"[,\s]+", only) if part]
    exact = [case for case in cases if case.id in wanted]
    begun = [case for case in cases if any(case.id.startswith(part) for part in wanted)]
    return begun if len(begun) > len(exact) else exact


def _case(entry: dict[str, Any]) -> Case:
    given = entry.get("given") or {}
    then = entry.get("then") or {}
    return Case(
        id=str(entry["id"]),
        area=str(entry.get("area", "")),
        title=str(entry.get("title", "")),
        given=given if isinstance(given, dict) else {"text": str(given)},
        when=list(entry.get("when") or []),
        expect=list(then.get("expect") or []) if isinstance(then, dict) else list(then),
    )
