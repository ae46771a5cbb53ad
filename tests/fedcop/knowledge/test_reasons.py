"""Reasons in words."""

import pytest

from fedcop.knowledge import reasons
from fedcop.knowledge.rank import Reason


def test_a_reason_names_the_words_and_the_count() -> None:
    given = (Reason("title", (1, 0)), Reason("wrote", count=3))
    words = ("ash", "road closure")
    assert reasons.said(given, words, "en") == ["“road closure”, “ash” in the title", "posts about this: 3"]
    assert reasons.said(given, words, "cy") == ["“road closure”, “ash” yn y teitl", "negeseuon am hyn: 3"]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_reason_has_its_words_in_each_language(language: str) -> None:
    assert reasons.SAID[language].keys() == reasons.SAID["en"].keys()
    for key in reasons.SAID["en"]:
        (said,) = reasons.said([Reason(key, (0,), 2)], ["ash"], language)
        assert "{" not in said
