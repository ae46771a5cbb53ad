"""English and Welsh say the same things."""

import re

from fedcop.web.text import ENGLISH, WELSH


def test_both_languages_have_every_text() -> None:
    assert set(ENGLISH) == set(WELSH)
    assert all(text.strip() for text in [*ENGLISH.values(), *WELSH.values()])


def test_both_languages_have_the_same_places_to_fill() -> None:
    for name, text in ENGLISH.items():
        assert re.findall(r"{\w+}", text) == re.findall(r"{\w+}", WELSH[name]), name
