"""``fedcop backup`` and ``fedcop restore``."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fedcop.server.conftest import CommandLine


@pytest.fixture
def passphrase(tmp_path: Path) -> str:
    path = tmp_path / "passphrase"
    path.write_text("correct horse battery staple\n")
    return str(path)


def test_a_node_comes_back_whole_with_its_key(
    kent_line: CommandLine, add_ada: Callable[[], None], tmp_path: Path, passphrase: str
) -> None:
    add_ada()
    kept, there = str(tmp_path / "kent.bak"), tmp_path / "there"
    said = kent_line.done("backup", kept, "--passphrase-file", passphrase)
    assert f"wrote {kept}: kent.example of " in said  # after lines on how far it has come, if it takes long
    assert "with its key\n" in said
    count, head = said.splitlines()[-1].removeprefix("end of the record of decisions: ").split(" ")
    (tmp_path / "other").write_text("another\n")
    assert "--passphrase-file" in kent_line.refused("restore", kept, str(there))
    assert "passphrase is another" in kent_line.refused(
        "restore", kept, str(there), "--passphrase-file", str(tmp_path / "other")
    )
    assert not there.exists()

    said = kent_line.done("restore", kept, str(there), "--passphrase-file", passphrase)

    assert f"next: fedcop doctor --config {there / 'fedcop.toml'}" in said
    restored = CommandLine(there)
    assert [(person["name"], person["email"]) for person in restored.json("person", "list")] == [
        ("ada", "ada@kent.example")
    ]
    key = Path("data", "node.key")
    restored.done("audit", "verify", "--count", count, "--head", head)
    assert (there / key).read_bytes() == (kent_line.folder / key).read_bytes()
    assert {finding["check"]: finding["result"] for finding in restored.json("doctor")}["keys"] == "ok"


@pytest.mark.parametrize("words", [(), ("--without-key",)])
def test_without_a_passphrase_the_key_stays_out_and_that_is_said(
    kent_line: CommandLine, tmp_path: Path, words: tuple[str, ...]
) -> None:
    kept, there, key = str(tmp_path / "kent.bak"), tmp_path / "there", kent_line.folder / "data" / "node.key"
    lines = kent_line.done("backup", kept, *words).splitlines()
    assert lines[-1] == f"without the node's key, and not encrypted: keep a copy of {key} apart from it"
    assert key.read_bytes().strip() not in Path(kept).read_bytes()
    said = kent_line.done("restore", kept, str(there))
    assert f"put your copy of it at {there / 'data' / 'node.key'}, with mode 600" in said
    (there / "data" / "node.key").write_bytes(key.read_bytes())
    (there / "data" / "node.key").chmod(0o600)
    assert CommandLine(there).run("doctor").exit_code == 0


def test_in_json_both_say_what_was_kept(kent_line: CommandLine, tmp_path: Path) -> None:
    kept = str(tmp_path / "kent.bak")
    done = kent_line.json("backup", kept)
    assert (done["file"], done["domain"], done["files"]) == (kept, "kent.example", 2)
    assert (done["encrypted"], done["with_key"]) == (False, False)
    assert kent_line.json("restore", kept, str(tmp_path / "there")) == done


def test_a_passphrase_has_to_be_one(kent_line: CommandLine, tmp_path: Path, passphrase: str) -> None:
    kept, empty = str(tmp_path / "kent.bak"), tmp_path / "empty"
    empty.write_text("\nsecond line\n")
    assert "first line is empty" in kent_line.refused("backup", kept, "--passphrase-file", str(empty))
    assert "No such file" in kent_line.refused("backup", kept, "--passphrase-file", str(tmp_path / "none"))
    both = kent_line.run("backup", kept, "--passphrase-file", passphrase, "--without-key")
    assert (both.exit_code, "wanted one of them" in both.stderr) == (2, True)
    assert not Path(kept).exists()
