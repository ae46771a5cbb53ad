"""What storage raises; nothing of a driver leaves it.

StorageError
+-- Conflict            a unique key that should have been free
+-- Unavailable         locked, full, gone, or too busy: try again later
|   +-- TooLong         a read was stopped
+-- SchemaMismatch      another version's database: migrate
+-- TransactionMisuse   a transaction function awaited something but its tx: a bug
"""


class StorageError(Exception):
    """Anything that storage raises."""


class Conflict(StorageError):
    """A unique key that should have been free was taken."""


class Unavailable(StorageError):
    """The database cannot take this now: locked, full, gone or too busy."""


class TooLong(Unavailable):
    """A read took longer than it may and was stopped."""


class SchemaMismatch(StorageError):
    """The database is of an older or newer version than this code."""


class TransactionMisuse(StorageError):
    """A transaction function awaited something other than its transaction."""
