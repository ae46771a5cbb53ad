"""Message signatures against the vector of federation.md 2.4 and the library http-message-signatures."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519, RSA_V1_5_SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub import sending
from activitypub.errors import Malformed, RemoteFault, Stale, Unsigned
from activitypub.sig import digest
from activitypub.sig import rfc9421 as scheme
from activitypub.sig.accept import Wish
from activitypub.sig.keys import PrivateKey, PublicKey
from activitypub.sig.signature import Signature
from activitypub.wire import Headers, Request
from tests.support.signed import BODY, DATE, INBOX, KEY_ID, NOW, SEED, ed25519_key, public_of, rsa_key

CONTENT_DIGEST = digest.content_digest(digest.sha256_of(BODY))
COVERED = ("@method", "@target-uri", "content-digest")
CREATED = 1767603600


def signed(
    *,
    method: str = "POST",
    url: str = INBOX,
    body: bytes = BODY,
    covered: Sequence[str] = COVERED,
    values: dict[str, str] | None = None,
    parameters: str = f';created={CREATED};keyid="{KEY_ID}"',
    label: str = "sig1",
    key: PrivateKey | None = None,
    content_digest: str | None = CONTENT_DIGEST,
) -> Request:
    """Give a request with a signature over what ``covered`` names, with the values of a POST to the inbox."""
    given = {"@method": method, "@target-uri": url, "content-digest": content_digest or "", "date": DATE}
    given |= values or {}
    inner = "(" + " ".join(f'"{name}"' for name in covered) + ")" + parameters
    lines = [f'"{name}": {given[name]}' for name in covered if name in given]
    base = "\n".join([*lines, f'"@signature-params": {inner}'])
    octets = base64.b64encode((key or rsa_key()).sign(base.encode())).decode()
    headers: list[tuple[str, str]] = [("Host", "hub.leeds.example"), ("Date", DATE)]
    if content_digest is not None:
        headers.append(("Content-Digest", content_digest))
    headers += [("Signature-Input", f"{label}={inner}"), ("Signature", f"{label}=:{octets}:")]
    return Request(method=method, url=url, headers=tuple(headers), body=body)


def read(request: Request) -> Signature:
    return scheme.read(request, now=NOW)


def holds(request: Request) -> bool:
    return read(request).holds(public_of(rsa_key()))


def test_the_published_signature_is_made() -> None:
    base, signature_input = scheme.base_of(
        Request(method="POST", url=INBOX, headers=(("Content-Digest", CONTENT_DIGEST),), body=BODY),
        key_id="https://hub.kent.example/u/ana#ed25519",
        created=NOW,
    )
    assert signature_input == (
        'sig1=("@method" "@target-uri" "content-digest");created=1767603600'
        ';keyid="https://hub.kent.example/u/ana#ed25519"'
    )
    assert base64.b64encode(ed25519_key().sign(base)).decode() == (
        "/C4++Pq8F1AWfp9F9hQ7MC/BMXnr9pViQUpvEI4nxKk48JmXteVzRii+xnTLXosNz1aEvon6Kkq9neFzLU/OCg=="
    )


def test_a_signed_post_holds() -> None:
    signature = read(signed())
    assert (signature.key_id, signature.scheme, signature.kind) == (KEY_ID, "rfc9421", None)
    assert signature.holds(public_of(rsa_key()))
    assert not signature.holds(public_of(ed25519_key()))


def test_the_shape_that_fedify_sends_holds() -> None:
    # federation.md 2.4: its base components, its order of parameters
    covered = ("@method", "@target-uri", "@authority", "host", "date", "content-digest")
    request = signed(
        covered=covered,
        values={"@authority": "hub.leeds.example", "host": "hub.leeds.example"},
        parameters=f';alg="rsa-v1_5-sha256";keyid="{KEY_ID}";created={CREATED}',
    )
    assert read(request).kind == "rsa"
    assert holds(request)


def test_any_label_will_do() -> None:
    assert holds(signed(label="mastodon"))


def test_every_component_of_the_request_line_is_understood() -> None:
    url = "https://hub.leeds.example/c/roads/outbox?page=1"
    values = {
        "@authority": "hub.leeds.example",
        "@scheme": "https",
        "@request-target": "/c/roads/outbox?page=1",
        "@path": "/c/roads/outbox",
        "@query": "?page=1",
    }
    covered = ("@method", "@target-uri", *values)
    assert holds(signed(method="GET", url=url, covered=covered, values=values, body=b"", content_digest=None))


def test_without_a_query_the_request_target_is_the_path() -> None:
    values = {"@request-target": "/inbox", "@query": "?"}
    assert holds(signed(covered=(*COVERED, *values), values=values))


@pytest.mark.parametrize(
    "covered",
    [("@target-uri", "content-digest"), ("@method", "content-digest"), ("@method", "@target-uri"), ()],
    ids=["no method", "no address", "no digest", "nothing"],
)
def test_a_signature_that_binds_too_little_is_refused(covered: tuple[str, ...]) -> None:
    with pytest.raises(Unsigned, match="leaves out"):
        read(signed(covered=covered))


def test_another_query_does_not_hold() -> None:
    url = "https://hub.leeds.example/c/roads/outbox?page="
    request = signed(method="GET", url=f"{url}1", covered=COVERED[:2], body=b"", content_digest=None)
    assert holds(request)
    assert not holds(Request(method="GET", url=f"{url}2", headers=request.headers))


def test_an_altered_body_is_refused() -> None:
    with pytest.raises(Unsigned, match="Content-Digest is not that of the body"):
        read(signed(body=BODY + b" "))


def test_a_digest_that_is_covered_but_missing_is_refused() -> None:
    with pytest.raises(Unsigned, match="Content-Digest"):
        read(signed(content_digest=None))


def test_a_header_that_is_covered_but_missing_is_refused() -> None:
    with pytest.raises(Unsigned, match="names x-missing"):
        read(signed(covered=(*COVERED, "x-missing")))


@pytest.mark.parametrize("name", ["@status", "@query-param"])
def test_a_component_that_a_request_has_not_is_refused(name: str) -> None:
    with pytest.raises(Unsigned, match=f"names {name}"):
        read(signed(covered=(*COVERED, name)))


@pytest.mark.parametrize("flags", [";req", ";sf", ";bs", ";tr", ';key="a"'])
def test_a_component_with_flags_is_refused(flags: str) -> None:
    request = signed()
    headers = tuple(
        (name, value.replace('"content-digest")', f'"content-digest"{flags})'))
        for name, value in request.headers
    )
    with pytest.raises(Unsigned, match="not understood"):
        read(Request(method="POST", url=INBOX, headers=headers, body=BODY))


@pytest.mark.parametrize(
    "parameters",
    [
        f';keyid="{KEY_ID}"',
        f";created={CREATED}",
        f';created="{CREATED}";keyid="{KEY_ID}"',
        f';created={CREATED};keyid="acct:ana@hub.kent.example"',
        f';created={CREATED};expires=soon;keyid="{KEY_ID}"',
    ],
    ids=["no created", "no keyid", "created is text", "keyid is no address", "expires is no number"],
)
def test_parameters_that_are_missing_or_wrong_are_malformed(parameters: str) -> None:
    with pytest.raises(Malformed):
        read(signed(parameters=parameters))


def test_created_outside_the_window_is_stale() -> None:
    with pytest.raises(Stale):
        scheme.read(signed(), now=NOW + timedelta(hours=13))


def test_expires_is_heeded() -> None:
    parameters = f';created={CREATED};expires={CREATED + 36_000};keyid="{KEY_ID}"'
    late = NOW + timedelta(hours=10)
    assert scheme.read(signed(parameters=parameters), now=late).holds(public_of(rsa_key()))


@pytest.mark.parametrize("algorithm", ["none", "hmac-sha256", "rsa-pss-sha512"])
def test_an_algorithm_that_nobody_wants_is_refused(algorithm: str) -> None:
    with pytest.raises(Unsigned, match="wanted rsa-v1_5-sha256"):
        read(signed(parameters=f';created={CREATED};keyid="{KEY_ID}";alg="{algorithm}"'))


def test_a_named_algorithm_has_to_be_that_of_the_key() -> None:
    request = signed(
        parameters=f';created={CREATED};keyid="{KEY_ID}";alg="rsa-v1_5-sha256"', key=ed25519_key()
    )
    assert not read(request).holds(public_of(ed25519_key()))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "sig1",
        "sig1=1",
        'sig1="text"',
        'sig1=("@method"',
        'sig1=("@method" "@method");created=1',
        'sig1=("@method");created=1, sig2=("@method");created=1',
        'sig1=("@method");created=1, sig1=("@path");created=1',
        'sig1=("@method");created=1;created=2',
    ],
)
def test_an_input_that_cannot_be_read_is_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        scheme.parse(value)


@pytest.mark.parametrize("component", ["method", "1", ":AQ==:"])
def test_a_component_that_is_no_text_is_refused(component: str) -> None:
    with pytest.raises(Unsigned, match="not understood"):
        scheme.parse(f"sig1=({component})")


@pytest.mark.parametrize(
    ("headers", "fault"),
    [
        ((), Unsigned),
        ((("Signature", "sig2=:AQ==:"),), Malformed),
        ((("Signature", "sig1=1"),), Malformed),
        ((("Signature", "sig1=(:AQ==:)"),), Malformed),
        ((("Signature", 'keyId="k",signature="AAAA"'),), Malformed),
    ],
)
def test_an_input_without_its_signature_is_refused(headers: Headers, fault: type[RemoteFault]) -> None:
    kept = tuple((name, value) for name, value in signed().headers if name != "Signature")
    with pytest.raises(fault):
        read(Request(method="POST", url=INBOX, headers=kept + headers, body=BODY))


@settings(max_examples=200)
@given(st.text(max_size=100), st.text(max_size=100))
def test_any_header_is_read_or_refused(signature_input: str, signature: str) -> None:
    headers = (("Signature-Input", signature_input), ("Signature", signature))
    with pytest.raises(RemoteFault):
        read(Request(method="POST", url=INBOX, headers=headers, body=BODY))


class Keys(HTTPSignatureKeyResolver):
    """Gives the library the keys of all tests by their id."""

    def resolve_private_key(self, key_id: str) -> Any:
        if key_id.endswith("#ed25519"):
            return Ed25519PrivateKey.from_private_bytes(SEED)
        return load_der_private_key(rsa_key().secret, None)

    def resolve_public_key(self, key_id: str) -> Any:
        return self.resolve_private_key(key_id).public_key()


@pytest.mark.parametrize(
    ("key_id", "algorithm"),
    [(KEY_ID, RSA_V1_5_SHA256), (f"{KEY_ID[:-9]}#ed25519", ED25519)],
    ids=["rsa", "ed25519"],
)
def test_what_we_sign_holds_for_the_library(key_id: str, algorithm: Any) -> None:
    key = rsa_key() if algorithm is RSA_V1_5_SHA256 else ed25519_key()
    now = datetime.now(UTC)  # the library knows no other
    unsigned = sending.post(BODY, inbox=INBOX, key_id=key_id, now=now, user_agent="fedcop", scheme="rfc9421")
    request = unsigned.signed(key.sign(unsigned.base))
    message = SimpleNamespace(method="POST", url=INBOX, headers=dict(request.headers))
    verifier = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=Keys())
    found = verifier.verify(message, body=BODY)
    assert {name.strip('"') for name in found[0].covered_components} >= set(COVERED)


@pytest.mark.parametrize(
    ("key_id", "algorithm"),
    [(KEY_ID, RSA_V1_5_SHA256), (f"{KEY_ID[:-9]}#ed25519", ED25519)],
    ids=["rsa", "ed25519"],
)
def test_what_the_library_signs_holds_for_us(key_id: str, algorithm: Any) -> None:
    key = rsa_key() if algorithm is RSA_V1_5_SHA256 else ed25519_key()
    message = SimpleNamespace(method="POST", url=INBOX, headers={"Date": DATE})
    HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=Keys()).sign(
        message,
        key_id=key_id,
        created=NOW,
        nonce="a nonce",
        tag="a tag",
        body=BODY,
        covered_component_ids=(*COVERED, "@authority", "@path", "@query", "date"),
    )
    request = Request(method="POST", url=INBOX, headers=tuple(message.headers.items()), body=BODY)
    assert read(request).holds(public_of(key))


def test_the_ed25519_signature_of_the_rfc_holds_over_our_base() -> None:
    # RFC 9421 B.2.6, with the request of B.2 and the key of B.1.4.
    given = '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    found = scheme.parse(f'sig-b26={given};created=1618884473;keyid="test-key-ed25519"')
    values = {
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "@method": "POST",
        "@path": "/foo",
        "@authority": "example.com",
        "content-type": "application/json",
        "content-length": "18",
    }
    assert found.covered == tuple(values)
    octets = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="))
    assert PublicKey(key).verify(base64.b64decode(octets), scheme.base(values, found.text))


WISH = Wish(
    label="proof",
    covered=("@authority", "@query", "date", "@method"),
    expires=True,
    algorithm="rsa-v1_5-sha256",
    nonce='say "so"',
    tag="app",
)


def test_what_a_peer_wishes_is_covered_and_said() -> None:
    request = Request(method="GET", url="https://hub.leeds.example/c?page=1", headers=(("Date", DATE),))
    base, signature_input = scheme.base_of(request, key_id=KEY_ID, created=NOW, wish=WISH)
    assert signature_input == (
        'proof=("@method" "@target-uri" "@authority" "@query" "date");created=1767603600;'
        f'keyid="{KEY_ID}";expires=1767603900;alg="rsa-v1_5-sha256";nonce="say \\"so\\"";tag="app"'
    )
    lines = base.decode().splitlines()
    assert lines[1:5] == [
        '"@target-uri": https://hub.leeds.example/c?page=1',
        '"@authority": hub.leeds.example',
        '"@query": ?page=1',
        f'"date": {DATE}',
    ]


def test_what_a_peer_wishes_holds_for_the_library() -> None:
    now = datetime.now(UTC)
    unsigned = sending.post(
        BODY, inbox=INBOX, key_id=KEY_ID, now=now, user_agent="fedcop", scheme="rfc9421", wish=WISH
    )
    request = unsigned.signed(rsa_key().sign(unsigned.base))
    message = SimpleNamespace(method="POST", url=INBOX, headers=dict(request.headers))
    verifier = HTTPMessageVerifier(signature_algorithm=RSA_V1_5_SHA256, key_resolver=Keys())
    (found,) = verifier.verify(message, body=BODY, expect_tag="app")
    assert (found.label, found.parameters["nonce"]) == ("proof", 'say "so"')
    assert scheme.read(request, now=now).holds(public_of(rsa_key()))
