"""English and Welsh say the same things, each as its language does."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel import Locale

import fedcop
from fedcop import web
from fedcop.errors import Invalid, NotPermitted
from fedcop.web import text

ENGLISH, WELSH = text.of("en"), text.of("cy")
SOURCES = [
    path.read_text("utf-8")
    for path in Path(web.__file__).parent.rglob("*")
    if path.suffix in (".py", ".html")
]
# Names that templates put together: words["join_" ~ mode].
BEGINNINGS = {found for source in SOURCES for found in re.findall(r'(?:words\[|say\()"(\w+_)" ~', source)}


def test_both_languages_have_every_text() -> None:
    assert set(ENGLISH.words) == set(WELSH.words)
    assert set(ENGLISH.counts) == set(WELSH.counts)
    assert all(said.strip() for speech in (ENGLISH, WELSH) for said in speech.words.values())


def test_both_languages_have_the_same_places_to_fill() -> None:
    for name, said in ENGLISH.words.items():
        assert sorted(re.findall(r"{\w+}", said)) == sorted(re.findall(r"{\w+}", WELSH.words[name])), name


@pytest.mark.parametrize(("speech", "forms"), [(ENGLISH, 2), (WELSH, 6)])
def test_every_count_has_the_plural_forms_of_its_language(speech: text.Speech, forms: int) -> None:
    wanted = {*Locale(speech.language).plural_form.rules, "other"}

    assert len(wanted) == forms
    assert {name: set(said) for name, said in speech.counts.items() if set(said) != wanted} == {}


def test_no_text_is_missing_and_none_is_left_over() -> None:
    used = {name for source in SOURCES for name in re.findall(r'words(?:\.|\[")(\w+)(?:"\])?', source)}
    used |= {name for source in SOURCES for name in re.findall(r'say\("([\w:]+)"', source)}
    beginnings = tuple(BEGINNINGS)
    known = set(ENGLISH.words)

    assert {name for name in used if name not in known and name not in BEGINNINGS} == set()
    assert {name for name in known - used if not name.startswith(beginnings)} == set()
    assert [name for name in BEGINNINGS if not any(one.startswith(name) for one in known)] == []


def test_every_count_is_used() -> None:
    used = {name for source in SOURCES for name in re.findall(r'count\("(\w+)"', source)}

    assert used == set(ENGLISH.counts)


def test_every_refusal_that_is_translated_is_one_that_is_said() -> None:
    code = "".join(path.read_text("utf-8") for path in Path(fedcop.__file__).parent.rglob("*.py"))
    said = re.sub(r'"\n\s+f?"', "", code)  # one text may stand on two lines
    missing = [
        english
        for english in text.catalogue_of("cy")["refusals"]
        for piece in re.split(r"{\w+}", english)
        if piece.strip(" ,") not in said
    ]

    assert missing == []


def test_numbers_and_times_are_written_as_the_language_does() -> None:
    at = datetime(2026, 7, 1, 9, 5, tzinfo=UTC)

    assert ENGLISH.count("members", 1234) == "1,234 members"
    assert WELSH.count("members", 0) == "dim aelodau"
    assert ENGLISH.moment(at) == "1 July 2026, 10:05"  # summer time
    assert WELSH.day(at) == "1 Gorffennaf 2026"
    assert WELSH.day(at.date()) == "1 Gorffennaf 2026"
    assert ENGLISH.day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"
    assert ENGLISH.size(2_340_000) == "2.3 MB"


def test_a_refusal_is_told_in_welsh_with_what_was_found() -> None:
    assert WELSH.refusal("found 3 characters, wanted 8 to 1000").startswith("3 o nodau")
    assert ENGLISH.refusal("found 3 characters, wanted 8 to 1000") == "Found 3 characters, wanted 8 to 1000"
    assert ENGLISH.faults(Invalid(email="a.b is odd"), "name") == {"email": "a.b is odd"}
    assert ENGLISH.faults(NotPermitted("not you"), "name") == {"name": "Not you"}


def test_a_refusal_without_a_translation_is_marked_as_english_and_stays_inert() -> None:
    assert WELSH.refusal("<b>odd") == '<span lang="en">&lt;b&gt;odd</span>'
