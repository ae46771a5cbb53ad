import asyncio
import base64
import os
import stat
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activitypub.errors import LocalFault
from activitypub.sig import keys as sig_keys
from activitypub.sig import proof
from fedcop import signing as fedcop_signing
from fedcop.errors import ConfigFault, NotFound
from fedcop.signing import NewKey, Signing, write_key_file
from storage import keys, migrate, open_store
from storage.engine import Reader, Store, Transaction
from storage.errors import TransactionMisuse
from storage.ids import ActorId
from tests.support.clock import NOON, noon

ADA = "https://kent.example/people/ada"
ADA_ID = ActorId(1)

ADD_ACTOR = """
INSERT INTO actors (id, uri, type, handle, host, domain, local, created_at, updated_at)
VALUES (:id, :uri, 'Person', 'ada', 'kent.example', 'kent.example', 1, :now, :now)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a migrated database and a key file, made once."""
    path = tmp_path_factory.mktemp("signing")
    migrate.migrate(f"sqlite:{path / 'fedcop.db'}")
    write_key_file(path / "node.key")
    return path


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    opened = await open_store(f"sqlite:{folder / 'fedcop.db'}")
    yield opened
    await opened.close()


@pytest.fixture
async def signing(folder: Path, store: Store) -> AsyncIterator[Signing]:
    """Give the signing of a node where Ada has her keys."""
    made = Signing(store, str(folder / "node.key"), clock=noon())
    if await store.read(keys.find_private, ADA_ID, "rsa") is None:
        await store.write(_add, await made.new_keys(ADA))
    yield made
    made.close()


async def _add(tx: Transaction, made: tuple[NewKey, ...]) -> None:
    await tx.execute(ADD_ACTOR, id=ADA_ID, uri=ADA, now=NOON)
    for key in made:
        await keys.add_private(tx, ADA_ID, key.kind, key.key_id, key.secret, key.public, NOON)


async def public_of(store: Store, kind: str) -> sig_keys.PublicKey:
    published = {key.kind: key.public for key in await store.read(keys.public_of, ADA_ID)}
    read = sig_keys.public_from_pem if kind == "rsa" else sig_keys.public_from_multikey
    return read(published[kind])


async def test_a_request_is_signed_with_the_published_rsa_key(signing: Signing, store: Store) -> None:
    signature = await signing.sign(ADA_ID, b"base")
    assert (await public_of(store, "rsa")).verify(signature, b"base")


async def test_a_proof_is_made_now_with_the_published_ed25519_key(signing: Signing, store: Store) -> None:
    proved = await signing.prove(ADA_ID, {"id": f"{ADA}/likes/1", "type": "Like"})
    assert proof.holds(proved, await public_of(store, "ed25519"))
    head = proof.needs(proved)
    assert head == proof.ProofHead(verification_method=f"{ADA}#ed25519-key", created=NOON, expires=None)


async def test_a_new_actor_gets_two_keys_under_the_ids_that_peers_know(signing: Signing) -> None:
    rsa, ed25519 = await signing.new_keys(ADA)
    assert (rsa.kind, rsa.key_id) == ("rsa", f"{ADA}#main-key")
    assert (ed25519.kind, ed25519.key_id) == ("ed25519", f"{ADA}#ed25519-key")
    assert rsa.public.startswith("-----BEGIN PUBLIC KEY-----")
    assert ed25519.public.startswith("z6Mk")


async def test_a_key_cannot_be_read_from_the_database(signing: Signing, store: Store) -> None:
    for kind in ("rsa", "ed25519"):
        row = await store.read(keys.find_private, ADA_ID, kind)
        assert row is not None
        for start in range(16):
            with pytest.raises((ValueError, LocalFault)):
                sig_keys.private_from_secret(kind, row.secret[start:])


async def test_the_same_key_is_never_encrypted_the_same(signing: Signing) -> None:
    one, two = await signing.new_keys(ADA), await signing.new_keys(ADA)
    assert one[1].secret[:12] != two[1].secret[:12]


async def test_many_signatures_at_once_go_in_batches_to_two_threads(signing: Signing, store: Store) -> None:
    await signing.sign(ADA_ID, b"first")
    datas = [f"base {number}".encode() for number in range(100)]
    signatures = await asyncio.gather(*(signing.sign(ADA_ID, data) for data in datas))
    public = await public_of(store, "rsa")
    assert all(public.verify(signature, data) for signature, data in zip(signatures, datas, strict=True))
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("signing")]
    assert len(threads) == fedcop_signing.THREADS


async def test_one_who_stops_waiting_takes_nothing_from_the_others(signing: Signing, store: Store) -> None:
    await signing.sign(ADA_ID, b"first")
    tasks = [asyncio.ensure_future(signing.sign(ADA_ID, f"{number}".encode())) for number in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    public = await public_of(store, "rsa")
    for number in range(1, 20, 2):
        assert public.verify(tasks[number].result(), f"{number}".encode())
    assert public.verify(await signing.sign(ADA_ID, b"after"), b"after")


async def test_a_fault_in_a_thread_reaches_whoever_waits_and_ends_nothing(
    signing: Signing, store: Store
) -> None:
    no_bytes: Any = "text"
    with pytest.raises(TypeError):
        await signing.sign(ADA_ID, no_bytes)
    assert (await public_of(store, "rsa")).verify(await signing.sign(ADA_ID, b"base"), b"base")


async def test_an_actor_without_keys_does_not_sign(signing: Signing) -> None:
    with pytest.raises(NotFound, match="no rsa key"):
        await signing.sign(ActorId(99), b"base")


async def test_another_key_file_does_not_open_the_keys(
    signing: Signing, store: Store, tmp_path: Path
) -> None:
    write_key_file(tmp_path / "other.key")
    other = Signing(store, str(tmp_path / "other.key"))
    with pytest.raises(
        ConfigFault, match=r"other.key does not open https://kent.example/people/ada#main-key"
    ):
        await other.sign(ADA_ID, b"base")
    other.close()


MOVE_KEY = "UPDATE private_keys SET key_id = :key_id WHERE actor_id = :actor_id AND kind = 'ed25519'"


async def _rename(tx: Transaction, key_id: str) -> None:
    await tx.execute(MOVE_KEY, key_id=key_id, actor_id=ADA_ID)


async def test_a_key_moved_to_another_id_is_not_opened(signing: Signing, store: Store) -> None:
    await store.write(_rename, "https://kent.example/people/eve#ed25519-key")
    try:
        with pytest.raises(ConfigFault, match="does not open"):
            await signing.prove(ADA_ID, {"type": "Like"})
    finally:
        await store.write(_rename, f"{ADA}#ed25519-key")


async def test_nothing_is_signed_inside_a_transaction(signing: Signing, store: Store) -> None:
    async def misuse(read: Reader) -> None:
        await signing.sign(ADA_ID, b"base")

    async def misuse_too(read: Reader) -> None:
        await signing.prove(ADA_ID, {})

    async def misuse_again(read: Reader) -> None:
        await signing.new_keys(ADA)

    for fn in (misuse, misuse_too, misuse_again):
        with pytest.raises(TransactionMisuse):
            await store.read(fn)


async def test_whoever_waits_at_the_end_is_told(signing: Signing) -> None:
    await signing.sign(ADA_ID, b"first")
    tasks = [asyncio.ensure_future(signing.sign(ADA_ID, b"base")) for _ in range(50)]
    await asyncio.sleep(0)
    signing.close()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(result) for result in results} == {bytes, asyncio.CancelledError}
    with pytest.raises(RuntimeError, match="shutdown"):
        await signing.sign(ADA_ID, b"late")


async def test_without_a_clock_a_proof_bears_the_time_of_this_machine(
    folder: Path, store: Store, signing: Signing
) -> None:
    plain = Signing(store, str(folder / "node.key"))
    head = proof.needs(await plain.prove(ADA_ID, {"type": "Like"}))
    plain.close()
    assert head is not None
    assert abs(datetime.now(UTC) - head.created) < timedelta(minutes=1)


def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "node.key"
    before = os.umask(0)
    try:
        write_key_file(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(base64.b64decode(path.read_bytes())) == 32


def test_the_key_of_addresses_is_the_same_with_each_start_and_another_for_each_node(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    write_key_file(tmp_path / "node.key")
    files = (folder / "node.key", folder / "node.key", tmp_path / "node.key")
    first, again, other = (Signing(store, str(path)) for path in files)
    assert first.address_key == again.address_key != other.address_key
    assert first.address_key != base64.b64decode(files[0].read_bytes())


def test_a_key_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "node.key"
    write_key_file(path)
    held = path.read_bytes()
    with pytest.raises(ConfigFault, match="never replaced"):
        write_key_file(path)
    assert path.read_bytes() == held


def test_two_key_files_differ(tmp_path: Path) -> None:
    write_key_file(tmp_path / "a")
    write_key_file(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("content", [b"", b"no base64!", base64.b64encode(b"short"), b"\xff\xfe"])
async def test_a_broken_key_file_is_named(store: Store, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "node.key").write_bytes(content)
    with pytest.raises(ConfigFault, match="holds no key"):
        Signing(store, str(tmp_path / "node.key"))


async def test_a_missing_key_file_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ConfigFault, match="cannot be read: No such file"):
        Signing(store, str(tmp_path / "none.key"))
