"""Names as plain text."""

import pytest

from fedcop.content import plain


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cal \u202egnol\u2067", "cal gnol"),
        ("\u2067שלום\u2069 in Kent", "\u2067שלום\u2069 in Kent"),
        ("a\u202c\u2069b", "ab"),
        ("\u2066a\u202eb\u2069c", "ab\u2069c".replace("\u2069", "")),
        ("\u202ba\u2067b\u2069\u202c", "\u202ba\u2067b\u2069\u202c"),
        ("محمد", "محمد"),
        ("Ceri Ŵyn", "Ceri Ŵyn"),
    ],
)
def test_only_what_is_ended_in_the_same_text_stays(text: str, wanted: str) -> None:
    assert plain.ended(text) == wanted
    assert plain.ended(wanted) == wanted


def test_a_name_is_one_line_and_a_bracket_in_it_is_a_bracket() -> None:
    assert (
        plain.line_of(" Parks & Rivers\n\t<2030> &amp; more\x00 ", 100) == "Parks & Rivers <2030> &amp; more"
    )
    assert plain.line_of("abc\u202edef", 4) == "abc"
    assert plain.line_of("👩\u200d🌾 Ada", 100) == "👩\u200d🌾 Ada"


def test_a_description_keeps_its_lines() -> None:
    assert plain.text_of(" x < y\r\nsecond\x07 line ", 100) == "x < y\nsecond  line"
    assert plain.text_of("abcdef", 3) == "abc"
