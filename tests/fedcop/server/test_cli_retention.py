"""``fedcop retention`` and ``fedcop hold``."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fedcop.server.conftest import CommandLine


@pytest.fixture
def peopled(kent_line: CommandLine, add_ada: Callable[[], None]) -> CommandLine:
    """Give the command line of a node with Ada and the community roads."""
    add_ada()
    kent_line.done("community", "open", "roads", "--name", "Roads", "--facilitator", "ada")
    return kent_line


def test_a_hold_is_placed_listed_exported_and_lifted(peopled: CommandLine, tmp_path: Path) -> None:
    said = peopled.done("hold", "add", "@roads", "--reason", "Complaint 17")
    assert said == "on hold: community @roads@kent.example\n"
    (line,) = peopled.json("hold", "list")
    assert line == line | {
        "kind": "community", "name": "@roads@kent.example", "posts": 0, "sealed": 0, "by": "command line",
        "uri": "https://kent.example/communities/roads", "reason": "Complaint 17",
    }  # fmt: skip
    file = tmp_path / "held.jsonl"
    assert peopled.done("hold", "export", "roads", str(file)) == f"wrote 0 lines to {file}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    lifted = json.loads(peopled.done("hold", "lift", "roads", "--reason", "Closed", "--json"))
    assert (lifted["kind"], lifted["reason"]) == ("community", "Complaint 17")
    assert peopled.json("hold", "list") == []


def test_what_is_not_there_or_not_on_hold_is_refused_in_one_line(
    peopled: CommandLine, tmp_path: Path
) -> None:
    assert "found 'bob', wanted a handle" in peopled.refused("hold", "add", "bob", "--reason", "x")
    assert "say why" in peopled.refused("hold", "add", "ada", "--reason", " ")
    assert "this is not on hold" in peopled.refused("hold", "lift", "ada", "--reason", "x")
    assert "this is not on hold" in peopled.refused("hold", "export", "ada", str(tmp_path / "x"))
    assert not (tmp_path / "x").exists()
    assert peopled.run("hold", "add", "ada").exit_code == 2


def test_a_person_on_hold_is_not_deleted_and_that_is_said(peopled: CommandLine) -> None:
    peopled.done("hold", "add", "ada", "--reason", "Complaint 17")
    assert "is erased when the hold on them is lifted" in peopled.done("person", "delete", "ada")
    assert peopled.json("person", "delete", "ada") == {"name": "ada", "state": "on hold"}
    assert peopled.json("person", "erasure", "ada")["state"] == "on hold"
    peopled.done("hold", "lift", "ada", "--reason", "Closed")
    assert peopled.json("person", "delete", "ada") == {"name": "ada", "state": "deleted"}


def test_a_dry_run_says_what_would_go_and_the_run_lets_it_go(peopled: CommandLine) -> None:
    peopled.done("person", "add", "bea", "--email", "bea@kent.example", "--display-name", "Bea")
    peopled.done("person", "suspend", "bea")
    assert json.loads(peopled.done("retention", "--dry-run", "--json", FEDCOP_RETENTION_LEAVERS="1")) == []
    assert peopled.json("retention", "--dry-run") == []
    assert peopled.json("retention") == {"gone": 0}
    assert "the record of decisions names them" in peopled.done("retention")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("LEAVERS", "-1", "wanted a whole number from 0 to 36500"),
        ("INACTIVE_ACCOUNTS", "30", "wanted 0 (never) or at least 90"),
        ("THREADS", "roads", 'wanted JSON such as {"name": 730}'),
        ("THREADS", '{"roads": "x"}', "wanted a table of whole numbers"),
    ],
)
def test_a_rule_that_is_none_is_refused_by_name(
    kent_line: CommandLine, name: str, text: str, said: str
) -> None:
    line = kent_line.refused("retention", "--dry-run", **{f"FEDCOP_RETENTION_{name}": text})
    assert said in line
    assert "retention" in line.lower()
