"""A sample of what `make fuzz` reads, and what it says of what it finds."""

import pytest

from tests.corpus.test_corpus import CORPUS
from tests.fuzz.__main__ import MOST_SECONDS, Fuzzed, Slow, fuzz, lines_of, made

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here; FEDCOP_SHARED names it")


def ensure_calm(found: Fuzzed) -> None:
    assert (found.crashed, found.too_slow) == ([], []), "\n".join(lines_of(found, seed=1))


def test_a_few_spoilt_documents_are_read_or_refused_by_name_and_quickly() -> None:
    found = fuzz(300, seed=1)
    ensure_calm(found)
    assert found.read > 50
    assert found.refused > 50


@pytest.mark.slow
def test_many_spoilt_documents_are_read_or_refused_by_name_and_quickly() -> None:
    ensure_calm(fuzz(15_000, seed=2))


def test_a_seed_gives_the_same_documents() -> None:
    assert [made(1, number) for number in range(5)] == [made(1, number) for number in range(5)]
    assert made(1, 1) != made(2, 1)


def test_what_was_found_is_told() -> None:
    found = Fuzzed(read=2, refused=1, seconds=0.3, slowest=[Slow(0.5, 7, 99)], crashed=[(5, "ValueError: x")])
    assert lines_of(found, seed=3) == [
        f"4 documents of seed 3: 2 read, 1 refused by name, 1 crashed, 1 over {MOST_SECONDS * 1000:.0f} ms",
        "13 a second of processor time; the slowest:",
        "   500.0 ms        99 bytes  number 7",
        "number 5:\nValueError: x",
    ]
