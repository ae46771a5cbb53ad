"""Our own keys and others'."""

from datetime import timedelta

from storage import keys
from storage.engine import Store
from storage.ids import ActorId
from storage.keys import OwnKey, PrivateKeyRow, PublicKeyRow
from tests.storage import people
from tests.storage.people import NOON

KEY = PublicKeyRow(
    "https://devon.example/cleo#key", "https://devon.example/cleo", "devon.example", "rsa", "PEM", NOON
)


async def test_a_key_of_ours_is_found_by_its_kind(store: Store) -> None:
    ada = await people.add(store, "ada")
    await store.write(keys.add_private, ada, "rsa", "ada#main-key", b"secret", "PEM", NOON)
    await store.write(keys.add_private, ada, "ed25519", "ada#ed25519-key", b"other", "z6Mk", NOON)
    assert await store.read(keys.find_private, ada, "rsa") == PrivateKeyRow(
        ada, "rsa", "ada#main-key", b"secret", "PEM"
    )
    assert await store.read(keys.public_of, ada) == [
        OwnKey("ed25519", "ada#ed25519-key", "z6Mk"),
        OwnKey("rsa", "ada#main-key", "PEM"),
    ]
    assert await store.read(keys.find_private, ActorId(1), "rsa") is None


async def test_a_fetched_key_is_replaced_by_the_next_one(store: Store) -> None:
    await store.write(keys.put_public, KEY)
    newer = PublicKeyRow(KEY.key_id, KEY.owner, KEY.host, "rsa", "NEW", NOON + timedelta(days=1))
    await store.write(keys.put_public, newer)
    assert await store.read(keys.find_public, KEY.key_id) == newer


async def test_a_fetched_key_is_forgotten_alone_or_with_its_owner(store: Store) -> None:
    second = PublicKeyRow("https://devon.example/cleo#two", KEY.owner, KEY.host, "rsa", "PEM", NOON)
    third = PublicKeyRow("https://devon.example/cleo#three", KEY.owner, KEY.host, "rsa", "PEM", NOON)
    for key in (KEY, second, third):
        await store.write(keys.put_public, key)
    await store.write(keys.forget_public, KEY.key_id)
    assert await store.read(keys.find_public, KEY.key_id) is None
    assert await store.read(keys.find_public, second.key_id) == second
    await store.write(keys.forget_owner, KEY.owner)
    assert await store.read(keys.find_public, second.key_id) is None
    assert await store.read(keys.find_public, third.key_id) is None
