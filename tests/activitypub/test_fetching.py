import json
from typing import Any

import pytest

from activitypub import fetching
from activitypub.document import Document, read
from activitypub.errors import Malformed, Unsigned, WrongOrigin, WrongType
from activitypub.fetching import KeyFound, NeedOwner
from activitypub.wire import Response
from tests.support.signed import ACTOR, KEY_ID, ed25519_key, rsa_key

ACTIVITY = "application/activity+json"
PEM = rsa_key().public_text
MULTIKEY = ed25519_key().public_text
LISTED = {"id": KEY_ID, "owner": ACTOR, "publicKeyPem": PEM}
METHOD = {"id": f"{ACTOR}#ed25519", "type": "Multikey", "controller": ACTOR, "publicKeyMultibase": MULTIKEY}


def document(**properties: Any) -> Document:
    return read(json.dumps({"id": ACTOR, "type": "Person"} | properties).encode())


def response(body: Any, *, status: int = 200, type: str | None = ACTIVITY) -> Response:
    headers = (("content-type", type),) if type is not None else ()
    return Response(status=status, url=ACTOR, headers=headers, body=json.dumps(body).encode())


@pytest.mark.parametrize(
    "type",
    [
        ACTIVITY,
        f"{ACTIVITY}; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        "application/ld+json",
    ],
)
def test_a_document_at_its_own_id_is_given(type: str) -> None:
    found = fetching.document_of(response({"id": ACTOR, "type": "Person"}, type=type), asked=ACTOR)
    assert (found.id, found.type) == (ACTOR, "Person")


@pytest.mark.parametrize("type", ["application/json", "text/html", "application/octet-stream", None])
def test_another_content_type_is_no_document(type: str | None) -> None:
    with pytest.raises(WrongType):
        fetching.document_of(response({"id": ACTOR}, type=type), asked=ACTOR)


@pytest.mark.parametrize(
    "found", ["https://hub.kent.example/u/bo", "https://evil.example/u/ana", f"{ACTOR}/", None]
)
def test_a_document_of_another_id_is_refused(found: str | None) -> None:
    with pytest.raises(WrongOrigin, match="whose id is"):
        fetching.document_of(response({"id": found, "type": "Person"}), asked=ACTOR)


@pytest.mark.parametrize("status", [204, 206, 304, 404, 500])
def test_only_200_gives_a_document(status: int) -> None:
    with pytest.raises(Malformed, match=f"answered {status}"):
        fetching.document_of(response({"id": ACTOR}, status=status), asked=ACTOR)


def test_what_is_no_json_is_malformed() -> None:
    broken = Response(status=200, url=ACTOR, headers=(("content-type", ACTIVITY),), body=b"<html>")
    with pytest.raises(Malformed):
        fetching.document_of(broken, asked=ACTOR)


@pytest.mark.parametrize(
    "keys",
    [
        LISTED,
        [LISTED],
        [{"id": f"{ACTOR}#old", "owner": ACTOR, "publicKeyPem": PEM}, LISTED],
        ["text", LISTED],
    ],
    ids=["one", "a list", "second", "beside a text"],
)
def test_a_key_that_its_owner_lists_is_found(keys: Any) -> None:
    assert fetching.key_from(document(publicKey=keys), KEY_ID) == KeyFound(
        public=PEM, kind="rsa", owner=ACTOR
    )


def test_a_multikey_is_found() -> None:
    found = fetching.key_from(document(publicKey=LISTED, assertionMethod=[METHOD]), METHOD["id"])
    assert found == KeyFound(public=MULTIKEY, kind="ed25519", owner=ACTOR)


def test_the_key_of_gotosocial_has_an_address_of_its_own() -> None:
    # federation.md 2.3: .../main-key answers with a stub actor that lists it under that id.
    key_id = f"{ACTOR}/main-key"
    stub = document(preferredUsername="ana", publicKey=LISTED | {"id": key_id})
    assert fetching.key_from(stub, key_id) == KeyFound(public=PEM, kind="rsa", owner=ACTOR)


def test_a_key_that_the_actor_gives_to_somebody_else_is_refused() -> None:
    with pytest.raises(WrongOrigin, match="as the key of https://hub"):
        fetching.key_from(document(publicKey=LISTED | {"owner": "https://hub.kent.example/u/bo"}), KEY_ID)


def test_a_key_without_an_owner_is_refused() -> None:
    with pytest.raises(WrongOrigin, match="as the key of None"):
        fetching.key_from(document(publicKey={"id": KEY_ID, "publicKeyPem": PEM}), KEY_ID)


def test_a_key_id_of_another_origin_is_refused_although_listed() -> None:
    key_id = "https://keys.example/ana"
    with pytest.raises(WrongOrigin, match="https://keys"):
        fetching.key_from(document(publicKey=LISTED | {"id": key_id}), key_id)


def test_a_key_that_is_not_listed_is_refused() -> None:
    with pytest.raises(Unsigned, match="not among the keys"):
        fetching.key_from(document(publicKey=LISTED), f"{ACTOR}#other")


def test_no_more_than_ten_keys_are_looked_at() -> None:
    others = [{"id": f"{ACTOR}#{number}", "owner": ACTOR, "publicKeyPem": PEM} for number in range(10)]
    assert isinstance(fetching.key_from(document(publicKey=others), f"{ACTOR}#9"), KeyFound)
    with pytest.raises(Unsigned):
        fetching.key_from(document(publicKey=[*others, LISTED]), KEY_ID)


@pytest.mark.parametrize(
    "entry", [{}, {"publicKeyPem": 5}, {"publicKeyPem": "none"}, {"publicKeyMultibase": "z1"}]
)
def test_a_listed_key_that_cannot_be_read_is_malformed(entry: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        fetching.key_from(document(publicKey={"id": KEY_ID, "owner": ACTOR} | entry), KEY_ID)


def key_document(**properties: Any) -> Document:
    return document(id=f"{ACTOR}/key", type="Key", publicKeyPem=PEM, **properties)


@pytest.mark.parametrize("claim", ["owner", "controller"])
def test_a_key_document_only_names_whom_to_ask(claim: str) -> None:
    assert fetching.key_from(key_document(**{claim: ACTOR}), f"{ACTOR}/key") == NeedOwner(owner=ACTOR)


def test_a_key_document_may_be_asked_for_with_a_fragment() -> None:
    assert fetching.key_from(key_document(owner=ACTOR), f"{ACTOR}/key#main") == NeedOwner(owner=ACTOR)


def test_a_key_document_cannot_claim_an_owner_elsewhere() -> None:
    with pytest.raises(WrongOrigin):
        fetching.key_from(key_document(owner="https://hub.leeds.example/u/bo"), f"{ACTOR}/key")


@pytest.mark.parametrize("properties", [{}, {"owner": 5}, {"owner": f"{ACTOR}/key"}])
def test_a_key_document_without_an_owner_to_ask_is_refused(properties: dict[str, Any]) -> None:
    with pytest.raises(Unsigned):
        fetching.key_from(key_document(**properties), f"{ACTOR}/key")


def test_a_document_of_another_key_names_nobody() -> None:
    with pytest.raises(Unsigned):
        fetching.key_from(key_document(owner=ACTOR), f"{ACTOR}/another")
