"""What stands in braces."""

from datetime import UTC, datetime

from tests.reports.answers import Answer
from tests.reports.placeholders import Placeholders

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def filled(text: object, **values: str) -> object:
    return Placeholders(values, lambda: NOON).fill(text)


def test_names_of_the_stage_are_filled_in_at_any_depth() -> None:
    given = {"{group}/a": ["{group}", {"b": "x {group} {none_such}"}], "n": 3}

    assert filled(given, group="G") == {"G/a": ["G", {"b": "x G {none_such}"}], "n": 3}


def test_what_looks_like_a_name_and_is_none_is_told() -> None:
    values = Placeholders({}, lambda: NOON)

    assert values.fill("{devon_allow_id} {2,} {4} {}") == "{devon_allow_id} {2,} {4} {}"
    assert values.unknown == {"devon_allow_id"}


def test_times_are_counted_from_now() -> None:
    assert filled("{now_iso}") == "2026-03-02T12:00:00Z"
    assert filled("{now-540s}") == "Mon, 02 Mar 2026 11:51:00 GMT"
    assert filled("{now+86400s_iso}") == "2026-03-03T12:00:00Z"
    assert filled("{now+2d_date}") == "2026-03-04"


def test_a_text_is_repeated_up_to_a_limit() -> None:
    assert filled("{repeat:ab:2}") == "abab"
    assert filled("{repeat:x:$max_characters+1}", max_characters="3") == "xxxx"
    assert filled("{repeat:x:$max_characters-1}", max_characters="3") == "xx"
    assert filled("{repeat:x:many}") == "{repeat:x:many}"


def test_values_of_earlier_answers_keep_their_kind() -> None:
    values = Placeholders({}, lambda: NOON)
    values.answers[0] = Answer(200, [("link", '<https://a/b>; rel="next"')], b'{"n": 3, "id": "7"}')

    assert values.fill("{step0:$.n}") == 3
    assert values.fill("/statuses/{step0:$.id}") == "/statuses/7"
    assert values.fill("{step0:link.next}") == "https://a/b"
    assert values.fill("{step1:$.id}") == "{step1:$.id}"


def test_a_counter_and_chance() -> None:
    values = Placeholders({}, lambda: NOON)
    values.counter = 4

    assert values.fill("gone{i}") == "gone4"
    assert values.fill("{rand}") != values.fill("{rand}")
