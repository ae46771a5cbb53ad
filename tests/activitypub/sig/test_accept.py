import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.sig.accept import Wish, wish_in
from tests.support.signed import KEY_ID

KNOWN = {"host", "date", "content-type", "content-digest"}


def wish(header: str) -> Wish | None:
    return wish_in(header, key_id=KEY_ID, known=KNOWN)


def test_what_a_peer_asks_for_is_read() -> None:
    # federation.md 2.5, as Fedify's servers may ask
    found = wish('sig1=("@method" "@target-uri" "content-digest");created;nonce="n-1";tag="app"')
    assert found == Wish(
        label="sig1", covered=("@method", "@target-uri", "content-digest"), nonce="n-1", tag="app"
    )


def test_every_parameter_that_we_can_give_is_read() -> None:
    found = wish(f'a=("date" "date");expires;alg="rsa-v1_5-sha256";keyid="{KEY_ID}"')
    assert found == Wish(label="a", covered=("date",), expires=True, algorithm="rsa-v1_5-sha256")


def test_the_first_that_can_be_met_is_taken() -> None:
    found = wish('a=("@method");alg="ed25519", b=("@status"), c=("@authority" "host");tag="t"')
    assert found == Wish(label="c", covered=("@authority", "host"), tag="t")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sig1",
        "sig1=1",
        'sig1="@method"',
        "sig1=(",
        'sig1=("@status")',
        'sig1=("@query-param";name="a")',
        'sig1=("cookie")',
        'sig1=("date";sf)',
        "sig1=(date)",
        'sig1=("@method");alg="ed25519"',
        'sig1=("@method");alg=rsa-v1_5-sha256',
        'sig1=("@method");keyid="https://hub.kent.example/u/bo#main-key"',
        'sig1=("@method");nonce',
        'sig1=("@method");tag=7',
        'sig1=("@method");colour="red"',
    ],
)
def test_what_cannot_be_met_or_read_is_no_wish(header: str) -> None:
    assert wish(header) is None


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_is_read_or_left(header: str) -> None:
    wish(header)
