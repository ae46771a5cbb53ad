"""A draft from posts of a thread."""

import pytest

from fedcop.knowledge import distil
from fedcop.knowledge.distil import Said

ANN, BOB, CID = (f"https://{host}.example/people/x" for host in ("kent", "devon", "essex"))


def said(number: int, author: str, **more: object) -> Said:
    uri = f"https://kent.example/posts/{number}"
    name = {ANN: "Ann", BOB: "Bob", CID: "Cid"}[author]
    given = {"url": uri, "name": name, "host": author.split("/")[2], "content": f"<p>{number}</p>"} | more
    return Said(uri=uri, author=author, **given)  # type: ignore[arg-type]


THREAD = [
    said(1, ANN, title="Salt & grit?", begins=True),
    said(2, BOB),
    said(3, ANN),
    said(4, CID, accepted=True),
    said(5, BOB),
]


def test_what_was_asked_comes_first_then_what_was_tried_then_answers_the_accepted_one_first() -> None:
    parts = distil.parts_of(THREAD, ANN)
    assert [(part.role, part.said.uri[-1]) for part in parts] == [
        ("question", "1"), ("tried", "3"), ("answer", "4"), ("answer", "2"), ("answer", "5"),
    ]  # fmt: skip


def test_everybody_is_named_once_as_they_are_met() -> None:
    assert distil.people_of(distil.parts_of(THREAD, ANN)) == (ANN, CID, BOB)
    assert distil.people_of(()) == ()


def test_who_answers_is_no_asker_when_the_question_was_not_picked() -> None:
    assert [part.role for part in distil.parts_of(THREAD[1:3], "")] == ["answer", "answer"]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "The question"),
        ("cy", "Y cwestiwn"),
        (None, "The question"),
        ("fr", "The question"),
    ],
)
def test_its_headings_are_in_its_language(language: str | None, heading: str) -> None:
    assert f"<h3>{heading}</h3>" in distil.html_of("", distil.parts_of(THREAD, ANN), language)


def test_words_stand_under_the_lead_with_who_said_them_and_where() -> None:
    text = distil.html_of("<p>Lead.</p>", distil.parts_of(THREAD[:2], ANN), "en")
    assert text == (
        "<p>Lead.</p>"
        "<h3>The question</h3>"
        "<blockquote><p><strong>Salt &amp; grit?</strong></p><p>1</p></blockquote>"
        '<p>— <a href="https://kent.example/posts/1">Ann, kent.example</a></p>'
        "<h3>What people answered</h3>"
        "<blockquote><p>2</p></blockquote>"
        '<p>— <a href="https://kent.example/posts/2">Bob, devon.example</a></p>'
    )


def test_a_name_is_no_markup() -> None:
    evil = said(1, ANN, name="<script>x</script>", url='https://x.example/"onclick="y')
    text = distil.html_of("", distil.parts_of([evil], ANN), "en")
    assert "<script>" not in text
    assert '"onclick' not in text


def test_nothing_picked_is_the_lead_alone() -> None:
    assert distil.html_of("<p>Lead.</p>", (), "en") == "<p>Lead.</p>"
