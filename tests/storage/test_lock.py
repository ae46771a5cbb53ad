"""One process at a time serves a database."""

import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from storage.errors import Unavailable
from storage.lock import Lock


def _hold(url: str, pipe: Connection) -> None:
    with Lock.of(url):
        pipe.send(os.getpid())
        pipe.recv()


def test_a_second_holder_is_refused_in_one_line_that_names_the_first(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 'fedcop.db'}"
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_hold, args=(url, theirs))
    process.start()
    holder = ours.recv()
    with (
        pytest.raises(Unavailable, match=rf"fedcop\.db: process {holder} serves this database") as raised,
        Lock.of(url),
    ):
        pass
    assert "\n" not in str(raised.value)
    ours.send("end")
    process.join(10)
    with Lock.of(url):
        pass


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 'fedcop.db'}"
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_hold, args=(url, theirs))
    process.start()
    ours.recv()
    process.kill()
    process.join(10)
    with Lock.of(url) as path:
        assert path.read_text() == f"{os.getpid()}\n"
    assert path.name == "fedcop.db.lock"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with (
        pytest.raises(Unavailable, match="No such file"),
        Lock.of(f"sqlite:{tmp_path / 'none' / 'fedcop.db'}"),
    ):
        pass
