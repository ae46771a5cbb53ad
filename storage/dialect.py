"""Our SQL as PostgreSQL reads it: written for SQLite, translated once a statement.

    statement_of("SELECT id FROM posts WHERE id IN (SELECT value FROM json_each(:ids)) AND uri = :uri")
    -> "SELECT id FROM posts WHERE id = ANY(%(ids)s) AND uri = %(uri)s", with ``ids`` as an array

What differs is little: how parameters are named, lists, types of columns, and LIKE, which in SQLite does not
tell ASCII capitals from small letters. A statement that has to be put otherwise has both texts together:

    CLAIM = either(\"\"\"UPDATE ...\"\"\", postgres=\"\"\"UPDATE ...\"\"\")
"""

import re
from functools import lru_cache

import msgspec

_OTHERS: dict[str, str] = {}


def either(sqlite: str, *, postgres: str) -> str:
    """Give the statement as SQLite has it; where PostgreSQL runs, its own text takes its place."""
    _OTHERS[sqlite] = postgres
    return sqlite


class Statement(msgspec.Struct, frozen=True):
    """A statement for psycopg, and which of its parameters, JSON for SQLite, are arrays."""

    text: str
    arrays: frozenset[str] = frozenset()


# A text in quotes, a comment, a list that something is (not) in, a list to read from, a parameter, LIKE, %.
_PARTS = re.compile(
    r"""(?P<quoted>'(?:[^']|'')*')
      | (?P<comment>--[^\n]*)
      | (?P<beside>\b(?P<out>NOT\s+)?IN\s*\(\s*SELECT\s+value\s+FROM\s+json_each\(:(?P<listed>\w+)\)\s*\))
      | (?P<pairs>json_each\(:(?P<paired>\w+)\)(?=\s|$|\)))
      | (?<![\w:]):(?P<name>[a-z]\w*)
      | (?P<like>\bLIKE\b)
      | (?P<percent>%)""",
    re.VERBOSE,
)
_OF_PAIRS = "value ->>"


@lru_cache(maxsize=4096)
def statement_of(sql: str) -> Statement:
    """Translate one of our statements."""
    sql = _OTHERS.get(sql, sql)
    arrays: set[str] = set()
    pairs = _OF_PAIRS in sql

    def put(found: re.Match[str]) -> str:
        if found["comment"]:
            return ""
        if found["quoted"]:
            return found["quoted"].replace("%", "%%")
        if name := found["listed"]:
            arrays.add(name)
            return f"<> ALL(%({name})s)" if found["out"] else f"= ANY(%({name})s)"
        if name := found["paired"]:
            if pairs:
                return f"json_each(CAST(%({name})s AS jsonb))"
            arrays.add(name)
            return f"json_each(%({name})s)"
        if found["name"]:
            return f"%({found['name']})s"
        return "ILIKE" if found["like"] else "%%"

    return Statement(_PARTS.sub(put, sql).strip(), frozenset(arrays))


_TYPES = {
    "INTEGER": "BIGINT",
    "BLOB": "BYTEA",
    "REAL": "DOUBLE PRECISION",
    # Texts compare by their bytes, as in SQLite, whatever the database was made with.
    "TEXT": 'TEXT COLLATE "C"',
}
_TYPE = re.compile(rf"'(?:[^']|'')*'|--[^\n]*|\b(?:{'|'.join(_TYPES)})\b")


def schema_of(sql: str) -> str:
    """Give a migration with the types of PostgreSQL."""
    return _TYPE.sub(lambda found: _TYPES.get(found[0], "" if found[0].startswith("--") else found[0]), sql)


# What every database gets before the migrations, each time that they are looked through: SQLite has json_each
# of its own; ``turns`` is never written, one takes its lock; SQLite gives ids itself where none is given.
GROUND = (
    """CREATE OR REPLACE FUNCTION json_each(listed bigint[]) RETURNS TABLE (key bigint, value bigint)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT u.n - 1, u.v FROM unnest(listed) WITH ORDINALITY AS u (v, n)'""",
    """CREATE OR REPLACE FUNCTION json_each(listed text[]) RETURNS TABLE (key bigint, value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT u.n - 1, u.v COLLATE "C" FROM unnest(listed) WITH ORDINALITY AS u (v, n)'""",
    """CREATE OR REPLACE FUNCTION json_each(listed jsonb) RETURNS TABLE (key bigint, value jsonb)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT u.n - 1, u.v FROM jsonb_array_elements(listed) WITH ORDINALITY AS u (v, n)'""",
    # What is empty does not say of what it is a list.
    """CREATE OR REPLACE FUNCTION json_each(listed text) RETURNS TABLE (key bigint, value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT NULL::bigint, NULL::text COLLATE "C" WHERE FALSE'""",
    "CREATE TABLE IF NOT EXISTS turns ()",
    "CREATE SEQUENCE IF NOT EXISTS delivery_ids",
    "CREATE SEQUENCE IF NOT EXISTS push_subscription_ids",
)
