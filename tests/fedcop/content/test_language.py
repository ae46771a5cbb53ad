"""Language tags as peers write them."""

import pytest

from fedcop.content import language


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("en", "en"),
        ("EN-gb", "en-GB"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("pt_BR", "pt-BR"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
        (" cy ", "cy"),
    ],
)
def test_a_tag_is_written_in_its_usual_case(text: str, wanted: str) -> None:
    assert language.tag_of(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "x_bad tag", "english", "und", "zxx", "en-", "e", 'en"><script>', "en-GB-" * 9]
)
def test_what_is_no_tag_or_names_no_language_is_unknown(text: str) -> None:
    assert language.tag_of(text) is None
