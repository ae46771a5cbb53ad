"""What every command shares."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner

from activitypub.errors import Malformed
from fedcop.errors import ConfigFault, Invalid, PeerTrouble
from fedcop.node import Node
from fedcop.server import command
from storage.errors import Unavailable
from tests.fedcop.server.conftest import CommandLine


class Line(msgspec.Struct, kw_only=True):
    name: str
    last_seen: datetime | None
    admin: bool


LINES = [
    Line(name="ada", last_seen=datetime(2026, 3, 2, 12, 0, tzinfo=UTC), admin=True),
    Line(name="be\na", last_seen=None, admin=False),
]


@pytest.mark.parametrize(
    "error",
    [
        Invalid("two\nlines"),
        PeerTrouble("devon.example", "is down"),
        ConfigFault("node.domain: is missing"),
        Unavailable("locked"),
        Malformed("no id"),
    ],
)
def test_what_the_inside_refuses_is_one_line_and_exit_status_1(error: Exception) -> None:
    group = command.Group()

    @group.command()
    def fail() -> None:
        raise error

    result = CliRunner().invoke(group, ["fail"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == " ".join(str(error).split()) + "\n"


def test_a_bug_is_no_refusal() -> None:
    group = command.Group()

    @group.command()
    def fail() -> None:
        raise KeyError("name")

    with pytest.raises(KeyError):
        CliRunner().invoke(group, ["fail"], catch_exceptions=False)


def test_a_list_is_a_table_or_an_array(capsys: pytest.CaptureFixture[str]) -> None:
    command.put_all(LINES, Line, as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "name  last seen         admin",
        "ada   2026-03-02 12:00  yes",
        "be a  -                 no",
    ]
    command.put_all(LINES, Line, as_json=True)
    assert msgspec.json.decode(capsys.readouterr().out, type=list[Line]) == LINES
    command.put_all([], Line, as_json=True)
    assert capsys.readouterr().out == "[]\n"


def test_one_thing_is_its_text_or_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    command.put(LINES[0], "ada was here", as_json=False)
    assert capsys.readouterr().out == "ada was here\n"
    command.put(LINES[1], "", as_json=True)
    assert msgspec.json.decode(capsys.readouterr().out, type=Line) == LINES[1]


def test_a_commands_node_mints_no_ids_of_the_servers(kent_line: CommandLine) -> None:
    async def work(node: Node) -> int:
        await asyncio.sleep(0)
        return node.ids.next(node.clock.now())

    minted = command.on_node(kent_line.folder / "fedcop.toml", work)
    assert 1 <= (minted >> 12) & 0xF <= command.PROCESSES


def test_the_options_say_where_the_configuration_is() -> None:
    @click.command()
    @command.with_config
    @command.with_json
    def show(config_path: Path, as_json: bool) -> None:
        click.echo(f"{config_path} {as_json}")

    def shown(*words: str, **environ: str | None) -> str:
        return CliRunner(env=environ).invoke(show, list(words)).stdout.strip()

    assert shown(FEDCOP_CONFIG=None) == "fedcop.toml False"
    assert shown("--json", FEDCOP_CONFIG="there.toml") == "there.toml True"
    assert shown("--config", "here.toml", FEDCOP_CONFIG="there.toml") == "here.toml False"


def test_what_a_peer_says_does_not_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    line = Line(name="\x1b[2Jada\x9b31m\r\n", last_seen=None, admin=False)
    command.put_all([line], Line, as_json=False)
    command.put(line, "hidden: \x1b]0;evil\x07\nsecond", as_json=False)
    assert capsys.readouterr().out.splitlines()[1:] == [
        "[2Jada 31m  -          no",
        "hidden: ]0;evil",
        "second",
    ]


def test_an_argument_that_is_no_text_is_wrong_usage(kent_line: CommandLine) -> None:
    result = kent_line.run("community", "open", "floods", "--name", "a\udcff", "--facilitator", "ada")
    assert result.exit_code == 2
    assert "wanted UTF-8" in result.stderr


def test_a_configuration_that_cannot_be_read_is_refused(kent_line: CommandLine) -> None:
    folder = str(kent_line.folder)
    assert kent_line.refused("peers", "--config", folder) == f"{folder}: cannot be read: Is a directory"
