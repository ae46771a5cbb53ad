import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub.errors import Malformed
from activitypub.sig import base58


# draft-msporny-base58 5: the vectors of the specification, with the z of multibase in front.
@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
        (b"", "z"),
    ],
)
def test_the_vectors_of_the_draft_are_written_and_read(octets: bytes, text: str) -> None:
    assert base58.encode(octets) == text
    assert base58.decode(text) == octets


@settings(max_examples=50)
@given(st.binary(max_size=64))
def test_what_is_written_is_read_back(octets: bytes) -> None:
    assert base58.decode(base58.encode(octets)) == octets


@pytest.mark.parametrize("text", ["", "2NEpo7TZRRrLZSi2U", "uAAAA", "z0", "zOIl", "z é"])
def test_what_is_no_base58_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        base58.decode(text)


def test_a_long_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(Malformed, match="at most 128"):
        base58.decode("z" + "2" * 100_000)
