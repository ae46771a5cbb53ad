"""One value as a peer writes it, to the value that is meant."""

from typing import Any

import pytest

from activitypub import values

ANA = "https://kent.example/people/ana"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (ANA, ANA),
        ({"id": ANA}, ANA),
        ([ANA], ANA),
        ("tag:kent.example,2026:1", "tag:kent.example,2026:1"),
        ([ANA, ANA], None),
        ("x" * 2000, "x" * 2000),
        ("x" * 2001, None),
        (f"{ANA}\0", None),
        ("\u202e", None),
        ("", None),
        (7, None),
    ],
)
def test_an_id_is_one_that_a_row_can_hold(written: Any, found: str | None) -> None:
    assert values.id_of(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (0, 0),
        (3.0, 3),
        ((1 << 31) - 1, (1 << 31) - 1),
        (1 << 31, None),
        (-1, None),
        (True, None),
        (1.5, None),
    ],
)
def test_a_number_is_a_count_or_a_size(written: Any, found: int | None) -> None:
    assert values.number(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2026-03-02T12:00:00+01:00", "2026-03-02T11:00:00+00:00"),
        ("2026-03-02 12:00", "2026-03-02T12:00:00+00:00"),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-13-01", None),
        (7, None),
    ],
)
def test_a_time_is_read_leniently(written: Any, found: str | None) -> None:
    assert values.moment(written) == found


def test_a_text_has_no_nul_and_an_end() -> None:
    assert values.text("a\0b") == "ab"
    assert values.cut(3)("a\0bcd") == "abc"
    assert (values.text(7), values.cut(3)(None)) == (None, None)


def test_a_language_is_a_tag_or_an_object() -> None:
    assert values.language("cy") == "cy"
    assert values.language([{"name": "x"}, {"identifier": "en", "name": "English"}]) == "en"
    assert values.language({}) is None


def test_what_stands_alone_is_a_list_of_one_and_only_booleans_are_flags() -> None:
    assert (values.many("a"), values.many(["a"])) == (["a"], ["a"])
    assert [values.flag(one) for one in (True, False, 1, "true")] == [True, False, None, None]
