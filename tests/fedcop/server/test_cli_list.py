"""``fedcop allow``, ``deny``, ``forget``, ``explain``, ``peers``."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

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
    (entry,) = kent_line.json("allowlist", "list")
    assert entry.pop("at") is not None
    assert entry == {
        "domain": "*.gov.uk",
        "severity": "allow",
        "reason": "councils",
        "source": "command",
        "by": "command line",
        "review": None,
        "until": None,
    }
    assert kent_line.done("forget", "*.gov.uk") == "forgot *.gov.uk\n"
    assert kent_line.json("allowlist", "list") == []
    assert "is not on the list" in kent_line.refused("forget", "*.gov.uk")


def test_explain_says_the_verdict_and_the_rule(kent_line: CommandLine) -> None:
    kent_line.done("allow", "*.gov.uk", "--reason", "councils")
    assert (
        kent_line.done("explain", "York.Gov.UK")
        == "allowed: york.gov.uk: allow *.gov.uk (command): councils\n"
    )
    explained = kent_line.json("explain", "york.gov.uk")
    assert explained.pop("at") is not None
    assert explained == {
        "domain": "york.gov.uk",
        "verdict": "allowed",
        "rule": "*.gov.uk",
        "source": "command",
        "reason": "councils",
        "by": "command line",
        "review": None,
        "until": None,
    }
    denied = kent_line.run("explain", "gov.uk", "--json")
    assert denied.exit_code == 1
    assert denied.stdout.startswith('{"domain":"gov.uk","verdict":"denied","rule":null,"source":"default",')
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


def test_an_entry_has_the_days_that_were_given(kent_line: CommandLine) -> None:
    kent_line.done("deny", "york.example", "--review", "2999-06-01", "--until", "2999-12-31")
    (entry,) = kent_line.json("allowlist", "list")
    assert (entry["severity"], entry["review"], entry["until"]) == ("deny", "2999-06-01", "2999-12-31")
    assert "until 2999-12-31" in kent_line.run("explain", "york.example").stdout


def test_days_that_are_over_or_none_are_refused(kent_line: CommandLine) -> None:
    assert kent_line.refused("allow", "*.gov.uk", "--until", "2020-01-01").startswith(
        "until: found 2020-01-01"
    )
    assert kent_line.run("allow", "*.gov.uk", "--until", "soon").exit_code == 2
    assert kent_line.json("allowlist", "list") == []


def test_a_dry_run_says_what_would_be_cut_off_and_changes_nothing(kent_line: CommandLine) -> None:
    asyncio.run(_met(kent_line.folder))
    kent_line.done("allow", "*.gov.uk")
    said = kent_line.done("deny", "spam.gov.uk", "--dry-run")
    assert said.startswith("would cut off spam.gov.uk: people 0, communities 0, follows 0, memberships 0")
    told = kent_line.json("forget", "*.gov.uk", "--dry-run")
    assert [tie["host"] for tie in told["cut_off"]] == ["devon.gov.uk", "down.gov.uk", "spam.gov.uk"]
    assert kent_line.done("allow", "york.example", "--dry-run") == "nothing would be cut off\n"
    assert "is not on the list" in kent_line.refused("forget", "york.example", "--dry-run")
    kent_line.done("deny", "spam.gov.uk")
    assert kent_line.done("forget", "spam.gov.uk", "--dry-run") == "would show again: spam.gov.uk\n"
    assert [entry["domain"] for entry in kent_line.json("allowlist", "list")] == ["*.gov.uk", "spam.gov.uk"]
