import base64
import hashlib

import pytest

from activitypub.errors import Malformed, Unsigned
from activitypub.sig import digest
from tests.support.signed import BODY

# federation.md 2.2
SHA256 = "FnH/5pP/3SFgP6m11GDtC6rWMO69lzjVDKDAlQDxNtI="
SHA512 = base64.b64encode(hashlib.sha512(BODY).digest()).decode()
OTHER = digest.sha256_of(b"another body")


def test_the_published_digest_is_made() -> None:
    assert digest.digest(digest.sha256_of(BODY)) == f"SHA-256={SHA256}"
    assert digest.content_digest(digest.sha256_of(BODY)) == f"sha-256=:{SHA256}:"


@pytest.mark.parametrize(
    "header",
    [
        f"SHA-256={SHA256}",
        f"sha-256={SHA256}",
        f"SHA-512={SHA512},SHA-256={SHA256}",
        f"SHA-256={SHA256}, SHA-512={SHA512}",
        f"SHA-256={SHA256}, SHA-256={SHA256}",
    ],
)
def test_a_digest_of_the_body_passes(header: str) -> None:
    digest.check_digest(header, BODY)


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"SHA-256={OTHER}",
        f"SHA-512={SHA512}",
        f"SHA-256={SHA256}, SHA-256={OTHER}",
        f"SHA-256={OTHER}, sha-256={SHA256}",
        f"SHA-256:{SHA256}",
        f"SHA-256={SHA256.rstrip('=')}",
        "SHA-256=é",
    ],
)
def test_any_other_digest_does_not(header: str) -> None:
    with pytest.raises(Unsigned):
        digest.check_digest(header, BODY)


@pytest.mark.parametrize("header", [f"sha-256=:{SHA256}:", f"sha-512=:{SHA512}:, sha-256=:{SHA256}:;a=1"])
def test_a_content_digest_of_the_body_passes(header: str) -> None:
    digest.check_content_digest(header, BODY)


@pytest.mark.parametrize(
    "header", ["", f"sha-256=:{OTHER}:", f"sha-512=:{SHA512}:", "sha-256=1", "sha-256=(1 2)"]
)
def test_any_other_content_digest_does_not(header: str) -> None:
    with pytest.raises(Unsigned):
        digest.check_content_digest(header, BODY)


@pytest.mark.parametrize(
    "header", [f"sha-256=:{SHA256}:, sha-256=:{SHA256}:", "sha-256=:no base64", "\u20ac"]
)
def test_a_content_digest_that_cannot_be_read_is_malformed(header: str) -> None:
    with pytest.raises(Malformed):
        digest.check_content_digest(header, BODY)
