"""What an engine offers."""

import inspect
import threading

import pytest

from storage import engine
from storage.driver import Work
from storage.engine import Reader, Store, Transaction
from storage.errors import TransactionMisuse
from storage.inline import InlineStore
from storage.postgres import PostgresStore
from storage.sqlite import SqliteStore


def _offered(kind: type) -> dict[str, str]:
    return {
        name: str(inspect.signature(member))
        for name, member in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


@pytest.mark.parametrize("kind", [SqliteStore, InlineStore, PostgresStore])
def test_every_store_offers_the_same(kind: type) -> None:
    assert _offered(Store).items() <= _offered(kind).items()


def test_what_a_function_gets_is_what_readers_and_writers_are_promised() -> None:
    assert _offered(Work) == _offered(Transaction)
    assert _offered(Reader).items() <= _offered(Work).items()


def test_being_inside_a_transaction_is_a_matter_of_the_thread() -> None:
    engine.here.inside_transaction = True
    try:
        with pytest.raises(TransactionMisuse, match="this was called inside a transaction function"):
            engine.ensure_outside_transaction("this")
        other = threading.Thread(target=engine.ensure_outside_transaction, args=("this",))
        other.start()
        other.join(10)
    finally:
        engine.here.inside_transaction = False
    engine.ensure_outside_transaction("this")
