"""The node's private keys: encrypted where they are kept, objects in memory, signing in two threads.

    write_key_file(path)                             once, by `fedcop init`
    signature = await signing.sign(actor_id, base)   RSA, for a request
    document = await signing.prove(actor_id, body)   Ed25519, a proof that outlives passing on

A copy of the database alone signs nothing: the key file that opens its keys lies outside of it.
"""

import asyncio
import base64
import binascii
import functools
import hmac
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from activitypub.document import Json
from activitypub.sig import keys as sig_keys
from activitypub.sig import proof
from activitypub.sig.keys import Kind, PrivateKey
from fedcop.clock import Clock
from fedcop.errors import ConfigFault, NotFound
from fedcop.uris import key_of, proof_key_of
from storage import keys
from storage.chain import Seal
from storage.engine import Store, ensure_outside_transaction
from storage.ids import ActorId

# RSA signing releases the GIL: two threads sign nearly twice as much. Handing over costs 30 us a time, so
# what waits goes in batches (measured.md 0.6, B6).
THREADS: Final = 2
BATCH: Final = 16

_KEY_BYTES = 32
_NONCE_BYTES = 12


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key just made, as it is stored: ``secret`` is encrypted."""

    kind: Kind
    key_id: str
    secret: bytes
    public: str


class _Job(msgspec.Struct, frozen=True):
    key: PrivateKey
    data: bytes
    signature: asyncio.Future[bytes]


class Signing:
    """Signs for every actor of this node."""

    def __init__(
        self,
        store: Store,
        key_file: str,
        *,
        clock: Clock | None = None,
        make_rsa: Callable[[], PrivateKey] = sig_keys.generate_rsa,
    ) -> None:
        """Read the key file; raise ``ConfigFault`` when it is not there or holds no key."""
        self._store = store
        self._make_rsa = make_rsa
        self._key_file = key_file
        self._clock = clock or Clock()
        secret = _read_key_file(Path(key_file))
        self._cipher = AESGCM(secret)
        # A key of its own for the addresses of pictures that are not for everybody (fedcop.policy.pictures).
        self.address_key = hmac.digest(secret, b"addresses of pictures", "sha256")
        # By which the record of decisions is bound together (storage.chain).
        self.audit_seal = Seal(hmac.digest(secret, b"record of decisions", "sha256"))
        # What the key is made of by which push services know this node (fedcop.content.webpush).
        self.push_secret = hmac.digest(secret, b"web push", "sha512")
        self._keys: dict[tuple[ActorId, Kind], tuple[str, PrivateKey]] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="signing")
        self._waiting: list[_Job] = []
        self._busy = 0

    async def sign(self, actor_id: ActorId, data: bytes) -> bytes:
        """Give an actor's RSA signature over what a request says."""
        ensure_outside_transaction("signing.sign")
        _, key = await self._key(actor_id, "rsa")
        loop = asyncio.get_running_loop()
        job = _Job(key, data, loop.create_future())
        self._waiting.append(job)
        if self._busy < THREADS:
            self._busy += 1
            self._next(loop)
        return await job.signature

    async def prove(self, actor_id: ActorId, document: Json) -> Json:
        """Give a document with an actor's proof, made now."""
        ensure_outside_transaction("signing.prove")
        key_id, key = await self._key(actor_id, "ed25519")
        return proof.make(document, key_id=key_id, created=self._clock.now(), sign=key.sign)

    async def new_keys(self, actor_uri: str) -> tuple[NewKey, ...]:
        """Make the two keys of a new actor; a thread does it, since RSA takes a while."""
        ensure_outside_transaction("signing.new_keys")
        rsa = await asyncio.get_running_loop().run_in_executor(self._threads, self._make_rsa)
        return (
            self._sealed(rsa, key_of(actor_uri)),
            self._sealed(sig_keys.generate_ed25519(), proof_key_of(actor_uri)),
        )

    def close(self) -> None:
        """Let go of the threads; what is being signed is finished, what waits is not."""
        for job in self._waiting:
            job.signature.cancel()
        self._waiting.clear()
        self._threads.shutdown(wait=True)

    async def _key(self, actor_id: ActorId, kind: Kind) -> tuple[str, PrivateKey]:
        held = self._keys.get((actor_id, kind))
        if held is None:
            row = await self._store.read(keys.find_private, actor_id, kind)
            if row is None:
                raise NotFound(f"actor {actor_id} has no {kind} key here")
            secret = self._opened(row.secret, row.key_id)
            held = self._keys[actor_id, kind] = (row.key_id, sig_keys.private_from_secret(kind, secret))
        return held

    def _sealed(self, key: PrivateKey, key_id: str) -> NewKey:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        # The id is bound in, so that nobody who can write rows gives one actor another's key.
        secret = nonce + self._cipher.encrypt(nonce, key.secret, key_id.encode())
        return NewKey(kind=key.kind, key_id=key_id, secret=secret, public=key.public_text)

    def _opened(self, secret: bytes, key_id: str) -> bytes:
        try:
            return self._cipher.decrypt(secret[:_NONCE_BYTES], secret[_NONCE_BYTES:], key_id.encode())
        except InvalidTag:
            raise ConfigFault(
                f"node.key_file: {self._key_file} does not open {key_id} of this database"
            ) from None

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand the next batch to a thread: half of what waits, so that both have work."""
        if not self._waiting:
            self._busy -= 1
            return
        size = min(BATCH, -(-len(self._waiting) // THREADS))
        batch, self._waiting = self._waiting[:size], self._waiting[size:]
        done = loop.run_in_executor(self._threads, _signatures, batch)
        done.add_done_callback(functools.partial(self._finish, loop, batch))

    def _finish(
        self, loop: asyncio.AbstractEventLoop, batch: list[_Job], done: asyncio.Future[list[bytes]]
    ) -> None:
        error = done.exception()
        for place, job in enumerate(batch):
            if job.signature.done():  # whoever wanted it has gone
                continue
            if error is not None:
                job.signature.set_exception(error)
            else:
                job.signature.set_result(done.result()[place])
        self._next(loop)


def _signatures(batch: list[_Job]) -> list[bytes]:
    return [job.key.sign(job.data) for job in batch]


def write_key_file(path: Path) -> None:
    """Make the key file, readable by its owner only; raise ``ConfigFault`` rather than replace one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigFault(
            f"node.key_file: {path} exists; it opens all other keys and is never replaced"
        ) from None
    with open(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n")


def _read_key_file(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except OSError as error:
        raise ConfigFault(f"node.key_file: {path} cannot be read: {error.strerror}") from None
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        raise ConfigFault(f"node.key_file: {path} holds no key; wanted {_KEY_BYTES} bytes in base64")
    return key
