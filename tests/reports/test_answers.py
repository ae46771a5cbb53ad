"""Selectors of a file of reports."""

from typing import Any

import pytest

from tests.reports.answers import MISSING, Answer, NotUnderstood, is_selector, path, select

DATA: dict[str, Any] = {
    "id": "a",
    "list": [{"id": "1", "n": None}, {"id": "2", "deep": {"id": "3"}}],
    "@context": "x",
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$", DATA),
        ("$.id", "a"),
        ("$['@context']", "x"),
        ("$.@context", "x"),
        ("$.list[0].id", "1"),
        ("$.list[-1].deep.id", "3"),
        ("$.list[0].n", None),
        ("$.list[*].id", ["1", "2"]),
        ("$..id", ["a", "1", "2", "3"]),
        ("$.list[?(@.id=='2')].deep.id", ["3"]),
        ("$.none", MISSING),
        ("$.list[7]", MISSING),
        ("$.none[*].id", []),
    ],
)
def test_a_path_leads_to_a_value_or_to_all_that_it_meets(text: str, wanted: Any) -> None:
    assert path(DATA, text) == wanted


def test_what_is_no_path_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        path(DATA, "$.list[1:2]")


def test_headers_links_and_the_text_itself_are_selected() -> None:
    link = '<https://kent.example/a?max_id=1>; rel="next", <https://kent.example/a?min_id=2>; rel="prev"'
    answer = Answer(200, [("Link", link), ("vary", "Accept"), ("Vary", "Cookie")], b'{"a": 1}')

    assert select(answer, "$raw") == '{"a": 1}'
    assert select(answer, "header:VARY") == "Accept, Cookie"
    assert select(answer, "header:none") is MISSING
    assert select(answer, "link.next") == "https://kent.example/a?max_id=1"
    assert select(answer, "link.first") is MISSING
    assert select(Answer(200, body=b"<p>"), "$.a") is MISSING
    with pytest.raises(NotUnderstood):
        select(answer, "$html.colour")


@pytest.mark.parametrize("text", ["$", "$.id", "$[0].id", "$html.h1", "header:Link", "step0:$.id", "$raw"])
def test_a_value_may_be_a_selector(text: str) -> None:
    assert is_selector(text)


@pytest.mark.parametrize("text", ["a", "$5", "^https://", "stepping", 3, None])
def test_other_values_stand_for_themselves(text: object) -> None:
    assert not is_selector(text)
