"""``fedcop init``."""

import stat
import tomllib
from pathlib import Path

from fedcop import config as configuration
from tests.fedcop.server.conftest import CommandLine


def test_a_new_node_has_configuration_database_and_keys(kent_line: CommandLine) -> None:
    folder = kent_line.folder
    config = configuration.load(folder / "fedcop.toml", {})
    assert (config.node.domain, config.node.base_url, config.node.name) == (
        "kent.example",
        "https://kent.example",
        "Kent",
    )
    for name in ("node.key", "fedcop.db"):
        assert stat.S_IMODE((folder / "data" / name).stat().st_mode) == 0o600
    assert "# mode = " in (folder / "fedcop.toml").read_text()


def test_base_url_and_name_are_written_as_they_are(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "leeds")
    made = line.json(
        "init", str(line.folder), "--domain", "leeds.example", "--base-url", "https://cop.leeds.example",
        "--name", 'The "Leeds" \\ council é\x7f',
    )  # fmt: skip
    assert made == {
        "config": str(line.folder / "fedcop.toml"),
        "domain": "leeds.example",
        "base_url": "https://cop.leeds.example",
    }
    config = configuration.load(line.folder / "fedcop.toml", {})
    assert (config.node.name, config.node.base_url) == (
        'The "Leeds" \\ council é\x7f',
        "https://cop.leeds.example",
    )


def test_the_keys_in_the_template_are_keys_of_the_configuration(kent_line: CommandLine) -> None:
    text = (kent_line.folder / "fedcop.toml").read_text()
    whole = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and " = " in line else line
        for line in text.splitlines()
    )
    tables = tomllib.loads(whole.replace('base_url = "https://DOMAIN"', 'base_url = "https://kent.example"'))
    configuration.parse(tables, folder=kent_line.folder)
    sections = configuration.Config.__struct_fields__
    assert set(tables) == set(sections)


def test_an_existing_node_is_never_overwritten(kent_line: CommandLine) -> None:
    folder = kent_line.folder
    before = (folder / "fedcop.toml").read_bytes(), (folder / "data" / "node.key").read_bytes()
    assert "exists" in kent_line.refused("init", str(folder), "--domain", "other.example")
    (folder / "fedcop.toml").unlink()
    assert "never replaced" in kent_line.refused("init", str(folder), "--domain", "other.example")
    assert (folder / "data" / "node.key").read_bytes() == before[1]
    (folder / "data" / "node.key").unlink()
    assert "fedcop.db exists" in kent_line.refused("init", str(folder), "--domain", "other.example")
    assert not (folder / "data" / "node.key").exists()


def test_the_environment_says_where_things_lie_from_the_first(tmp_path: Path) -> None:
    line, key = CommandLine(tmp_path / "kent"), tmp_path / "secrets" / "node.key"
    words = ("init", str(line.folder), "--domain", "kent.example")
    line.done(*words, FEDCOP_NODE_KEY_FILE=str(key))
    assert key.exists()
    assert not (line.folder / "data" / "node.key").exists()
    assert "FEDCOP_NODE_FLAVOUR: is no key" in line.refused(*words, FEDCOP_NODE_FLAVOUR="red")


def test_a_domain_that_is_none_writes_nothing(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "new")
    assert line.refused("init", str(line.folder), "--domain", "kent").startswith("node.domain: found 'kent'")
    assert not line.folder.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    line = CommandLine(tmp_path / "file" / "new")
    assert "Not a directory" in line.refused("init", str(line.folder), "--domain", "kent.example")
