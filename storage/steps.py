"""A step of the schema, and how a database remembers those that it has had."""

import hashlib

import msgspec

from storage.row import Row


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the schema."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """Give what tells that a file was changed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


class Applied(Row):
    """One step that a database has had."""

    number: int
    name: str
    checksum: str


MIGRATIONS = """
CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)
"""
APPLIED = "SELECT number, name, checksum FROM migrations ORDER BY number"
RECORD = "INSERT INTO migrations (number, name, checksum) VALUES ({number}, '{name}', '{checksum}')"
COUNT = "SELECT COUNT(*) FROM migrations"
