"""The links of the chain of decisions."""

import pytest

from storage import chain
from storage.chain import Seal, Stored

SEAL = Seal(b"k" * 32)
AT = "2026-03-02T12:00:00.000Z"
LATER = "2026-06-02T12:00:00.000Z"


def entry(**changed: str | None) -> Stored:
    """Give an entry that follows the mac ``before``, as it was written but for what is changed."""
    detail, address = chain.hash_of("s", ("{}", "{}", "spam")), chain.hash_of("t", ("192.0.2.1",))
    bound = (AT, "ada", "deny", "york.example", "severity", detail, address)
    whole = Stored(7, *bound, SEAL.link("before", 7, bound), "{}", "{}", "spam", "s", "192.0.2.1", "t", AT)
    return Stored(*(changed.get(name, getattr(whole, name)) for name in Stored.__struct_fields__))  # type: ignore[arg-type]


def faults(given: Stored, *, previous: str | None = "before", erased_before: str = AT) -> list[str]:
    return chain.faults(SEAL, previous, given, erased_before=erased_before)


def test_an_entry_as_it_was_written_has_no_fault() -> None:
    assert faults(entry()) == []


@pytest.mark.parametrize("name", [*Stored.__struct_fields__[1:9]])
def test_whatever_the_mac_covers_cannot_be_changed(name: str) -> None:
    assert "it, or its place in the chain, was changed" in faults(entry(**{name: "x"}))


@pytest.mark.parametrize("name", ["before", "after", "reason", "detail_salt"])
def test_what_stood_before_and_after_cannot_be_changed(name: str) -> None:
    assert faults(entry(**{name: "x"})) == ["its detail was changed"]


@pytest.mark.parametrize("name", ["address", "address_salt", "address_at"])
def test_an_address_cannot_be_changed(name: str) -> None:
    assert faults(entry(**{name: "x"})) == ["its address was changed"]


def test_an_entry_in_another_place_is_noticed() -> None:
    assert faults(entry(), previous="another") == ["it, or its place in the chain, was changed"]
    assert faults(entry(), previous=None) == [], "the entry before it is lost"


def test_another_key_makes_other_links() -> None:
    given = entry()
    assert Seal(b"x" * 32).link("before", 7, given.bound) != given.mac
    assert SEAL.mark("a", "b") == SEAL.mark("a", "b") != Seal(b"x" * 32).mark("a", "b")
    assert SEAL.mark("a", "bc") != SEAL.mark("ab", "c")


def test_an_address_may_be_erased_once_its_time_has_come() -> None:
    erased = entry(address=None, address_salt=None, address_at=None)
    assert faults(erased, erased_before=LATER) == []
    assert faults(erased) == ["its address is missing before its time"]


def test_a_detail_may_not() -> None:
    erased = entry(before=None, after=None, reason=None, detail_salt=None)
    assert faults(erased, erased_before=LATER) == ["what stood before and after is missing"]


def test_the_hash_says_nothing_without_its_salt() -> None:
    assert chain.hash_of("s", ("a",)) != chain.hash_of("t", ("a",))
    assert chain.hash_of("s", ("a", "b")) != chain.hash_of("s", ("ab",))
