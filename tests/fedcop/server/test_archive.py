"""Files in one stream, with their checksums."""

import gzip
import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from fedcop.errors import Refusal
from fedcop.server import archive
from fedcop.server.archive import Contents, File, Packer, Places

FILES = {"fedcop.toml": b"[node]\n", "database": b"rows" * 1000, "media/0a.png": b"picture"}


def contents(files: list[File]) -> Contents:
    return Contents(
        fedcop="1.0",
        schema=1,
        domain="kent.example",
        base_url="https://kent.example",
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        with_key=False,
        places=Places(),
        files=files,
    )


@pytest.fixture
def packed(tmp_path: Path) -> bytes:
    out = io.BytesIO()
    with Packer(out, lambda size: None) as packer:
        for name, data in FILES.items():
            path = tmp_path / "one"
            path.write_bytes(data)
            packer.add(name, path)
        packer.end(contents(packer.files))
    return out.getvalue()


def unpacked(data: bytes, folder: Path) -> Contents:
    folder.mkdir(exist_ok=True)
    return archive.unpack(io.BytesIO(data), folder, lambda size: None)


def tarred(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = len(data), kind, "/etc/passwd"
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def test_what_was_packed_is_unpacked_and_said(packed: bytes, tmp_path: Path) -> None:
    found = unpacked(packed, tmp_path / "out")
    assert {name: (tmp_path / "out" / name).read_bytes() for name in FILES} == FILES
    assert [(file.name, file.size) for file in found.files] == [(n, len(d)) for n, d in FILES.items()]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").glob("[fd]*")} == {0o600}


def test_anybody_can_read_it_with_tar(packed: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert tar.getnames() == [*FILES, archive.CONTENTS]


def test_a_file_that_is_gone_is_not_begun(tmp_path: Path) -> None:
    with Packer(io.BytesIO(), lambda size: None) as packer, pytest.raises(FileNotFoundError):
        packer.add("media/0b.png", tmp_path / "none")
    assert packer.files == []


@pytest.mark.parametrize("cut", [10, 100, -200, -20, -9, -1])
def test_what_was_cut_off_is_refused(packed: bytes, tmp_path: Path, cut: int) -> None:
    with pytest.raises(Refusal, match=r"cannot be read to its end|was cut off"):
        unpacked(packed[:cut], tmp_path / "out")


def test_another_checksum_is_refused(packed: bytes, tmp_path: Path) -> None:
    plain = gzip.decompress(packed).replace(b"picture", b"pictore")
    with pytest.raises(Refusal, match=r"media/0a\.png of the backup is not what was packed: found 7 bytes"):
        unpacked(gzip.compress(plain), tmp_path / "out")


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "media/../evil", "media/.ssh", "media//x", "data/x", "media"]
)
def test_what_is_no_file_of_a_node_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="is no file of a node"):
        unpacked(tarred((name, b"x")), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_links_and_other_than_files_are_refused(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(Refusal, match="is no file of a node"):
        unpacked(tarred(("database", b""), kind=kind), tmp_path / "out")


def test_a_file_twice_or_after_the_list_or_too_few_are_refused(tmp_path: Path) -> None:
    listed = (archive.CONTENTS, msgspec.json.encode(contents([])))
    one = ("database", b"x")
    with pytest.raises(FileExistsError):
        unpacked(tarred(one, one), tmp_path / "twice")
    with pytest.raises(Refusal, match="goes on after its list"):
        unpacked(tarred(listed, one), tmp_path / "after")
    with pytest.raises(Refusal, match="holds 1 files, 0 wanted"):
        unpacked(tarred(one, listed), tmp_path / "more")
    with pytest.raises(Refusal, match="was cut off"):
        unpacked(tarred(one), tmp_path / "less")
    with pytest.raises(Refusal, match="cannot be read"):
        unpacked(tarred(one, (archive.CONTENTS, b"{}")), tmp_path / "wrong")


def test_what_is_larger_than_the_disk_is_refused_before_it_is_written(tmp_path: Path) -> None:
    out = io.BytesIO()
    member = tarfile.TarInfo("database")
    member.size = 1 << 50
    with gzip.GzipFile(fileobj=out, mode="wb") as packed:
        packed.write(member.tobuf() + bytes(1 << 20))
    with pytest.raises(Refusal, match="database of the backup has 1,125,899,906 MB"):
        unpacked(out.getvalue(), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_with_holes_is_refused(tmp_path: Path) -> None:
    # As GNU tar writes a terabyte of nothing in a few bytes.
    said = {
        "GNU.sparse.major": "0",
        "GNU.sparse.minor": "1",
        "GNU.sparse.map": "0,1",
        "GNU.sparse.size": "1000000",
    }
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT, pax_headers={}) as tar:
        member = tarfile.TarInfo("database")
        member.size, member.pax_headers = 1, said
        tar.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(Refusal, match="is no file of a node"):
        unpacked(out.getvalue(), tmp_path / "out")
