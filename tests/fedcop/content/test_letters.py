"""What communities write about asks: whole in both languages, with the same names put in."""

import string

import pytest

from fedcop.content import commands, letters, markup
from fedcop.knowledge.route import Obstacle


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", letters.TEXTS)
def test_both_languages_say_the_same_with_the_same_names(name: str) -> None:
    texts = letters.TEXTS[name]
    assert set(texts) == set(letters.LANGUAGES)
    assert _names(texts["en"]) == _names(texts["cy"])


@pytest.mark.parametrize("language", letters.LANGUAGES)
def test_a_routed_ask_names_the_words_that_are_understood(language: str) -> None:
    text = letters.TEXTS["asked"][language]
    words = {word for word, (_, of) in commands.WORDS.items() if of == language}
    assert {word for word in words if f"\n\n{word}:" in text} == words - {"undo", "dadwneud"}


def test_every_obstacle_can_be_told() -> None:
    assert set(Obstacle.__args__) - {"nothing"} <= letters.OBSTACLES.keys()  # type: ignore[attr-defined]
    assert all(set(said) == set(letters.LANGUAGES) for said in letters.OBSTACLES.values())


def test_reasons_are_said_with_what_they_are_about() -> None:
    reasons = [("service", "Parking", 0), ("helped", "", 3), ("council", "", 0)]
    assert letters.because(reasons, "en") == (
        "You are asked because you offer to be asked about Parking and you helped with such questions before "
        "and you are of another council."
    )
    assert letters.because(reasons, "cy").startswith("Gofynnir i chi oherwydd rydych yn cynnig")
    assert letters.because([], "en") == ""


@pytest.mark.parametrize(
    ("tag", "language"), [("cy", "cy"), ("cy-GB", "cy"), ("en", "en"), ("fr", "en"), (None, "en")]
)
def test_who_is_not_written_to_in_welsh_is_in_english(tag: str | None, language: str) -> None:
    assert letters.language_of(tag) == language


def test_a_name_writes_no_markup_into_a_note() -> None:
    text = letters.say("passed", "en", by="[Click](https://evil.example)", asker="*Ada* _<b>_ `x`")
    said = markup.html_of(text, {})
    assert ">Click<" not in said
    assert "<em>" not in said
    assert "*Ada* _&lt;b&gt;_ `x`" in said


def test_names_are_put_in() -> None:
    assert letters.say("passed_on", "en", named="@nia") == "Thank you. It was passed on to @nia."
