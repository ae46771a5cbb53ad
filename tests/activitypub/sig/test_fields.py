import pytest

from activitypub.errors import Malformed
from activitypub.sig import fields


def test_a_dictionary_is_read_with_its_parameters() -> None:
    assert fields.dictionary("X", "a=1;p=2, b=:AQ==:") == {"a": (1, {"p": 2}), "b": (b"\x01", {})}


@pytest.mark.parametrize("value", ["a=1, a=2", "a=(1);p=1;p=2", "a=", "=", "a=1,", "\x00", "\u20ac"])
def test_what_is_read_in_two_ways_or_not_at_all_is_malformed(value: str) -> None:
    with pytest.raises(Malformed, match="X"):
        fields.dictionary("X", value)


def test_a_long_header_is_not_read() -> None:
    with pytest.raises(Malformed, match="at most"):
        fields.dictionary("X", "a=1," * 10_000)


def test_parameters_are_read_in_quotes_and_as_numbers() -> None:
    assert fields.parameters("Signature", 'keyId="a", created=7,x="b c"') == {
        "keyId": "a",
        "created": "7",
        "x": "b c",
    }
    assert fields.parameters("Signature", "") == {}


@pytest.mark.parametrize("value", ['a="1",a="2"', "a", 'a="1" b="2"', 'a="\\""', f'a="{"b" * 8192}"'])
def test_parameters_in_any_other_form_are_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        fields.parameters("Signature", value)
