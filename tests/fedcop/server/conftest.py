"""The command line against a node of its own."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fedcop.server.cli import main


@dataclass
class CommandLine:
    """Runs commands on the node in a folder."""

    folder: Path

    def run(self, *words: str, given: str = "", **environ: str) -> Result:
        """Run a command and give what came of it."""
        environ = {"FEDCOP_CONFIG": str(self.folder / "fedcop.toml")} | environ
        return CliRunner(env=environ).invoke(main, list(words), input=given, catch_exceptions=False)

    def done(self, *words: str, given: str = "", **environ: str) -> str:
        """Run a command that succeeds and give what it printed."""
        result = self.run(*words, given=given, **environ)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *words: str) -> Any:
        """Run a command that succeeds and give its JSON."""
        return json.loads(self.done(*words, "--json"))

    def refused(self, *words: str, given: str = "", **environ: str) -> str:
        """Run a command that is refused and give its one line."""
        result = self.run(*words, given=given, **environ)
        assert result.exit_code == 1, result.output
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        return line


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a new node, to be copied."""
    folder = tmp_path_factory.mktemp("command") / "kent"
    CommandLine(folder).done("init", str(folder), "--domain", "kent.example", "--name", "Kent")
    return folder


@pytest.fixture
def kent_line(initialised: Path, tmp_path: Path) -> CommandLine:
    """Give the command line of a node without people."""
    return CommandLine(Path(shutil.copytree(initialised, tmp_path / "kent")))


@pytest.fixture
def add_ada(kent_line: CommandLine) -> Callable[[], None]:
    """Give a function that adds Ada."""

    def add() -> None:
        kent_line.done(
            "person",
            "add",
            "ada",
            "--email",
            "ada@kent.example",
            "--display-name",
            "Ada",
            "--password",
            "correct horse",
        )

    return add
