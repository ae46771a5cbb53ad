"""``fedcop allowlist``: the list as a whole."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import ended, open_store, peers
from storage.ended import Ended
from tests.fedcop.actions.test_register import GOV_UK
from tests.fedcop.server.conftest import CommandLine

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOOK = """\
took 2: 2 added, 0 changed; already there 0, left 0
added allow *.gov.uk
added deny spam.gov.uk
"""
WOULD = TOOK.replace("took", "would take")


def test_the_file_stands_on_the_list_first(kent_line: CommandLine) -> None:
    environ = {"FEDCOP_FEDERATION_ALLOW": "devon.example", "FEDCOP_FEDERATION_DENY": "spam.example"}
    kent_line.done("allow", "*.gov.uk")
    head, *lines = kent_line.done("allowlist", "list", **environ).splitlines()
    assert head.split() == ["domain", "severity", "reason", "source", "by", "at", "review", "until"]
    assert [line.split()[0] for line in lines] == ["devon.example", "spam.example", "*.gov.uk"]


def test_an_exported_list_is_imported_elsewhere(kent_line: CommandLine, tmp_path: Path) -> None:
    kent_line.done("allow", "*.gov.uk", "--reason", "councils")
    kent_line.done("deny", "spam.gov.uk")
    file = tmp_path / "list.csv"
    assert kent_line.done("allowlist", "export", str(file)) == ""
    text = "domain,severity,reason\n*.gov.uk,allow,councils\nspam.gov.uk,deny,\n"
    assert file.read_text() == kent_line.done("allowlist", "export", "-") == text
    for pattern in ("*.gov.uk", "spam.gov.uk"):
        kent_line.done("forget", pattern)
    assert kent_line.done("allowlist", "import", str(file), "--dry-run") == WOULD
    assert kent_line.json("allowlist", "list") == []
    assert kent_line.done("allowlist", "import", "-", given=text) == TOOK
    assert [entry["source"] for entry in kent_line.json("allowlist", "list")] == ["import", "import"]


def test_an_import_lists_what_it_did_not_take(kent_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("#domain,#severity\nspam.example,suspend\nloud.example,silence\n")
    taken = kent_line.json("allowlist", "import", str(file))
    assert taken == {
        "dry_run": False,
        "taken": 1,
        "added": ["spam.example"],
        "changed": [],
        "already": [],
        "not_taken": ["line 3: loud.example,silence: severity 'silence': wanted allow or deny"],
        "cut_off": [],
        "hidden": [],
    }
    assert kent_line.json("allowlist", "import", str(file))["already"] == [
        "line 2: spam.example: is there already (import)"
    ]


@pytest.mark.parametrize("verb", ["import", "export"])
def test_a_file_that_cannot_be_used_is_named(kent_line: CommandLine, tmp_path: Path, verb: str) -> None:
    file = tmp_path / "nowhere" / "list.csv"
    assert kent_line.refused("allowlist", verb, str(file)) == f"{file}: No such file or directory"


def test_a_file_that_is_no_text_is_refused(kent_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"\xff\xfe")
    assert kent_line.refused("allowlist", "import", str(file)) == f"{file}: is not UTF-8"


def test_a_bad_line_is_named_and_nothing_is_changed(kent_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("domain,severity\nspam.example,deny\nno domain,deny\n")
    said = kent_line.refused("allowlist", "import", str(file))
    assert said.startswith("line 3: found 'no domain', wanted a domain")
    assert kent_line.refused("allowlist", "import", str(file), "--dry-run") == said
    assert kent_line.json("allowlist", "list") == []


async def _narrowed(folder: Path) -> None:
    store = await open_store(f"sqlite:{folder / 'data' / 'fedcop.db'}")
    await store.write(peers.met, "devon.gov.uk", NOON)
    await store.write(ended.add, [Ended(1, "devon.gov.uk", "follow", "@ada of @cleo", NOON)])
    await store.close()


def test_a_dry_run_says_what_would_be_cut_off(kent_line: CommandLine, tmp_path: Path) -> None:
    kent_line.done("allow", "*.gov.uk")
    asyncio.run(_narrowed(kent_line.folder))
    file = tmp_path / "list.csv"
    file.write_text("domain,severity\ndevon.gov.uk,deny\n")
    said = kent_line.done("allowlist", "import", str(file), "--dry-run").splitlines()[-1]
    assert said.startswith("would cut off devon.gov.uk: people 0, communities 0, follows 0")
    (tie,) = kent_line.json("allowlist", "import", str(file), "--dry-run")["cut_off"]
    assert tie["host"] == "devon.gov.uk"


def test_what_ended_is_listed(kent_line: CommandLine) -> None:
    asyncio.run(_narrowed(kent_line.folder))
    line = {"at": "2026-03-02T12:00:00Z", "host": "devon.gov.uk", "what": "follow", "detail": "@ada of @cleo"}
    assert kent_line.json("allowlist", "ended") == [line]
    assert kent_line.json("allowlist", "ended", "Devon.gov.uk") == [line]
    assert kent_line.json("allowlist", "ended", "york.gov.uk") == []
    assert kent_line.run("allowlist", "ended", "no domain").exit_code == 2


def test_councils_of_a_register_are_proposed_and_accepted(kent_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text(GOV_UK)
    words = ("allowlist", "register", str(file))
    kent_line.done("allow", "*.gov.uk")
    lines = kent_line.json(*words, "--nation", "Wales", "--kind", "unitary")
    assert lines == [
        {
            "name": "Gwynedd Council",
            "domain": "gwynedd.llyw.cymru",
            "kind": "unitary",
            "nation": "Wales",
            "state": "new",
            "why": "",
        }
    ]
    assert len(kent_line.json("allowlist", "list")) == 1, "nothing is allowed by looking"
    said = kent_line.done(*words, "--name", "gwynedd", "--name", "fife", "--accept")
    assert said == "allowed Gwynedd Council\nallowed 1 of 2\n"
    assert kent_line.run("explain", "cymuned.gwynedd.llyw.cymru").exit_code == 0
    assert kent_line.json(*words, "--name", "gwynedd")[0]["state"] == "covered"
    assert kent_line.json(*words, "--name", "gwynedd", "--accept")["accepted"] == []


def test_a_register_or_a_council_that_is_none_is_named(kent_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    words = ("allowlist", "register", str(file))
    missing = kent_line.refused(*words)
    assert missing == f"{file}: No such file or directory"
    file.write_text(GOV_UK)
    assert "no council is called 'Kant'" in kent_line.refused(*words, "--name", "Kant")
    file.write_text("a,b\n")
    assert kent_line.refused(*words).startswith("found columns a, b; wanted")
