"""Operators of a file of reports."""

from typing import Any

import pytest

from tests.reports import operators
from tests.reports.answers import MISSING, NotUnderstood


@pytest.mark.parametrize(
    ("seen", "operator", "wanted"),
    [
        (1, "eq", 1),
        (None, "eq", None),
        ("a", "ne", "b"),
        ("abc", "contains", "b"),
        (["a", "b"], "contains", "a"),
        (MISSING, "not_contains", "a"),
        ("abc", "startswith", "ab"),
        ("abc", "matches", "^a.c$"),
        (None, "matches", "^https|^null$"),
        (["x", "abc"], "matches", "^a"),
        ("abc", "not_matches", "(?i)^B"),
        ([], "len", 0),
        ([1, 2], "min_len", 1),
        ([], "is", "array"),
        (3, "is", "integer"),
        (None, "is", "string|null"),
        ("en", "in", ["en", "cy"]),
        ("a", "exists", True),
        (MISSING, "exists", False),
        (MISSING, "absent", True),
        ("a", "absent", False),
        (["https://a", "https://b"], "all_match", "^https"),
        ([], "all_match", "^https"),
        ([None, "2026-03-02"], "matches_or_null", r"^\d{4}"),
        ("a\u2067b\u2069", "bidi_balanced", True),
        ("a\u202eb", "bidi_balanced", False),
    ],
)
def test_a_check_holds(seen: Any, operator: str, wanted: Any) -> None:
    assert operators.holds(seen, operator, wanted)


@pytest.mark.parametrize(
    ("seen", "operator", "wanted"),
    [
        (True, "eq", 1),
        (MISSING, "eq", None),
        (["abc"], "contains", "b"),
        (None, "contains", "a"),
        (None, "startswith", "a"),
        (MISSING, "matches", ""),
        (MISSING, "len", 0),
        (True, "is", "integer"),
        (MISSING, "all_match", "a"),
        (["https://a", "http://b"], "all_match", "^https:"),
        ([None, "today"], "matches_or_null", r"^\d{4}"),
        ("a\u2067b", "bidi_balanced", True),
        ("a\u2069b", "bidi_balanced", True),
    ],
)
def test_a_check_does_not_hold(seen: Any, operator: str, wanted: Any) -> None:
    assert not operators.holds(seen, operator, wanted)


def test_a_difference_is_one_from_how_it_stood_before() -> None:
    assert operators.holds(4, "delta", 1, before=3)
    assert not operators.holds(4, "delta", 1, before=4)
    assert not operators.holds("4", "delta", 1, before=3)


def test_another_operator_or_kind_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        operators.holds(1, "resembles", 1)
    with pytest.raises(NotUnderstood):
        operators.holds(1, "is", "float")
