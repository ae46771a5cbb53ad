"""A PostgreSQL server for tests: made, started and stopped here, in a folder of its own, reached by a socket.

python -m tests.support.postgres tests/storage      runs pytest with FEDCOP_TEST_POSTGRES set
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

USER = "postgres"
PORT = 5432  # the name of the socket, no more: nothing listens on a network
# Nothing has to outlive a crash of the machine.
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")


def found() -> Path:
    """Give the folder with the newest server's programs, of Debian's packages or in the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    beside = shutil.which("initdb")
    if folders:
        return folders[-1]
    assert beside is not None, "PostgreSQL is missing; on Debian and Ubuntu: apt install postgresql"
    return Path(beside).resolve().parent


@contextlib.contextmanager
def cluster(*settings: str) -> Iterator[str]:
    """Run a server and give the URL of its own database; ``settings`` are added to the quick ones."""
    programs = found()
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        who = _who(folder)
        data = folder / "data"
        run: dict[str, Any] = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, **who}
        made_as = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([programs / "initdb", "-D", data, *made_as], **run)
        options = [f"-c {one}" for one in ("listen_addresses=", *FAST, *settings)]
        command = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run([*command, "-o", " ".join([f"-k {folder} -p {PORT}", *options]), "start"], **run)
        try:
            yield url_of(folder, USER)
        finally:
            subprocess.run([*command, "-m", "immediate", "stop"], **run)


def url_of(folder: Path, database: str) -> str:
    """Give the URL of a database of the server whose socket lies in a folder."""
    return f"postgresql://{USER}@/{database}?host={folder}&port={PORT}"


def _who(folder: Path) -> dict[str, Any]:
    """Give as whom the server runs: as oneself, but it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def main() -> int:
    """Run pytest on a server; what is given goes to pytest."""
    with cluster() as url:
        os.environ["FEDCOP_TEST_POSTGRES"] = url
        return pytest.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
