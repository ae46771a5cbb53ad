"""The federation list over every name in the register of gov.uk domains, and names made to look like them.

The register is ``government-domain.csv`` of 2018: 3 163 rows, some names in it twice.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from activitypub.errors import Malformed
from activitypub.origin import host_of
from fedcop.rules import Rule, Rules, canonical

REGISTER = Path(os.environ.get("FEDCOP_SHARED", "../shared")) / "data" / "government-domain.csv"
pytestmark = pytest.mark.skipif(
    not REGISTER.is_file(), reason="the register is not here; FEDCOP_SHARED names it"
)

DENIED = "leeds.gov.uk"
LIST = Rules(
    mode="allowlist",
    rules=(
        Rule(pattern="*.gov.uk", severity="allow"),
        Rule(pattern=DENIED, severity="deny"),
    ),
)


def _forms(name: str) -> Iterator[str]:
    """Give a name as people and peers write it."""
    yield from (name, name.upper(), f"{name}.", f" {name} ", f"{name}:443", name.replace(".", "\u3002"))
    yield "".join(chr(ord(letter) + 0xFEE0) if letter.isalnum() else letter for letter in name)  # full width


def _looks_like(name: str) -> Iterator[str]:
    """Give names that are not below gov.uk, or are another host there."""
    label = name.removesuffix(".gov.uk")
    yield from (f"{name}.evil.example", f"{label}-gov.uk", f"{label}gov.uk", f"{label}.gov.uk.com")
    yield from (
        f"{label}.xgov.uk",
        f"{label}.gov.ukx",
        f"{label}.g0v.uk",
        f"{label}.uk",
        f"{name}-evil.example",
    )
    yield from (f"{label}.g\u043ev.uk", f"{label}.gov.\u1d1ck")  # a Cyrillic o; a small capital u
    yield f"{name}:8443"


def _addresses(name: str) -> Iterator[str]:
    """Give addresses that people take for the name's, and that are none, or another's."""
    yield from (
        f"https://{name}@evil.example/",
        f"https://evil.example\\@{name}/",
        f"https://evil.example#.{name}",
    )
    yield from (
        f"https://evil.example/{name}",
        f"https://evil.example?{name}",
        f"https://{name}%2eevil.example/",
    )


def _allows_address(address: str) -> bool:
    try:
        return LIST.allows(host_of(address))
    except Malformed:
        return False


def _allows(text: str) -> bool:
    try:
        return LIST.allows(canonical(text))
    except ValueError:
        return False


def test_every_council_is_allowed_however_it_is_written_and_nothing_that_looks_like_it() -> None:
    with REGISTER.open(encoding="utf-8") as file:
        rows = [f"{row['hostname']}.gov.uk" for row in csv.DictReader(file)]
    assert len(rows) == 3163
    wrong: list[str] = []
    for name in dict.fromkeys(rows):
        wanted = name.lower() != DENIED
        wrong += [text for text in _forms(name) if _allows(text) is not wanted]
        wrong += [text for text in (f"cop.{name}", f"a.cop.{name}.") if _allows(text) is not wanted]
        wrong += [address for address in (f"https://{name}/x", f"HTTPS://{name.upper()}.:443/x")
                  if _allows_address(address) is not wanted]  # fmt: skip
        wrong += [text for text in _looks_like(name) if _allows(text)]
        wrong += [address for address in _addresses(name) if _allows_address(address)]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    ["gov.uk", "uk", "127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.0.0.0x1", "1.2.3.4.gov", ".gov.uk"],
)
def test_neither_the_bare_name_nor_an_address_in_figures_is_below_it(text: str) -> None:
    assert not _allows(text)
    assert not _allows_address(f"https://{text}/")
