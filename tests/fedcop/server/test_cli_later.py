"""Commands that come with a later version."""

import pytest

from tests.fedcop.server.conftest import CommandLine


@pytest.mark.parametrize(
    "words",
    [
        ("worker",),
    ],
)
def test_what_comes_later_says_so_in_one_line(kent_line: CommandLine, words: tuple[str, ...]) -> None:
    assert ": not yet; " in kent_line.refused(*words)


def test_what_comes_later_is_not_offered(kent_line: CommandLine) -> None:
    assert "\n  worker" not in kent_line.done("--help")


def test_a_worker_on_sqlite_says_what_does_the_work(kent_line: CommandLine) -> None:
    assert "SQLite `fedcop serve` does all the work" in kent_line.refused("worker")
