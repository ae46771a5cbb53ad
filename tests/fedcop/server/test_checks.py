"""Room on the disk."""

from pathlib import Path

import msgspec
import pytest

from fedcop import config as configuration
from fedcop.config import Config
from fedcop.server import checks


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "data").mkdir()
    return configuration.parse({"node": {"domain": "kent.example"}}, folder=tmp_path)


def test_room_is_said_in_megabytes(config: Config) -> None:
    found = checks.disk(config)
    assert found.check == "disk"
    assert "MB free at" in found.text


def test_a_folder_that_is_not_there_fails(config: Config, tmp_path: Path) -> None:
    node = msgspec.structs.replace(config.node, key_file=str(tmp_path / "none" / "node.key"))
    found = checks.disk(msgspec.structs.replace(config, node=node))
    assert (found.result, "No such file" in found.text) == ("fail", True)


def test_a_file_system_without_room_fails(config: Config) -> None:
    node = msgspec.structs.replace(config.node, key_file="/proc/node.key")  # it has no room at all
    found = checks.disk(msgspec.structs.replace(config, node=node))
    assert (found.result, "make room" in found.text) == ("fail", True)


def test_the_three_results_are_told_apart() -> None:
    assert [make("clock", "x").result for make in (checks.ok, checks.warn, checks.fail)] == [
        "ok",
        "warn",
        "fail",
    ]
