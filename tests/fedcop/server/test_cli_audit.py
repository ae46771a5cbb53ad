"""``fedcop audit``."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.fedcop.server.conftest import CommandLine


def spoil(line: CommandLine, sql: str) -> None:
    with closing(sqlite3.connect(line.folder / "data" / "fedcop.db")) as connection, connection:
        assert connection.execute(sql).rowcount > 0


@pytest.fixture
def decided(kent_line: CommandLine, add_ada: Callable[[], None]) -> CommandLine:
    """Give a node with three decisions in its record."""
    add_ada()
    kent_line.done("deny", "york.example", "--reason", "Spam")
    kent_line.done("token", "create", "ada", "--scopes", "read")
    return kent_line


def test_a_record_as_it_was_written_is_told_so(decided: CommandLine) -> None:
    told = decided.json("audit", "verify")
    assert told["count"] == 3
    assert re.fullmatch("[0-9a-f]{64}", told["head"])
    again = ("audit", "verify", "--head", told["head"], "--count", "3")
    assert decided.done(*again).startswith("3 entries are as they were written")


def test_one_changed_byte_is_found(decided: CommandLine) -> None:
    spoil(decided, "UPDATE audit_details SET reason = 'Spim' WHERE reason = 'Spam'")
    assert decided.refused("audit", "verify") == "entry 2: its detail was changed"


def test_a_tail_cut_off_is_found_by_what_the_log_told(decided: CommandLine) -> None:
    head = decided.json("audit", "verify")["head"]
    spoil(decided, "DELETE FROM audit WHERE number = 3")
    spoil(decided, "UPDATE audit_end SET number = 2, mac = (SELECT mac FROM audit WHERE number = 2)")
    assert decided.json("audit", "verify")["count"] == 2
    line = decided.refused("audit", "verify", "--head", head, "--count", "3")
    assert line == "entry 3: the tail was cut off: 3 entries were noted, 2 are here"


def test_head_and_count_go_together(decided: CommandLine) -> None:
    assert decided.run("audit", "verify", "--count", "3").exit_code == 2


def test_the_record_is_written_out_as_lines_of_json(decided: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    assert decided.done("audit", "export", str(file)) == f"wrote 3 entries to {file}\n"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [(line["number"], line["by"], line["verb"]) for line in lines] == [
        (1, "command line", "person add"),
        (2, "command line", "deny"),
        (3, "command line", "token create"),
    ]
    assert (lines[1]["object"], lines[1]["changed"]) == ("york.example", ["reason", "severity", "source"])
    assert (lines[1]["before"], lines[1]["after"]) == (
        {},
        {"reason": "Spam", "severity": "deny", "source": "command"},
    )
    assert (lines[1]["reason"], lines[1]["address"]) == ("Spam", None)
    assert lines[2]["mac"] == decided.json("audit", "verify")["head"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_exists_is_kept(decided: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    file.write_text("mine")
    assert "exists; wanted the name of a new file" in decided.refused("audit", "export", str(file))
    assert file.read_text() == "mine"
    assert "cannot be written" in decided.refused("audit", "export", str(tmp_path / "no" / "file"))


def test_what_cannot_be_exported_leaves_no_file(kent_line: CommandLine, tmp_path: Path) -> None:
    (kent_line.folder / "data" / "node.key").unlink()
    kent_line.refused("audit", "export", str(tmp_path / "audit.jsonl"))
    assert not (tmp_path / "audit.jsonl").exists()
