"""Our SQL as PostgreSQL reads it."""

import pytest

from storage import dialect, migrate
from storage.dialect import either, schema_of, statement_of


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("SELECT a FROM b WHERE c = :c AND d > :d_2", "SELECT a FROM b WHERE c = %(c)s AND d > %(d_2)s"),
        ("SELECT ':no', 'it''s 100 %' -- :neither 'here\n, :yes", "SELECT ':no', 'it''s 100 %%' \n, %(yes)s"),
        ("SELECT 7 % 2, x::text", "SELECT 7 %% 2, x::text"),
        ("SELECT LOWER(a) LIKE :b ESCAPE '\\'", "SELECT LOWER(a) ILIKE %(b)s ESCAPE '\\'"),
        ("DELETE FROM likes", "DELETE FROM likes"),
    ],
)
def test_parameters_are_named_and_texts_and_comments_are_not_touched(sql: str, text: str) -> None:
    assert statement_of(sql).text == text
    assert statement_of(sql).arrays == frozenset()


@pytest.mark.parametrize(
    ("sql", "text", "arrays"),
    [
        ("id IN (SELECT value FROM json_each(:ids))", "id = ANY(%(ids)s)", {"ids"}),
        ("id NOT IN (SELECT value\n FROM json_each(:ids))", "id <> ALL(%(ids)s)", {"ids"}),
        (
            "SELECT w.value FROM json_each(:tags) AS w",
            "SELECT w.value FROM json_each(%(tags)s) AS w",
            {"tags"},
        ),
        (
            "SELECT value ->> 0 FROM json_each(:pairs) WHERE true",
            "SELECT value ->> 0 FROM json_each(CAST(%(pairs)s AS jsonb)) WHERE true",
            set(),
        ),
    ],
)
def test_lists_are_arrays_and_pairs_are_json(sql: str, text: str, arrays: set[str]) -> None:
    assert statement_of(sql) == dialect.Statement(text, frozenset(arrays))


def test_where_both_have_a_text_each_gets_its_own() -> None:
    sql = either("SELECT 1 AS one WHERE :a = 2", postgres="SELECT :a FOR UPDATE SKIP LOCKED")
    assert sql == "SELECT 1 AS one WHERE :a = 2"
    assert statement_of(sql).text == "SELECT %(a)s FOR UPDATE SKIP LOCKED"


def test_a_migration_has_the_types_of_postgresql_and_keeps_its_texts() -> None:
    sql = "CREATE TABLE a (id INTEGER, b BLOB, c REAL, d TEXT DEFAULT 'TEXT'); -- INTEGER\nDROP INDEX e;"
    assert schema_of(sql) == (
        "CREATE TABLE a (id BIGINT, b BYTEA, c DOUBLE PRECISION, d TEXT COLLATE \"C\" DEFAULT 'TEXT'); \n"
        "DROP INDEX e;"
    )


def test_every_migration_is_for_both() -> None:
    assert len(migrate.wanted(dialect="postgres")) == len(migrate.wanted())
    assert not any("AUTOINCREMENT" in step.sql or "ROWID" in step.sql for step in migrate.wanted())
