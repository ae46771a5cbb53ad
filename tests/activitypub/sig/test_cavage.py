import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub.errors import Malformed, RemoteFault, Stale, Unsigned
from activitypub.sig import cavage as scheme
from activitypub.sig.keys import generate_rsa
from activitypub.wire import Request
from tests.support.signed import (
    BODY,
    DATE,
    GET,
    INBOX,
    KEY_ID,
    NOW,
    POST,
    cavage,
    digest_of,
    ed25519_key,
    public_of,
    rsa_key,
)

PAGE = "https://hub.leeds.example/c/roads/outbox?page=1"


def holds(request: Request) -> bool:
    """Tell whether a request is signed by the key of all tests."""
    return scheme.read(request, now=NOW).holds(public_of(rsa_key()))


def test_the_published_signing_string_is_made() -> None:
    # federation.md 2.2
    values = {
        "(request-target)": "post /inbox",
        "host": "hub.leeds.example",
        "date": DATE,
        "digest": digest_of(BODY),
        "content-type": "application/activity+json",
    }
    base = scheme.base_of(scheme.COVERED_POST, values)
    assert (
        hashlib.sha256(base).hexdigest() == "26f1b0e5e0678c7d364542f5157487dc41bec2ecfe0b770dc4a3057406b3a454"
    )


def test_a_signed_post_holds() -> None:
    signature = scheme.read(cavage(), now=NOW)
    assert (signature.key_id, signature.scheme, signature.kind) == (KEY_ID, "cavage", "rsa")
    assert signature.holds(public_of(rsa_key()))


def test_another_key_did_not_sign_it() -> None:
    assert not scheme.read(cavage(), now=NOW).holds(public_of(generate_rsa()))


@pytest.mark.parametrize(
    "covered",
    [
        ("content-type", "date", "digest", "host", "(request-target)"),
        ("(request-target)", "host", "date", "digest"),
        ("(request-target)", "Host", "Date", "Digest"),
        ("(request-target)", "date", "host", "digest"),
    ],
    ids=["Lemmy", "GoToSocial", "capitals", "Mbin"],
)
def test_the_lists_that_peers_sign_hold(covered: tuple[str, ...]) -> None:
    assert holds(cavage(covered=covered))


@pytest.mark.parametrize("algorithm", ["rsa-sha256", "hs2019", "RSA-SHA256", None])
def test_the_key_decides_the_algorithm(algorithm: str | None) -> None:
    assert holds(cavage(algorithm=algorithm))


def test_an_ed25519_key_signs_as_well() -> None:
    request = cavage(algorithm="ed25519", key=ed25519_key())
    assert scheme.read(request, now=NOW).holds(public_of(ed25519_key()))


@pytest.mark.parametrize("algorithm", ["none", "hmac-sha256", "rsa-sha1", "x"])
def test_an_algorithm_that_nobody_wants_is_refused(algorithm: str) -> None:
    with pytest.raises(Unsigned, match="wanted rsa-sha256"):
        scheme.read(cavage(algorithm=algorithm), now=NOW)


@pytest.mark.parametrize("target", ["get /c/roads/outbox?page=1", "get /c/roads/outbox"])
def test_a_get_holds_with_its_query_and_without(target: str) -> None:
    assert holds(cavage(method="GET", url=PAGE, target=target, covered=GET, body=b""))


def test_a_get_of_another_query_does_not_hold() -> None:
    assert not holds(
        cavage(method="GET", url=PAGE, target="get /c/roads/outbox?page=2", covered=GET, body=b"")
    )


def test_a_post_holds_with_its_query_only() -> None:
    url = f"{INBOX}?from=kent"
    assert holds(cavage(url=url, target="post /inbox?from=kent"))
    assert not holds(cavage(url=url, target="post /inbox"))


def test_a_get_may_carry_the_digest_of_nothing_as_lemmys_does() -> None:
    covered = ("content-type", "date", "digest", "host", "(request-target)")
    url = "https://hub.leeds.example/c/roads"
    assert holds(cavage(method="GET", url=url, target="get /c/roads", covered=covered, body=b""))
    with pytest.raises(Unsigned, match="Digest"):
        holds(
            cavage(
                method="GET",
                url=url,
                target="get /c/roads",
                covered=covered,
                body=b"",
                digest=digest_of(b"{}"),
            )
        )


def test_a_root_path_is_a_slash() -> None:
    assert holds(cavage(method="GET", url="https://hub.leeds.example", target="get /", covered=GET, body=b""))


def test_a_signature_for_another_path_does_not_hold() -> None:
    assert not holds(cavage(url="https://hub.leeds.example/u/bo/inbox"))


def test_a_signature_for_another_host_does_not_hold() -> None:
    assert not holds(cavage(host="hub.devon.example"))


def test_a_host_that_a_proxy_rewrote_does_no_harm() -> None:
    request = cavage()
    headers = tuple((name, "127.0.0.1:8000" if name == "Host" else value) for name, value in request.headers)
    assert holds(Request(method="POST", url=INBOX, headers=headers, body=BODY))


def test_an_altered_body_is_refused() -> None:
    request = cavage()
    altered = Request(method="POST", url=INBOX, headers=request.headers, body=BODY + b" ")
    with pytest.raises(Unsigned, match="Digest is not that of the body"):
        scheme.read(altered, now=NOW)


def test_an_altered_digest_does_not_hold() -> None:
    request = cavage()
    headers = tuple(
        (name, digest_of(b"{}") if name == "Digest" else value) for name, value in request.headers
    )
    assert not holds(Request(method="POST", url=INBOX, headers=headers, body=b"{}"))


def test_two_digests_have_to_be_right_both() -> None:
    assert holds(cavage(digest=f"{digest_of(BODY)},{digest_of(BODY)}"))
    with pytest.raises(Unsigned, match="Digest"):
        scheme.read(cavage(digest=f"{digest_of(BODY)},{digest_of(b'{}')}"), now=NOW)


def test_a_digest_header_that_came_twice_is_joined() -> None:
    covered = ("(request-target)", "host", "date", "digest")
    twice = f"{digest_of(BODY)}, {digest_of(BODY)}"
    request = cavage(covered=covered, digest=twice)
    headers = [(name, digest_of(BODY) if name == "Digest" else value) for name, value in request.headers]
    headers.append(("digest", digest_of(BODY)))
    assert holds(Request(method="POST", url=INBOX, headers=tuple(headers), body=BODY))


@pytest.mark.parametrize(
    "covered",
    [
        (),
        ("date",),
        ("(request-target)", "host", "date"),
        ("host", "date", "digest"),
        ("(request-target)", "date", "digest"),
        ("(request-target)", "host", "digest"),
    ],
    ids=["nothing", "date alone", "no digest", "no target", "no host", "no time"],
)
def test_a_signature_that_binds_too_little_is_refused(covered: tuple[str, ...]) -> None:
    with pytest.raises(Unsigned, match="leaves out"):
        scheme.read(cavage(covered=covered), now=NOW)


def test_without_a_list_only_the_date_is_covered() -> None:
    request = cavage(covered=("date",))
    headers = tuple((name, value.replace('headers="date",', "")) for name, value in request.headers)
    with pytest.raises(Unsigned, match="leaves out"):
        scheme.read(Request(method="POST", url=INBOX, headers=headers, body=BODY), now=NOW)


def test_a_header_that_is_named_but_missing_is_refused() -> None:
    with pytest.raises(Unsigned, match="names x-missing"):
        scheme.read(cavage(covered=(*POST, "x-missing")), now=NOW)


def test_no_signature_is_refused() -> None:
    with pytest.raises(Unsigned, match="no signature"):
        scheme.read(Request(method="POST", url=INBOX, body=BODY), now=NOW)


@pytest.mark.parametrize(
    "date", ["Sun, 04 Jan 2026 20:00:00 GMT", "Mon, 05 Jan 2026 10:00:01 GMT"], ids=["13 h old", "ahead"]
)
def test_a_date_outside_the_window_is_stale(date: str) -> None:
    with pytest.raises(Stale):
        scheme.read(cavage(date=date), now=NOW)


@pytest.mark.parametrize("date", ["Mon, 05 Jan 2026 08:51:00 GMT", "Mon, 05 Jan 2026 09:04:00 GMT"])
def test_clocks_may_differ_by_minutes(date: str) -> None:
    assert holds(cavage(date=date))


@pytest.mark.parametrize("date", ["yesterday", "", "Mon, 99 Jan 2026 09:00:00 GMT", "2026-01-05T09:00:00Z"])
def test_a_date_that_is_none_is_malformed(date: str) -> None:
    with pytest.raises(Malformed, match="Date"):
        scheme.read(cavage(date=date), now=NOW)


def test_a_date_without_a_zone_is_taken_as_gmt() -> None:
    assert holds(cavage(date="Mon, 05 Jan 2026 09:00:00 -0000"))


CREATED = ("(request-target)", "(created)", "host", "digest")


def test_created_may_stand_for_the_date_with_hs2019() -> None:
    assert holds(cavage(covered=CREATED, algorithm="hs2019", parameters=",created=1767603600"))


def test_created_is_read_in_quotes_too() -> None:
    assert holds(cavage(covered=CREATED, algorithm="hs2019", parameters=',created="1767603600"'))


def test_created_outside_the_window_is_stale() -> None:
    request = cavage(
        covered=CREATED, algorithm="hs2019", created="1767500000", parameters=",created=1767500000"
    )
    with pytest.raises(Stale):
        scheme.read(request, now=NOW)


def test_expires_is_heeded() -> None:
    request = cavage(covered=CREATED, algorithm="hs2019", parameters=",created=1767603600,expires=1767500000")
    with pytest.raises(Stale):
        scheme.read(request, now=NOW)


def test_created_with_rsa_sha256_is_refused() -> None:
    with pytest.raises(Unsigned, match="only hs2019"):
        scheme.read(cavage(covered=CREATED, parameters=",created=1767603600"), now=NOW)


def test_created_without_its_parameter_is_malformed() -> None:
    with pytest.raises(Malformed, match="created"):
        scheme.read(cavage(covered=CREATED, algorithm="hs2019"), now=NOW)


@pytest.mark.parametrize(
    "parameters",
    [
        ',keyId="https://evil.example/key"',
        ',algorithm="hs2019"',
        ',headers="date"',
        ',signature="AAAA"',
    ],
)
def test_a_parameter_written_twice_is_malformed(parameters: str) -> None:
    with pytest.raises(Malformed, match="twice"):
        scheme.read(cavage(parameters=parameters), now=NOW)


def test_a_header_named_twice_is_malformed() -> None:
    with pytest.raises(Malformed, match="twice"):
        scheme.read(cavage(covered=(*POST, "date")), now=NOW)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer x",
        'keyId="k"',
        'signature="AAAA"',
        'keyId=k,signature="AAAA"',
        'keyId="k" signature="AAAA"',
        'keyId="k,signature="AAAA"',
        'keyId="k",signature="no base64!"',
        'keyId="k",signature="AAAA",created="soon"',
        'keyId="k",signature="AAAA",expires=-1',
    ],
)
def test_a_header_that_cannot_be_read_is_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        scheme.parse(value)


def test_the_name_of_the_scheme_in_front_is_left_out() -> None:
    assert scheme.parse('Signature keyId="k",signature="AAAA"').key_id == "k"


def test_a_key_id_that_is_no_address_is_malformed() -> None:
    with pytest.raises(Malformed, match="key id"):
        scheme.read(cavage(key_id="acct:ana@hub.kent.example"), now=NOW)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_header_is_read_or_refused(value: str) -> None:
    request = Request(method="POST", url=INBOX, headers=(("Signature", value), ("Date", DATE)), body=BODY)
    with pytest.raises(RemoteFault):
        scheme.read(request, now=NOW)


@settings(max_examples=50)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_flipped_octet_breaks_it(place: int, flip: int) -> None:
    body = bytearray(BODY)
    body[place % len(body)] ^= flip
    with pytest.raises(Unsigned):
        scheme.read(Request(method="POST", url=INBOX, headers=cavage().headers, body=bytes(body)), now=NOW)


# draft-cavage-http-signatures-12, appendix C; its RSA key has 1024 bits, which we take from nobody.
APPENDIX_KEY = b"""-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
oYi+1hqp1fIekaxsyQIDAQAB
-----END PUBLIC KEY-----"""


@pytest.mark.parametrize(
    ("covered", "octets"),
    [
        (
            None,
            "SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25W"
            "qS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM=",
        ),
        (
            "(request-target) host date",
            "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfE"
            "dKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0=",
        ),
    ],
    ids=["C.1", "C.2"],
)
def test_the_signatures_of_the_draft_hold_over_our_signing_string(covered: str | None, octets: str) -> None:
    named = f',headers="{covered}"' if covered else ""
    found = scheme.parse(f'keyId="Test",algorithm="rsa-sha256"{named},signature="{octets}"')
    values = {
        "(request-target)": "post /foo?param=value&pet=dog",
        "host": "example.com",
        "date": "Sun, 05 Jan 2014 21:31:40 GMT",
    }
    key = load_pem_public_key(APPENDIX_KEY)
    assert isinstance(key, RSAPublicKey)
    base = scheme.base_of(found.covered, values)
    key.verify(found.octets, base, padding.PKCS1v15(), hashes.SHA256())
