"""A reply that accepts an answer is told from one that speaks of accepting."""

import pytest

from fedcop.content.accepting import accepts


@pytest.mark.parametrize(
    "text",
    [
        "solved",
        "@ben@devon.example Solved",
        "@ben @floods@kent.localhost:8001 ACCEPT",
        "Accepted, thank you!",
        "@ben: solved: we use your letter.",
        "Datryswyd. Diolch",
        "derbyn",
        "Solved – thanks",
        " solved!\n\nThank you.",
    ],
)
def test_the_word_alone_or_before_a_sign_accepts(text: str) -> None:
    assert accepts(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@ben",
        "@solved",
        "Solved it by asking the county.",
        "We accept no such letters.",
        "unsolved",
        "accepting",
        "Not solved",
        "x" * 100_000,
        "@a " * 20_000 + "b",
    ],
)
def test_a_sentence_of_its_own_does_not(text: str) -> None:
    assert not accepts(text)
