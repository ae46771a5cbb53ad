"""The federation list."""

from datetime import date

from storage import allowlist, peers
from storage.allowlist import RuleRow
from storage.engine import Store
from tests.storage import people
from tests.storage.people import NOON

ALLOW = RuleRow("*.gov.uk", "allow", "councils", "ada", "command", NOON)


async def test_a_pattern_has_one_entry_the_latest(store: Store) -> None:
    await store.write(allowlist.put, ALLOW)
    deny = RuleRow("*.gov.uk", "deny", "closed", "bea", "import", NOON, date(2026, 6, 1), date(2026, 12, 31))
    await store.write(allowlist.put, deny)
    assert await store.read(allowlist.all_rules) == [deny]
    assert await store.read(allowlist.find, "*.gov.uk") == deny
    assert await store.read(allowlist.find, "gov.uk") is None


async def test_an_entry_is_taken_away_once(store: Store) -> None:
    await store.write(allowlist.put, ALLOW)
    assert await store.write(allowlist.remove, ALLOW.pattern)
    assert not await store.write(allowlist.remove, ALLOW.pattern)
    assert await store.read(allowlist.all_rules) == []


async def test_every_host_met_is_known_with_its_standing(store: Store) -> None:
    await people.add(store, "ada")
    await people.add(store, "cleo", "devon.example")
    await store.write(peers.met, "york.example", NOON)
    await store.write(peers.hide, "devon.example", NOON)
    assert await store.read(allowlist.known_hosts) == [("devon.example", "hidden"), ("york.example", "open")]
