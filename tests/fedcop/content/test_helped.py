"""What is answered to whether an answer helped."""

import pytest

from fedcop.content.helped import read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yes", ("yes", "")),
        ("@ask Yes, we saved a week.", ("yes", "we saved a week.")),
        ("@ask@kent.example partly: the fee\nis new", ("partly", "the fee\nis new")),
        ("Rhannol", ("partly", "")),
        ("naddo", ("no", "")),
        ("No.", ("no", "")),
        ("stopio", ("stop", "")),
        ("Stop please", ("stop", "please")),
    ],
)
def test_a_first_word_says_it(text: str, said: tuple[str, str]) -> None:
    assert read(text) == said


@pytest.mark.parametrize("text", ["", "Thank you", "yesterday", "nobody", "domestic"])
def test_another_text_leaves_it_open(text: str) -> None:
    assert read(text) == (None, text)


def test_who_is_named_says_nothing() -> None:
    assert read("@ask @yes") == (None, "")
    assert read("@a " * 20_000 + "b") == (None, "b")
