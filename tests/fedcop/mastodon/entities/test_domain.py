"""Entries of the federation list as clients know them."""

from datetime import UTC, datetime

from fedcop.mastodon.entities.domain import FIXED_AT, allow, block, id_of
from storage.allowlist import RuleRow
from tests.support.clock import NOON

ROW = RuleRow("*.gov.uk", "allow", "councils", "boss", "client", NOON)


def test_an_entry_has_the_same_number_wherever_it_comes_from() -> None:
    assert allow(ROW).id == block(ROW).id == str(id_of("*.gov.uk"))
    assert id_of("*.gov.uk") < 2**53
    assert id_of("*.gov.uk") != id_of("gov.uk")


def test_what_the_file_fixes_has_no_date() -> None:
    fixed = RuleRow("*.gov.uk", "allow", "", "", "file", datetime.fromtimestamp(0, UTC))
    assert allow(fixed).created_at == block(fixed).created_at == FIXED_AT
    assert allow(ROW).created_at == "2026-03-02T12:00:00.000Z"
