"""``fedcop allow``, ``deny``, ``forget``, ``explain``, ``allowlist``, ``peers``."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import open_store, peers
from tests.fedcop.server.conftest import CommandLine

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def _met(folder: Path) -> None:
    store = await open_store(f"sqlite:{folder / 'data' / 'fedcop.db'}")
    for host, software in (("devon.gov.uk", "fedcop"), ("spam.gov.uk", "spamd"), ("down.gov.uk", "lemmy")):
        await store.write(peers.set_software, host, software=software, version="1", kind="group", now=NOON)
    await store.write(peers.heard, "devon.gov.uk", NOON)
    await store.write(peers.failed, "down.gov.uk", "timed out", NOON)
    await store.close()


def test_an_allowed_pattern_is_listed_and_forgotten(kent_line: CommandLine) -> None:
    assert kent_line.done("allow", "*.gov.uk", "--reason", "councils") == "allowed *.gov.uk\n"
    entry = {"domain": "*.gov.uk", "severity": "allow", "reason": "councils", "source": "command"}
    assert kent_line.json("allowlist", "list") == [entry]
    assert kent_line.done("forget", "*.gov.uk") == "forgot *.gov.uk\n"
    assert kent_line.json("allowlist", "list") == []
    assert "is not on the list" in kent_line.refused("forget", "*.gov.uk")


def test_the_file_stands_on_the_list_first(kent_line: CommandLine) -> None:
    environ = {"FEDCOP_FEDERATION_ALLOW": "devon.example", "FEDCOP_FEDERATION_DENY": "spam.example"}
    kent_line.done("allow", "*.gov.uk")
    head, *lines = kent_line.done("allowlist", "list", **environ).splitlines()
    assert head.split() == ["domain", "severity", "reason", "source"]
    assert [line.split()[0] for line in lines] == ["devon.example", "spam.example", "*.gov.uk"]


def test_explain_says_the_verdict_and_the_rule(kent_line: CommandLine) -> None:
    kent_line.done("allow", "*.gov.uk", "--reason", "councils")
    assert (
        kent_line.done("explain", "York.Gov.UK")
        == "allowed: york.gov.uk: allow *.gov.uk (command): councils\n"
    )
    assert kent_line.json("explain", "york.gov.uk") == {
        "domain": "york.gov.uk",
        "verdict": "allowed",
        "rule": "*.gov.uk",
        "source": "command",
    }
    denied = kent_line.run("explain", "gov.uk", "--json")
    assert denied.exit_code == 1
    assert denied.stdout == '{"domain":"gov.uk","verdict":"denied","rule":null,"source":"default"}\n'
    assert denied.stderr == ""
    assert kent_line.run("explain", "https://gov.uk/").exit_code == 2


def test_what_a_denial_did_is_told(kent_line: CommandLine) -> None:
    asyncio.run(_met(kent_line.folder))
    kent_line.done("allow", "*.gov.uk")
    assert kent_line.done("deny", "spam.gov.uk") == "denied spam.gov.uk\nhidden: spam.gov.uk\n"
    changed = kent_line.json("forget", "spam.gov.uk")
    assert (changed["shown"], changed["hidden"]) == (["spam.gov.uk"], [])


def test_peers_are_listed_with_their_state(kent_line: CommandLine) -> None:
    asyncio.run(_met(kent_line.folder))
    kent_line.done("allow", "*.gov.uk")
    kent_line.done("deny", "spam.gov.uk")
    assert kent_line.json("peers") == [
        {
            "host": host,
            "software": f"{software} 1",
            "kind": "group",
            "last_contact": contact,
            "backlog": 0,
            "failures": failures,
            "state": state,
        }
        for host, software, contact, failures, state in (
            ("devon.gov.uk", "fedcop", "2026-03-02T12:00:00Z", 0, "ok"),
            ("down.gov.uk", "lemmy", None, 1, "failing"),
            ("spam.gov.uk", "spamd", None, 0, "hidden"),
        )
    ]
    assert "devon.gov.uk" in kent_line.done("peers")


def test_an_exported_list_is_imported_elsewhere(kent_line: CommandLine, tmp_path: Path) -> None:
    kent_line.done("allow", "*.gov.uk", "--reason", "councils")
    kent_line.done("deny", "spam.gov.uk")
    file = tmp_path / "list.csv"
    assert kent_line.done("allowlist", "export", str(file)) == ""
    text = "domain,severity,reason\n*.gov.uk,allow,councils\nspam.gov.uk,deny,\n"
    assert file.read_text() == kent_line.done("allowlist", "export", "-") == text
    for pattern in ("*.gov.uk", "spam.gov.uk"):
        kent_line.done("forget", pattern)
    assert kent_line.done("allowlist", "import", str(file), "--dry-run") == "would take 2, left 0\n"
    assert kent_line.json("allowlist", "list") == []
    assert kent_line.done("allowlist", "import", "-", given=text) == "took 2, left 0\n"
    assert [entry["source"] for entry in kent_line.json("allowlist", "list")] == ["import", "import"]


def test_an_import_lists_what_it_did_not_take(kent_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("#domain,#severity\nspam.example,suspend\nloud.example,silence\n")
    taken = kent_line.json("allowlist", "import", str(file))
    assert taken == {
        "dry_run": False,
        "taken": 1,
        "not_taken": ["line 3: loud.example,silence: severity 'silence': wanted allow or deny"],
        "hidden": [],
    }


@pytest.mark.parametrize("verb", ["import", "export"])
def test_a_file_that_cannot_be_used_is_named(kent_line: CommandLine, tmp_path: Path, verb: str) -> None:
    file = tmp_path / "nowhere" / "list.csv"
    assert kent_line.refused("allowlist", verb, str(file)) == f"{file}: No such file or directory"


def test_a_file_that_is_no_text_is_refused(kent_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"\xff\xfe")
    assert kent_line.refused("allowlist", "import", str(file)) == f"{file}: is not UTF-8"
