"""Who decided what."""

from datetime import timedelta

from storage import audit
from storage.audit import Entry
from storage.engine import Store
from tests.storage.people import NOON


async def test_decisions_are_given_newest_first(store: Store) -> None:
    later = NOON + timedelta(hours=1)
    await store.write(audit.record, 1, at=NOON, by_name="ada", verb="allow", object="devon.example")
    await store.write(
        audit.record, 2, at=later, by_name="bea", verb="deny", object="york.example", detail="spam"
    )
    assert await store.read(audit.latest, 1) == [Entry(2, later, "bea", "deny", "york.example", "spam")]
    assert await store.read(audit.latest, 5) == [
        Entry(2, later, "bea", "deny", "york.example", "spam"),
        Entry(1, NOON, "ada", "allow", "devon.example", ""),
    ]
