"""``fedcop doctor``."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import changes, deliveries, open_store, received
from storage.deliveries import NewBody
from storage.engine import Transaction
from storage.ids import ActorId, RowId, at
from storage.received import NewReceived
from tests.fedcop.server.conftest import CommandLine


def _lines(line: CommandLine, *words: str) -> dict[str, tuple[str, str]]:
    result = line.run("doctor", *words)
    return {words[0]: (words[1], text) for text in result.stdout.splitlines()[1:] for words in [text.split()]}


def test_a_new_node_is_well(kent_line: CommandLine) -> None:
    findings = kent_line.json("doctor")
    assert [(finding["check"], finding["result"]) for finding in findings] == [
        (check, "ok")
        for check in ("configuration", "disk", "database", "clock", "keys", "queue", "list", "backup")
    ]
    assert all(finding["text"] for finding in findings)


def test_without_a_configuration_nothing_else_is_looked_at(kent_line: CommandLine) -> None:
    (kent_line.folder / "fedcop.toml").write_text("[node]\ndomain = 'kent'\n")
    result = kent_line.run("doctor")
    assert result.exit_code == 1
    assert result.stderr == "doctor: configuration failed\n"
    assert list(_lines(kent_line)) == ["configuration"]


def test_a_database_that_is_not_there_fails(kent_line: CommandLine) -> None:
    (kent_line.folder / "data" / "fedcop.db").unlink()
    assert _lines(kent_line)["database"][0] == "fail"


def test_a_folder_that_is_not_there_fails(kent_line: CommandLine) -> None:
    shutil.rmtree(kent_line.folder / "data")
    assert _lines(kent_line)["disk"][0] == "fail"


def test_a_key_file_that_others_read_fails(kent_line: CommandLine) -> None:
    (kent_line.folder / "data" / "node.key").chmod(0o644)
    assert "chmod 600" in _lines(kent_line)["keys"][1]


def test_a_key_file_of_another_node_fails(kent_line: CommandLine, tmp_path: Path) -> None:
    other = CommandLine(tmp_path / "other")
    other.done("init", str(other.folder), "--domain", "other.example")
    shutil.copy(other.folder / "data" / "node.key", kent_line.folder / "data" / "node.key")
    assert _lines(kent_line)["keys"][0] == "fail"


async def _write(folder: Path, fn: object, *args: object) -> None:
    store = await open_store(f"sqlite:{folder / 'data' / 'fedcop.db'}")
    await store.write(fn, *args)  # type: ignore[arg-type]
    await store.close()


async def _queue(tx: Transaction, now: datetime) -> None:
    new = NewBody(
        uri="https://kent.example/activities/1",
        type="Create",
        object_uri=None,
        sender_id=ActorId(1),
        body=b"{}",
    )
    await deliveries.add_body(tx, RowId(1), new)
    await deliveries.add(tx, RowId(1), [("devon.example", "https://devon.example/inbox")], now)


async def _receive(tx: Transaction, row_id: RowId, now: datetime, *, dead: bool) -> None:
    new = NewReceived(
        uri="https://devon.example/1", type="Create", actor_uri="https://devon.example/x",
        host="devon.example",
        key_id="https://devon.example/x#key", body=b"{}",
    )  # fmt: skip
    await received.put(tx, new, row_id)
    if dead:
        await tx.execute("UPDATE received SET state = 'dead'")


def test_a_clock_behind_what_is_stored_fails(kent_line: CommandLine) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)

    async def later(tx: Transaction) -> None:
        await _receive(tx, RowId(at(ahead)), ahead, dead=False)

    asyncio.run(_write(kent_line.folder, later))
    assert _lines(kent_line)["clock"][0] == "fail"


def test_a_backlog_of_days_is_a_warning_with_its_host(kent_line: CommandLine) -> None:
    asyncio.run(_write(kent_line.folder, _queue, datetime.now(UTC) - timedelta(days=2)))
    result, text = _lines(kent_line)["queue"]
    assert result == "warn"
    assert "over a day for devon.example" in text
    assert kent_line.run("doctor").exit_code == 0


def test_what_could_not_be_worked_on_is_a_warning(kent_line: CommandLine) -> None:
    async def dead(tx: Transaction) -> None:
        await _receive(tx, RowId(1), datetime.now(UTC), dead=True)

    asyncio.run(_write(kent_line.folder, dead))
    assert "1 received could not be worked on" in _lines(kent_line)["queue"][1]


def test_a_key_file_without_a_key_is_a_fault_of_the_keys(kent_line: CommandLine) -> None:
    (kent_line.folder / "data" / "node.key").write_text("nothing")
    assert _lines(kent_line)["keys"][0] == "fail"


def test_a_database_without_a_node_is_a_fault_of_the_database(kent_line: CommandLine) -> None:
    (kent_line.folder / "data" / "fedcop.db").unlink()
    kent_line.done("migrate")
    assert "holds no node" in _lines(kent_line)["database"][1]


def test_another_name_than_the_node_was_made_with_is_a_fault_of_the_configuration(
    kent_line: CommandLine,
) -> None:
    result = kent_line.run("doctor", FEDCOP_NODE_DOMAIN="other.example")
    assert result.exit_code == 1
    assert "with which this node was made" in result.stdout
    assert result.stderr == "doctor: configuration failed\n"


def test_an_entry_of_the_list_that_is_about_to_end_is_named(kent_line: CommandLine) -> None:
    soon = (datetime.now(UTC) + timedelta(days=10)).date()
    kent_line.done("allow", "*.york.example", "--until", "2999-12-31")
    assert _lines(kent_line)["list"][0] == "ok"
    kent_line.done("allow", "*.gov.uk", "--until", str(soon))
    result, text = _lines(kent_line)["list"]
    assert (result, text.split()[2:]) == (
        "warn",
        ["2", "entries;", "1", "to", "be", "reviewed", "or", "about", "to", "end,", "such", "as", "*.gov.uk"],
    )


async def _backed_up(tx: Transaction, at: datetime) -> None:
    await changes.set_fact(tx, "backup_at", at.isoformat())


def test_a_backup_of_days_ago_is_a_warning_and_one_just_made_is_none(kent_line: CommandLine) -> None:
    asyncio.run(_write(kent_line.folder, _backed_up, datetime.now(UTC) - timedelta(days=3)))
    result, text = _lines(kent_line)["backup"]
    assert (result, "keeps `fedcop backup` from running daily" in text) == ("warn", True)
    kent_line.done("backup", str(kent_line.folder / "kent.bak"))
    assert _lines(kent_line)["backup"][0] == "ok"


def test_a_node_of_some_days_without_a_backup_is_warned_of(kent_line: CommandLine) -> None:
    async def older(tx: Transaction) -> None:
        await tx.execute("UPDATE actors SET created_at = '2020-01-01T00:00:00.000Z'")

    asyncio.run(_write(kent_line.folder, older))
    result, text = _lines(kent_line)["backup"]
    assert (result, "has made none yet" in text) == ("warn", True)
