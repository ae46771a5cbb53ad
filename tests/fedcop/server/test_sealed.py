"""A stream that a passphrase encrypts."""

import io
import random

import pytest

from fedcop.errors import Refusal
from fedcop.server.sealed import CHUNK, MAGIC, Opener, Sealer

PASSPHRASE = b"correct horse battery staple"


def sealed(data: bytes) -> bytes:
    file = io.BytesIO()
    with Sealer(file, PASSPHRASE) as out:
        for start in range(0, len(data), 300_000):
            out.write(data[start : start + 300_000])
    return file.getvalue()


def opened(data: bytes, passphrase: bytes = PASSPHRASE) -> bytes:
    opener, found = Opener(io.BytesIO(data), passphrase), b""
    while part := opener.read(100_000):
        found += part
    return found


@pytest.fixture(scope="module")
def made() -> bytes:
    """Give three chunks of zeros, sealed."""
    return sealed(bytes(3 * CHUNK))


@pytest.mark.parametrize("size", [0, CHUNK, 2 * CHUNK + 1])
def test_what_was_sealed_is_opened(size: int) -> None:
    data = random.Random(size).randbytes(size)
    kept = sealed(data)
    assert kept.startswith(MAGIC)
    assert data[:64] not in kept or size == 0
    assert opened(kept) == data


def test_the_same_twice_is_sealed_in_two_ways(made: bytes) -> None:
    assert sealed(bytes(3 * CHUNK))[len(MAGIC) :] != made[len(MAGIC) :]


def test_another_passphrase_opens_nothing(made: bytes) -> None:
    with pytest.raises(Refusal, match="the passphrase is another one"):
        opened(made, b"wrong")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: made[:-1],
        lambda made: made[: -(CHUNK + 16)],  # the last chunk is gone, the one before it is whole
        lambda made: made + b"x",
        lambda made: made[:-40] + bytes([made[-40] ^ 1]) + made[-39:],
        lambda made: made[:32] + made[32 + CHUNK + 16 : 32 + 2 * (CHUNK + 16)] + made[32 + CHUNK + 16 :],
        lambda made: made[:20] + bytes([made[20] ^ 1]) + made[21:],
        lambda made: made[:20],
        lambda made: made[:16],
    ],
)
def test_what_was_changed_cut_off_or_put_in_another_order_is_refused(made: bytes, spoil: object) -> None:
    with pytest.raises(Refusal, match=r"changed or cut off|another one, or"):
        opened(spoil(made))  # type: ignore[operator]


def test_every_changed_missing_or_added_byte_is_noticed_before_anything_is_given() -> None:
    kept = sealed(bytes(300))
    opener = Opener(io.BytesIO(kept), PASSPHRASE)
    heard: list[int] = []
    opener.ensure_whole(heard.append)
    assert (sum(heard), opener.read(CHUNK)) == (300, bytes(300))
    file = io.BytesIO(kept)
    opener = Opener(file, PASSPHRASE)
    for place in range(len(MAGIC) + 16, len(kept)):  # the header is what the key is made of: see above
        for bit in range(8):
            file.getbuffer()[place] ^= 1 << bit
            refuse_whole(opener)
            file.getbuffer()[place] ^= 1 << bit
    for size in range(len(MAGIC) + 16, len(kept)):
        file.seek(0)
        file.truncate(size)
        refuse_whole(opener)
        file.seek(0)
        file.write(kept)
    file.write(b"\0")
    refuse_whole(opener)


def refuse_whole(opener: Opener) -> None:
    with pytest.raises(Refusal, match="changed"):
        opener.ensure_whole(lambda size: None)
