"""What is typed is read: words, phrases, beginnings, and little else."""

from datetime import UTC, datetime

import pytest

from storage import search_words
from storage.search_words import Term, Wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Café  O'Brien", "cafe o brien"),
        ("Straße Łódź Gŵyl", "strasse łodz gwyl"),
        ("C++ depots (50%)", "c depots 50"),
        ("a_b\x00c\u202ed", "a b c d"),
        ("x" * 100, "x" * search_words.LONGEST_WORD),
        ("ﬁle ①", "file 1"),
        ("", ""),
    ],
)
def test_words_are_folded(text: str, words: str) -> None:
    assert search_words.folded(text) == words


def test_html_is_read_as_its_words() -> None:
    assert search_words.text_of("<p>Bins&nbsp;&amp; <b>trees</b></p><p>No</p>") == "bins trees no"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("gully emptying", [Term(("gully",)), Term(("emptying",))]),
        ('"road closure" x', [Term(("road", "closure")), Term(("x",))]),
        ("“road closure”", [Term(("road", "closure"))]),
        ('"road closure', [Term(("road", "closure"))]),
        ("net-zero emp*", [Term(("net", "zero")), Term(("emp",), begins=True)]),
        ("gully Gully", [Term(("gully",))]),
        ('"" ( * " ', []),
        ("http://x.example/a", [Term(("http", "x", "example", "a"))]),
        ("before:yesterday", [Term(("before", "yesterday"))]),
    ],
)
def test_what_is_typed_is_terms(text: str, terms: list[Term]) -> None:
    assert search_words.read(text) == Wanted(terms=tuple(terms))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("from:@Ada@kent.example", Wanted(author="ada@kent.example")),
        ("in:!floods", Wanted(community="floods")),
        ("council:Kent", Wanted(council="kent")),
        ("has:answer is:note", Wanted(answered=True, notes=True)),
        ("has:ateb is:nodyn", Wanted(answered=True, notes=True)),
        ("has:cheese", Wanted(terms=(Term(("has", "cheese")),))),
        ("after:2026-01-02", Wanted(after=datetime(2026, 1, 2, tzinfo=UTC))),
    ],
)
def test_a_few_words_narrow(text: str, wanted: Wanted) -> None:
    assert search_words.read(text) == wanted


def test_nothing_is_known_as_nothing_and_narrowing_as_that() -> None:
    assert search_words.read(" ?! ").nothing
    assert search_words.read("from:me x").narrowed
    assert not search_words.read("x council:kent").narrowed


def test_a_need_keeps_the_words_that_say_something() -> None:
    wanted = search_words.need_of("Has anyone got a policy for the felling of ash trees? Ash!")
    assert [term.words[0] for term in wanted.terms] == ["policy", "felling", "ash", "trees"]


def test_what_is_typed_is_bounded() -> None:
    assert len(search_words.read(" ".join(f"w{n}" for n in range(200))).terms) == search_words.MOST_TERMS
    assert len(search_words.folded("ab " * 100_000)) <= search_words.LONGEST_TEXT


def test_a_host_is_a_mark_that_no_stem_changes() -> None:
    assert search_words.number_of("kent.example")[1:].isdigit()
    assert search_words.number_of("kent.example") != search_words.number_of("devon.example")
