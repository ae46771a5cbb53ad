"""A stream that ends with its own checksum."""

import gzip
import io
import random
import subprocess
from pathlib import Path

import pytest

from fedcop.errors import Refusal
from fedcop.server.summed import LENGTH, Summer, ensure_whole

# Runs of zeros are what gzip may write in more ways than one.
DATA = random.Random(1).randbytes(40) + bytes(400) + b"end" + bytes(10_000)


@pytest.fixture(scope="module")
def summed() -> bytes:
    file = io.BytesIO()
    with Summer(file) as out, gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed:
        packed.write(DATA)
    return file.getvalue()


def refuse(data: bytes | bytearray) -> None:
    with pytest.raises(Refusal, match="changed, cut off or added to"):
        ensure_whole(io.BytesIO(data), lambda size: None)


def test_what_was_written_is_whole_and_is_read_from_its_beginning(summed: bytes) -> None:
    file, heard = io.BytesIO(summed), list[int]()
    ensure_whole(file, heard.append)
    assert (file.tell(), sum(heard)) == (0, len(summed) - LENGTH)


def test_what_reads_gzip_reads_it(summed: bytes, tmp_path: Path) -> None:
    assert gzip.decompress(summed) == DATA
    (tmp_path / "one.gz").write_bytes(summed)
    done = subprocess.run(["gzip", "-dc", str(tmp_path / "one.gz")], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (DATA, b"")


def test_every_changed_byte_is_noticed(summed: bytes) -> None:
    data = bytearray(summed)
    for place in range(len(data)):
        for by in (*(1 << bit for bit in range(8)), 0xFF):
            data[place] ^= by
            refuse(data)
            data[place] ^= by
    ensure_whole(io.BytesIO(data), lambda size: None)


def test_every_missing_byte_is_noticed(summed: bytes) -> None:
    for place in range(len(summed)):
        refuse(summed[:place])
        refuse(summed[:place] + summed[place + 1 :])


def test_every_added_byte_is_noticed(summed: bytes) -> None:
    for place in range(len(summed) + 1):
        refuse(summed[:place] + b"\0" + summed[place:])
        refuse(summed[:place] + summed[place - 1 : place + 1] + summed[place:] + b"x")


def test_what_failed_has_no_checksum() -> None:
    file = io.BytesIO()
    out = Summer(file)
    out.write(b"half")
    out.__exit__(OSError, OSError("the disk is full"), None)
    assert file.getvalue() == b"half"
