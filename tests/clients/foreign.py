"""Tools and suites of other projects, fetched from the registry when wanted and kept under the temp folder.

``NAME_requirements.txt`` pins what is installed, by hash, for Python 3.11 and newer: the package, and what it
or its tests need, by ``uv pip compile`` with the flags of the other constraints.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

INSTALLED_WITHIN = 1800
RUN_WITHIN = 900
PATIENT = ("--quiet", "--disable-pip-version-check", "--timeout", "120", "--retries", "8")
NO_NETWORK = re.compile("NewConnectionError|NameResolutionError|ProxyError")


class NoNetwork(Exception):
    """The registry cannot be reached at all."""


class Tool:
    """A package and what it needs, in a venv of its own."""

    def __init__(self, package: str, name: str) -> None:
        self._package = package
        self._requirements = Path(__file__).with_name(f"{name}_requirements.txt")
        made_of = hashlib.sha256(self._requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
        self.folder = Path(tempfile.gettempdir()) / f"fedcop-{name}-{os.getuid()}-{made_of}"
        self.python = self.folder / "venv" / "bin" / "python"
        self._ready = self.folder / "ready"

    def install(self) -> None:
        """Install what is pinned, unless that is done; raise ``NoNetwork``."""
        if self._ready.exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
        self._pip("install", "--require-hashes", "-r", str(self._requirements))
        self._ready.touch()

    def install_or_skip(self) -> None:
        """Install; without any network skip the test, which is then for CI to run."""
        try:
            self.install()
        except NoNetwork as error:
            if "CI" in os.environ:
                raise
            pytest.skip(f"{self._package} cannot be fetched: {error}")

    def _pip(self, *arguments: str) -> None:
        run = subprocess.run(
            [self.python, "-m", "pip", *arguments, *PATIENT],
            capture_output=True, text=True, check=False, timeout=INSTALLED_WITHIN,
        )  # fmt: skip
        if run.returncode and NO_NETWORK.search(run.stderr):
            raise NoNetwork(run.stderr.strip().splitlines()[-1])
        assert run.returncode == 0, run.stderr


class Suite(Tool):
    """The tests of a package's sdist as they lie unpacked, and the Python that runs them."""

    def __init__(self, package: str, version: str, unpacked: str) -> None:
        super().__init__(package, unpacked)
        self._wanted = f"{package}=={version}"
        self.sources = self.folder / f"{unpacked}-{version}"
        self._unpacked = self.folder / "unpacked"

    def install(self) -> None:
        """Install, and fetch the sources, unless that is done; raise ``NoNetwork``."""
        super().install()
        if self._unpacked.exists():
            return
        self._pip("download", "--no-deps", "--no-binary", self._package, self._wanted, "-d", str(self.folder))
        packed = self.sources.with_name(f"{self.sources.name}.tar.gz")
        assert hashlib.sha256(packed.read_bytes()).hexdigest() in self._requirements.read_text("ascii")
        with tarfile.open(packed) as archive:
            archive.extractall(self.folder, filter="data")
        self._unpacked.touch()

    def run(
        self, tests: str, home: Path, selected: Sequence[str] = (), said: Mapping[str, str] | None = None
    ) -> tuple[set[str], set[str], str]:
        """Run ``tests``; give those that passed, those that did not, and what was printed.

        ``said`` is added to the environment. What the tests skip is in neither set.
        """
        report = home / "report.xml"
        run = subprocess.run(
            [self.python, "-m", "pytest", tests, "-q", "--tb=short", "-p", "no:cacheprovider",
             f"--junitxml={report}", *selected],
            cwd=self.sources, capture_output=True, text=True, check=False, timeout=RUN_WITHIN,
            env={"HOME": str(home), "LANG": "C.UTF-8"} | dict(said or {}),
        )  # fmt: skip
        assert report.exists(), run.stdout + run.stderr
        cases = {_name(case): _outcome(case) for case in ElementTree.parse(report).iter("testcase")}
        return _all(cases, "passed"), _all(cases, "failed"), run.stdout


def toot() -> Suite:
    """Give the suite of toot, a client for the terminal, installed; it is a client to type into as well."""
    suite = Suite("toot", "0.52.1", "toot")
    suite.install_or_skip()
    return suite


def _all(cases: Mapping[str, str], outcome: str) -> set[str]:
    return {name for name, found in cases.items() if found == outcome}


def _outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"


def _name(case: ElementTree.Element) -> str:
    return f"{case.attrib['classname'].rpartition('.')[2]}.py::{case.attrib['name']}"
