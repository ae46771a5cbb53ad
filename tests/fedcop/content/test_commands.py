"""A command is the first word after the leading mentions; everything else is an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcop.content import commands
from fedcop.content.commands import Command

COMMUNITY = "@planning@kent.example"


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("post We use the form", "post", "We use the form"),
        ("post: We use the form", "post", "We use the form"),
        ("Post\n\nWe use the form", "post", "We use the form"),
        (f"{COMMUNITY} POST We use it", "post", "We use it"),
        (f"{COMMUNITY} @ada@kent.example post We use it", "post", "We use it"),
        (f"{COMMUNITY}: post We use it", "post", "We use it"),
        (f"{COMMUNITY}\u00a0post\u00a0We use it", "post", "We use it"),
        ("@planning@kent.localhost:8001 postio Rydym yn defnyddio hwn", "post", "Rydym yn defnyddio hwn"),
        ("post", "post", ""),
        ("post :", "post", ""),
        ("stop", "stop", ""),
        ("Stopio", "stop", ""),
        ("undo", "undo", ""),
        ("dadwneud", "undo", ""),
        ("not me", "not_me", ""),
        ("Not  me: try the county", "not_me", "try the county"),
        ("nid fi", "not_me", ""),
    ],
)
def test_a_command_is_read_in_either_language(text: str, verb: str, rest: str) -> None:
    found = commands.read(text)
    assert found is not None
    assert (found.verb, found.rest) == (verb, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        COMMUNITY,
        f"{COMMUNITY} We post this each spring",
        "poster sessions worked",
        "post, as we did",
        "post.",
        "post-war houses need another form",
        "stopping is hard",
        "notme",
        "not mine",
        "undoing it takes a week",
        "'post' is the word",
        "postio- hwn",
    ],
)
def test_what_is_no_command_is_an_answer(text: str) -> None:
    assert commands.read(text) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("not me @nia@powys.example", ("nia", "powys.example")),
        ("not me, but Nia", None),
        ("Not me: @Nia@Powys.Example knows", ("nia", "powys.example")),
        ("nid fi @nia.", ("nia", None)),
        ("not me @nia@powys.localhost:8003", ("nia", "powys.localhost:8003")),
        ("not me ask @nia@powys.example", None),
        ("not me @", None),
    ],
)
def test_not_me_passes_on_to_whom_it_names_first(text: str, named: tuple[str, str | None] | None) -> None:
    found = commands.read(text)
    assert (found.named if found else None) == named


def test_the_language_is_that_of_the_word() -> None:
    languages = {word: commands.read(word) for word in commands.WORDS}
    assert {word: one.language for word, one in languages.items() if one} == {
        word: language for word, (_, language) in commands.WORDS.items()
    }


@given(st.text())
def test_any_text_is_a_command_or_an_answer(text: str) -> None:
    found = commands.read(text)
    assert found is None or isinstance(found, Command)


@given(st.sampled_from(sorted(commands.WORDS)), st.text())
def test_what_is_published_is_what_was_written(word: str, rest: str) -> None:
    found = commands.read(f"{COMMUNITY} {word}: {rest}")
    assert found is not None
    assert found.rest == rest.lstrip(":").strip() or rest.strip().startswith(":")
    assert found.rest in rest
