"""Whoever acts, as they are read."""

import json

from activitypub import document
from activitypub.vocab import Actor, Multikey, PublicKey, registry

ANA = "https://kent.example/people/ana"
KEY = {"id": f"{ANA}#main-key", "owner": ANA, "publicKeyPem": "PEM"}


def read(**more: object) -> Actor:
    body = {"id": ANA, "type": "Person", "preferredUsername": "ana", "inbox": f"{ANA}/inbox"} | more
    actor = registry.read(document.read(json.dumps(body).encode()))
    assert isinstance(actor, Actor)
    return actor


def test_one_key_and_many_are_read_alike() -> None:
    key = PublicKey(id=f"{ANA}#main-key", owner=ANA, public_key_pem="PEM")

    assert read(publicKey=KEY).public_keys == (key,)
    assert read(publicKey=[KEY, KEY]).public_keys == (key, key)
    assert read().public_keys == ()


def test_keys_for_proofs_are_read() -> None:
    multikey = {"type": "Multikey", "id": f"{ANA}#k", "controller": ANA, "publicKeyMultibase": "z6Mk"}

    assert read(assertionMethod=multikey).assertion_method == (
        Multikey(id=f"{ANA}#k", controller=ANA, public_key_multibase="z6Mk"),
    )


def test_what_an_actor_does_not_say_is_unknown() -> None:
    actor = read(endpoints={}, discoverable=None)

    assert (actor.endpoints, actor.discoverable, actor.manually_approves_followers) == (None, None, False)


def test_profile_lines_and_pictures_are_read() -> None:
    line = {"type": "PropertyValue", "name": "Council", "value": "Kent"}
    actor = read(attachment=line, icon=[{"type": "Image", "url": "https://kent.example/i.png"}])

    assert [(field.name, field.value) for field in actor.attachment] == [("Council", "Kent")]
    assert actor.icon is not None
    assert actor.icon.url == "https://kent.example/i.png"


def test_a_community_names_its_facilitators() -> None:
    assert read(type="Group", attributedTo=f"{ANA}/facilitators").attributed_to == f"{ANA}/facilitators"
