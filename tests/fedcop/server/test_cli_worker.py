"""The command that works on the queues."""

from tests.fedcop.server.conftest import CommandLine


def test_a_worker_on_sqlite_is_refused_and_says_what_does_the_work(kent_line: CommandLine) -> None:
    line = kent_line.refused("worker")
    assert line == "worker: on SQLite `fedcop serve` does all the work; several processes need PostgreSQL"
