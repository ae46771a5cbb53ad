import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activitypub.errors import Malformed
from activitypub.sig import base58, proof
from activitypub.sig.keys import PrivateKey, generate_ed25519, public_from_multikey
from tests.support.signed import ACTOR, NOW, ed25519_key, public_of, rsa_key

METHOD = f"{ACTOR}#ed25519"
CREATED = datetime(2026, 1, 5, 9, tzinfo=UTC)

OURS = "zn12Jk4RLtdyTB1fQz5fHnv1AF5AAMsTGy935bbGXwCJGc7UXKMuynQEnoH8gcpwyPVFifKpBirLqkMhqeCY8BZz"
FEP = "z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszyLp5Ks1EhYSgpDaNM977Rg2"
W3C = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"

# federation.md 3.2
LIKE: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"],
    "id": "https://hub.kent.example/activities/1",
    "type": "Like",
    "actor": ACTOR,
    "object": "https://hub.leeds.example/p/1",
}


def made(document: dict[str, Any] | None = None, key: PrivateKey | None = None) -> dict[str, Any]:
    signer = key or ed25519_key()
    return proof.make(
        LIKE if document is None else document, key_id=METHOD, created=CREATED, sign=signer.sign
    )


def holds(document: dict[str, Any]) -> bool:
    return proof.holds(document, public_of(ed25519_key()))


def changed(document: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Give a copy whose proof differs."""
    again = copy.deepcopy(document)
    again["proof"] |= options
    return again


def test_the_published_hash_and_proof_are_made() -> None:
    seen: list[bytes] = []

    def sign(data: bytes) -> bytes:
        seen.append(data)
        return ed25519_key().sign(data)

    signed = proof.make(LIKE, key_id=METHOD, created=CREATED, sign=sign)
    assert seen[0].hex() == (
        "84e5b8c04e4ed93330a04b2a8dfd843242f9977d3ed18c7250853c494387b1b3"
        "7962ef3b1cebe5655c55d05635f7b3ede99b0040e6543db8d42bb14b35a9ab82"
    )
    assert signed["proof"] == {
        "@context": LIKE["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        "created": "2026-01-05T09:00:00Z",
        "proofValue": OURS,
    }


# The test key of vc-di-eddsa, which FEP-8b32 uses as well.
PUBLISHED = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
DID = f"did:key:{PUBLISHED}#{PUBLISHED}"


def test_the_vector_of_fep_8b32_holds() -> None:
    signed = {
        "@context": [
            "https://www.w3.org/ns/activitystreams",
            "https://w3id.org/security/data-integrity/v1",
        ],
        "type": "Create",
        "actor": "https://server.example/users/alice",
        "object": {"type": "Note", "content": "Hello world"},
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "verificationMethod": "https://server.example/users/alice#ed25519-key",
            "proofPurpose": "assertionMethod",
            "proofValue": FEP,
            "created": "2023-02-24T23:36:38Z",
        },
    }
    assert proof.holds(signed, public_from_multikey(PUBLISHED))
    assert proof.needs(signed) == proof.ProofHead(
        verification_method="https://server.example/users/alice#ed25519-key",
        created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
        expires=None,
    )


def test_the_vector_of_vc_di_eddsa_holds() -> None:
    context = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
    signed = {
        "@context": context,
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": "2023-02-24T23:36:38Z",
            "verificationMethod": DID,
            "proofPurpose": "assertionMethod",
            "@context": context,
            "proofValue": W3C,
        },
    }
    assert proof.holds(signed, public_from_multikey(PUBLISHED))


def test_a_proof_holds_for_its_key_only() -> None:
    assert holds(made())
    assert not proof.holds(made(), public_of(generate_ed25519()))
    assert not proof.holds(made(), public_of(rsa_key()))


def test_a_document_is_not_changed_by_its_proof() -> None:
    before = copy.deepcopy(LIKE)
    made()
    assert before == LIKE


def test_the_order_of_keys_does_not_matter() -> None:
    assert holds(dict(reversed(made().items())))


@pytest.mark.parametrize("change", [{"object": "https://evil.example/p/1"}, {"summary": "added"}])
def test_a_changed_document_does_not_hold(change: dict[str, Any]) -> None:
    assert not holds(made() | change)


def test_a_document_that_lost_something_does_not_hold() -> None:
    signed = made()
    del signed["object"]
    assert not holds(signed)


@pytest.mark.parametrize(
    "options",
    [
        {"created": "2026-01-06T09:00:00Z"},
        {"verificationMethod": "https://evil.example/key"},
        {"expires": "2030-01-01T00:00:00Z"},
        {"proofValue": base58.encode(bytes(64))},
        {"proofValue": "z"},
    ],
)
def test_a_changed_proof_does_not_hold(options: dict[str, Any]) -> None:
    assert not holds(changed(made(), **options))


def test_an_old_proof_is_replaced() -> None:
    assert made(made()) == made()


def test_a_linked_data_signature_is_left_out() -> None:
    signed = made() | {"signature": {"type": "RsaSignature2017", "signatureValue": "AAAA"}}
    assert holds(signed)


def test_without_a_context_the_proof_has_none() -> None:
    bare = {name: value for name, value in LIKE.items() if name != "@context"}
    signed = made(bare)
    assert "@context" not in signed["proof"]
    assert holds(signed)


def test_a_context_may_have_grown_behind_the_signed_one() -> None:
    signed = made()
    signed["@context"] = [*LIKE["@context"], {"toot": "http://joinmastodon.org/ns#"}]
    assert holds(signed)


@pytest.mark.parametrize(
    "context", [[], ["https://evil.example/ns"], "https://www.w3.org/ns/activitystreams", None]
)
def test_another_context_does_not_hold(context: Any) -> None:
    assert not holds(made() | {"@context": context})


@pytest.mark.parametrize(
    "document",
    [
        LIKE,
        LIKE | {"proof": None},
        LIKE | {"proof": "https://hub.kent.example/proofs/1"},
        LIKE | {"proof": []},
        LIKE | {"proof": {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-jcs-2019"}},
    ],
)
def test_a_document_without_such_a_proof_needs_no_key(document: dict[str, Any]) -> None:
    assert proof.needs(document) is None
    assert not holds(document)


@pytest.mark.parametrize(
    "options",
    [
        {"type": "Proof"},
        {"proofPurpose": "authentication"},
        {"verificationMethod": None},
        {"proofValue": 1},
        {"created": None},
        {"created": "yesterday"},
        {"created": "2026-01-05T09:00:00"},
        {"expires": 5},
    ],
)
def test_a_proof_that_lacks_something_is_malformed_and_does_not_hold(options: dict[str, Any]) -> None:
    document = changed(made(), **options)
    with pytest.raises(Malformed):
        proof.needs(document)
    assert not holds(document)


def test_a_number_that_has_no_canonical_form_is_not_signed() -> None:
    with pytest.raises(Malformed, match="canonical"):
        made(LIKE | {"size": 2**60})


@pytest.mark.parametrize(
    ("age", "expires_in", "expected"),
    [
        (timedelta(0), None, True),
        (timedelta(days=30), None, True),
        (timedelta(days=31), None, False),
        (-timedelta(minutes=30), None, True),
        (-timedelta(hours=2), None, False),
        (timedelta(days=1), timedelta(days=1), True),
        (timedelta(days=1), -timedelta(seconds=1), False),
    ],
)
def test_the_head_says_whether_a_proof_is_in_time(
    age: timedelta, expires_in: timedelta | None, expected: bool
) -> None:
    expires = NOW + expires_in if expires_in is not None else None
    head = proof.ProofHead(verification_method=METHOD, created=NOW - age, expires=expires)
    assert head.is_in_time(NOW, longest=timedelta(days=30)) is expected


def test_without_a_limit_an_old_proof_is_in_time() -> None:
    head = proof.ProofHead(verification_method=METHOD, created=NOW - timedelta(days=900), expires=None)
    assert head.is_in_time(NOW)
