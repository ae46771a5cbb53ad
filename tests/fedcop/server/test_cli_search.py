"""The command that makes the rows of search anew."""

import sqlite3
from contextlib import closing

from tests.fedcop.server.conftest import CommandLine


def test_every_row_is_made_anew_and_counted(kent_line: CommandLine) -> None:
    path = kent_line.folder / "data/fedcop.db"
    kent_line.done("person", "add", "ada", "--email", "ada@kent.example", "--display-name", "Ada King")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM search_names")
    assert kent_line.json("rebuild-search")["rows"] >= 3
    assert kent_line.done("rebuild-search").endswith("rows of search were made anew\n")
    with closing(sqlite3.connect(path)) as database:
        found = database.execute(
            "SELECT COUNT(*) FROM search_names WHERE search_names MATCH 'king'"
        ).fetchone()
    assert found == (1,)
