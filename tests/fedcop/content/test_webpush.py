"""Messages for push subscriptions, opened again as a client does."""

import hmac
import struct
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwt
from joserfc.jwk import ECKey

from fedcop.content import webpush
from tests.support.clock import NOON

ENDPOINT = "https://push.example/send/abc"
SECRET = bytes(range(64))


def number(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(webpush.decoded(text), "big"), ec.SECP256R1())


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return hmac.digest(hmac.digest(salt, secret, sha256), info + b"\x01", sha256)[:length]


def test_the_example_of_rfc_8291_comes_out() -> None:
    _, body = webpush._sealed(
        number("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        webpush.decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        webpush.decoded(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        webpush.decoded("BTBZMqHH6r4Tts7J_aSIgg"),
        b"When I grow up, I want to be a watermelon",
    )
    assert webpush.encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_draft_before_is_opened_by_who_has_the_clients_key() -> None:
    client, secret = ec.generate_private_key(ec.SECP256R1()), b"s" * 16
    point = webpush._point(client.public_key())
    key = webpush.application_key(SECRET)
    headers, body = webpush.message(
        key, "mailto:it@kent.example", ENDPOINT, point, secret, b"hello", standard=False, now=NOON
    )
    held = dict(headers)
    salt = webpush.decoded(held["Encryption"].removeprefix("salt="))
    sender = webpush.decoded(held["Crypto-Key"].split(";")[0].removeprefix("dh="))
    shared = client.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    outer = hkdf(secret, shared, b"Content-Encoding: auth\0", 32)
    context = b"P-256\0" + struct.pack("!H", 65) + point + struct.pack("!H", 65) + sender
    content = hkdf(salt, outer, b"Content-Encoding: aesgcm\0" + context, 16)
    nonce = hkdf(salt, outer, b"Content-Encoding: nonce\0" + context, 12)
    assert AESGCM(content).decrypt(nonce, body, None) == b"\0\0hello"
    assert held["Content-Encoding"] == "aesgcm"
    assert held["Authorization"].startswith("WebPush ")
    assert held["Crypto-Key"].endswith(f";p256ecdsa={webpush.public_of(key)}")


def test_a_service_knows_who_sends_and_for_whom() -> None:
    key = webpush.application_key(SECRET)
    point = webpush._point(ec.generate_private_key(ec.SECP256R1()).public_key())
    headers, _ = webpush.message(
        key, "mailto:it@kent.example", ENDPOINT, point, b"s" * 16, b"hello", standard=True, now=NOON
    )
    token, public = dict(headers)["Authorization"].removeprefix("vapid t=").split(", k=")
    assert public == webpush.public_of(webpush.application_key(SECRET))
    claims = jwt.decode(token, ECKey.import_key(webpush._pem(key)), algorithms=["ES256"]).claims
    assert claims["aud"] == "https://push.example"
    assert claims["sub"] == "mailto:it@kent.example"
    assert 0 < claims["exp"] - NOON.timestamp() <= 24 * 3600


def test_each_secret_has_its_own_key() -> None:
    keys = {webpush.public_of(webpush.application_key(bytes([number]) * 64)) for number in range(4)}
    assert len(keys) == 4


@pytest.mark.parametrize("text", ["AQID", "AQID====", " AQID\n"])
def test_base64_is_read_padded_or_not(text: str) -> None:
    assert webpush.decoded(text) == b"\x01\x02\x03"
    assert webpush.decoded(webpush.encoded(b"\xff\xfe")) == webpush.decoded("//4=") == b"\xff\xfe"


@pytest.mark.parametrize("data", [b"", b"\x04" + b"\x01" * 64, b"x" * 65])
def test_what_is_no_key_of_a_client_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        webpush.ensure_point(data)
