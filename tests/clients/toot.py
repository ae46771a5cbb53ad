"""toot's own integration suite, fetched from the registry when it is wanted and kept under the temp folder.

``toot_requirements.txt`` pins what is installed, by hash, for Python 3.11 and newer. It was made from
``toot==VERSION``, ``pytest`` and ``pillow`` by ``uv pip compile`` with the flags of the other constraints.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

VERSION = "0.52.1"
REQUIREMENTS = Path(__file__).with_name("toot_requirements.txt")
INSTALLED_WITHIN = 1800
RUN_WITHIN = 900
PATIENT = ("--quiet", "--disable-pip-version-check", "--timeout", "120", "--retries", "8")
NO_NETWORK = re.compile("NewConnectionError|NameResolutionError|ProxyError")


class NoNetwork(Exception):
    """The registry cannot be reached at all."""


class Suite:
    """The suite as it lies unpacked, and the Python that runs it."""

    def __init__(self) -> None:
        made_of = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
        self.folder = Path(tempfile.gettempdir()) / f"fedcop-toot-{os.getuid()}-{made_of}"
        self.python = self.folder / "venv" / "bin" / "python"
        self.sources = self.folder / f"toot-{VERSION}"
        self._ready = self.folder / "ready"

    def install(self) -> None:
        """Fetch the sources and install what they need, unless that is done; raise ``NoNetwork``."""
        if self._ready.exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
        self._pip("install", "--require-hashes", "-r", str(REQUIREMENTS))
        self._pip("download", "--no-deps", "--no-binary", "toot", f"toot=={VERSION}", "-d", str(self.folder))
        packed = self.folder / f"toot-{VERSION}.tar.gz"
        assert hashlib.sha256(packed.read_bytes()).hexdigest() in REQUIREMENTS.read_text("ascii")
        with tarfile.open(packed) as archive:
            archive.extractall(self.folder, filter="data")
        self._ready.touch()

    def _pip(self, *arguments: str) -> None:
        run = subprocess.run(
            [self.python, "-m", "pip", *arguments, *PATIENT],
            capture_output=True, text=True, check=False, timeout=INSTALLED_WITHIN,
        )  # fmt: skip
        if run.returncode and NO_NETWORK.search(run.stderr):
            raise NoNetwork(run.stderr.strip().splitlines()[-1])
        assert run.returncode == 0, run.stderr

    def run(self, address: str, home: Path, selected: Sequence[str]) -> tuple[set[str], set[str], str]:
        """Run the suite; give the tests that passed, those that did not, and what was printed."""
        report = home / "report.xml"
        run = subprocess.run(
            [self.python, "-m", "pytest", "tests/integration", "-q", "--tb=short", "-p", "no:cacheprovider",
             f"--junitxml={report}", *selected],
            cwd=self.sources, capture_output=True, text=True, check=False, timeout=RUN_WITHIN,
            env={"TOOT_TEST_BASE_URL": address, "HOME": str(home), "LANG": "C.UTF-8"},
        )  # fmt: skip
        assert report.exists(), run.stdout + run.stderr
        cases = {_name(case): len(case) == 0 for case in ElementTree.parse(report).iter("testcase")}
        failed = {name for name, passed in cases.items() if not passed}
        return cases.keys() - failed, failed, run.stdout


def _name(case: ElementTree.Element) -> str:
    return f"{case.attrib['classname'].rpartition('.')[2]}.py::{case.attrib['name']}"
