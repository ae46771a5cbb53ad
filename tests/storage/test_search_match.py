"""The same question as each engine reads it."""

from storage import search_match
from storage.search_match import Match, Sees
from storage.search_words import Term

ADA = Sees(everybody=("all0", "here0"), own=("p1", "m9"), named=("named0", "p1"), never=("by7", "h5"))
STRANGER = Sees(everybody=("all0",), named=("all0",))


def test_what_everybody_finds_is_found_without_a_look_at_its_marks() -> None:
    match = search_match.of_posts([Term(("road", "closure")), Term(("gul",), begins=True)], STRANGER)
    assert match == Match(
        fts5='{title text} : ("road closure" AND "gul"*)',
        words="(road <-> closure) & (gul:*)",
        marks="('~all0')",
    )


def test_the_rest_is_found_by_marks_alone() -> None:
    match = search_match.of_posts([Term(("gully",))], ADA, only=["by3"], any_of=True, titles=True)
    assert match == Match(
        fts5=(
            '((title : ("gully") OR (closed_title : ("gully") AND marks : (p1 OR m9))) AND marks : by3) '
            "NOT marks : (by7 OR h5)"
        ),
        words="(gully:A)",
        marks="('~all0' | '~here0' | '~p1' | '~m9') & '~by3' & !('~by7' | '~h5')",
    )


def test_without_words_the_marks_are_asked_for() -> None:
    match = search_match.of_posts([], STRANGER, only=["by3"])
    assert (match.fts5, match.words) == ("marks : (all0) AND marks : by3", "")


def test_people_are_asked_for_by_a_field_or_by_what_a_name_begins_with() -> None:
    terms = [Term(("trees",)), Term(("ash",))]
    match = search_match.of_actors(terms, STRANGER, only=["person0"], field="role", any_of=True)
    assert match.fts5 == '(role : ("trees" OR "ash") AND marks : (all0)) AND marks : person0'
    assert match.words == "(trees:B) | (ash:B)"
    match = search_match.of_names([Term(("ada",)), Term(("van", "ki"))], ADA, only=["person0"])
    assert match.fts5.startswith('((name : ("ada" AND "van ki"*) AND marks : (named0 OR p1)) AND')
    assert match.words == "(ada) & (van <-> ki:*)"
