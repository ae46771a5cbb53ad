"""What goes into a backup, and what is refused before anything is written."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fedcop import config as configuration
from fedcop.errors import Refusal
from fedcop.server import backup
from fedcop.server.archive import Contents
from fedcop.server.progress import Progress
from storage.audit import End
from storage.errors import Unavailable
from storage.lock import Lock
from tests.fedcop.server.conftest import CommandLine

NOW = datetime(2026, 3, 1, tzinfo=UTC)
END = End(7, "2f")


def made(line: CommandLine, target: Path, **environ: str) -> Contents:
    path = line.folder / "fedcop.toml"
    config = configuration.load(path, environ)
    return backup.make(config, path, target, None, now=NOW, end=END, progress=Progress(lambda text: None))


def names(contents: Contents) -> list[str]:
    return [file.name for file in contents.files]


def test_it_holds_what_the_node_wrote_and_nothing_that_lies_beside(
    kent_line: CommandLine, tmp_path: Path
) -> None:
    media = kent_line.folder / "data" / "media"
    (media / "0a.png").write_bytes(b"picture")
    (media / ".hidden").write_bytes(b"of an editor")
    (media / "link.png").symlink_to("/etc/passwd")
    contents = made(kent_line, tmp_path / "kent.bak")
    assert names(contents) == ["fedcop.toml", "database", "media/0a.png"]
    assert (contents.domain, contents.made_at, contents.with_key) == ("kent.example", NOW, False)
    assert (contents.audit_count, contents.audit_head) == (END.number, END.mac)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kent", "kent.bak"]
    assert (tmp_path / "kent.bak").stat().st_mode & 0o777 == 0o600


def test_what_lies_outside_of_the_folder_is_restored_to_its_usual_place(
    kent_line: CommandLine, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (kent_line.folder / "data" / "fedcop.db").rename(elsewhere / "kent.db")
    (kent_line.folder / "data" / "media").rename(kent_line.folder / "pictures")
    contents = made(
        kent_line,
        tmp_path / "kent.bak",
        FEDCOP_DATABASE_URL=f"sqlite:{elsewhere}/kent.db",
        FEDCOP_MEDIA_FOLDER="pictures",
    )
    assert (contents.places.database, contents.places.media) == ("data/fedcop.db", "pictures")


def test_a_file_that_is_there_is_never_replaced(kent_line: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "kent.bak"
    target.write_bytes(b"the last good one")
    with pytest.raises(Refusal, match=r"kent\.bak exists; wanted a new file"):
        made(kent_line, target)
    assert target.read_bytes() == b"the last good one"


def test_a_folder_that_is_not_there_is_named(kent_line: CommandLine, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"nowhere: No such file or directory; nothing was written"):
        made(kent_line, tmp_path / "nowhere" / "kent.bak")


def test_a_disk_that_is_full_leaves_nothing_behind(kent_line: CommandLine) -> None:
    folder = Path("/dev/shm")
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    picture = kent_line.folder / "data" / "media" / "0a.png"
    with picture.open("wb") as file:
        file.truncate(free + 1_000_000_000)  # sparse: it takes no room here
    before = sorted(folder.iterdir())
    with pytest.raises(Refusal, match=r"/dev/shm: [\d,]+ MB are free, [\d,]+ MB wanted"):
        made(kent_line, folder / "kent.bak")
    assert sorted(folder.iterdir()) == before


def test_two_at_once_are_one_too_many(kent_line: CommandLine, tmp_path: Path) -> None:
    copied = kent_line.folder / "data" / "fedcop.db.copy"
    with (
        Lock.of(f"sqlite:{copied}"),
        pytest.raises(Unavailable, match=f"process {os.getpid()} makes a backup"),
    ):
        made(kent_line, tmp_path / "kent.bak")


def test_what_a_killed_one_left_is_in_nobodys_way(kent_line: CommandLine, tmp_path: Path) -> None:
    (kent_line.folder / "data" / "fedcop.db.copy").write_bytes(b"half a copy")
    (tmp_path / "kent.bak.part").write_bytes(b"half a backup")
    assert names(made(kent_line, tmp_path / "kent.bak")) == ["fedcop.toml", "database"]
    assert not (kent_line.folder / "data" / "fedcop.db.copy").exists()
    assert not (tmp_path / "kent.bak.part").exists()


def test_a_damaged_database_is_not_backed_up(kent_line: CommandLine, tmp_path: Path) -> None:
    database = kent_line.folder / "data" / "fedcop.db"
    with database.open("r+b") as file:
        file.seek(200_000)
        file.write(os.urandom(50_000))
    with pytest.raises(Exception, match=r"damaged|malformed"):
        made(kent_line, tmp_path / "kent.bak")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kent"]
