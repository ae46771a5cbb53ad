import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.errors import LocalFault, Malformed
from activitypub.sig import base58, keys
from activitypub.sig.keys import PrivateKey
from tests.support.signed import SEED, ed25519_key, public_of, rsa_key

MULTIKEY = "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"


def pem(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, kind: str = "spki") -> str:
    form = (
        serialization.PublicFormat.PKCS1
        if kind == "pkcs1"
        else serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


@pytest.fixture(params=["rsa", "ed25519"])
def key(request: pytest.FixtureRequest) -> PrivateKey:
    return rsa_key() if request.param == "rsa" else ed25519_key()


def test_a_signature_holds_for_its_data_only(key: PrivateKey) -> None:
    signature = key.sign(b"said")
    public = public_of(key)
    assert public.verify(signature, b"said")
    assert not public.verify(signature, b"Said")
    assert not public.verify(signature[:-1], b"said")
    assert not public.verify(b"", b"said")


def test_a_key_signs_the_same_after_it_was_stored(key: PrivateKey) -> None:
    again = keys.private_from_secret(key.kind, key.secret)
    assert again.public_text == key.public_text
    assert public_of(key).verify(again.sign(b"said"), b"said")


def test_a_stored_key_of_another_kind_is_a_bug() -> None:
    with pytest.raises(LocalFault, match="wanted rsa"):
        keys.private_from_secret("rsa", ed25519_key().secret)


def test_a_stored_key_of_no_kind_of_ours_is_a_bug() -> None:
    secret = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(LocalFault, match="this node made"):
        keys.private_from_secret("rsa", secret)


def test_an_rsa_key_has_2048_bits_and_is_published_as_spki() -> None:
    text = keys.generate_rsa().public_text
    assert text.startswith("-----BEGIN PUBLIC KEY-----\n")
    read = serialization.load_pem_public_key(text.encode())
    assert isinstance(read, rsa.RSAPublicKey)
    assert read.key_size == 2048


def test_two_ed25519_keys_differ() -> None:
    assert keys.generate_ed25519().public_text != keys.generate_ed25519().public_text


def test_the_published_multikey_is_written_and_read() -> None:
    assert ed25519_key().public_text == MULTIKEY
    assert keys.public_from_multikey(MULTIKEY).text == MULTIKEY


def test_pkcs1_is_read_and_given_back_as_spki() -> None:
    spki = rsa_key().public_text
    public = serialization.load_pem_public_key(spki.encode())
    assert isinstance(public, rsa.RSAPublicKey)
    assert keys.public_from_pem(pem(public, "pkcs1")).text == spki


def test_an_ed25519_key_in_pem_becomes_a_multikey() -> None:
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    text = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
    assert keys.public_from_pem(text).kind == "ed25519"
    assert keys.public_from_pem(text).text == MULTIKEY


def test_carriage_returns_in_a_pem_do_no_harm() -> None:
    text = rsa_key().public_text
    assert keys.public_from_pem(text.replace("\n", "\r\n")).text == text


def test_a_short_rsa_key_is_refused() -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()
    with pytest.raises(Malformed, match="1024 bits"):
        keys.public_from_pem(pem(short))


def test_a_key_on_another_curve_is_refused() -> None:
    with pytest.raises(Malformed, match="wanted RSA or Ed25519"):
        keys.public_from_pem(pem(ec.generate_private_key(ec.SECP256R1()).public_key()))


@pytest.mark.parametrize(
    "text", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "\ud800"]
)
def test_what_is_no_pem_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        keys.public_from_pem(text)


def test_an_endless_pem_is_not_read() -> None:
    with pytest.raises(Malformed, match="at most"):
        keys.public_from_pem("-----BEGIN PUBLIC KEY-----\n" + "A" * 20_000)


@pytest.mark.parametrize(
    "octets",
    [b"", b"\xed\x01", b"\xed\x01" + bytes(31), b"\xed\x01" + bytes(33), b"\x12\x05" + bytes(32)],
    ids=["nothing", "no key", "too short", "too long", "another codec"],
)
def test_what_is_no_ed25519_multikey_is_malformed(octets: bytes) -> None:
    with pytest.raises(Malformed, match="Ed25519 Multikey"):
        keys.public_from_multikey(base58.encode(octets))
