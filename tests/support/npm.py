"""Packages of npm that tests want: pinned by hash, installed once, without running what they bring along.

A ``package-lock.json`` names no place to load from. It is made by
``npm install --package-lock-only --omit-lockfile-registry-resolved``, less the fields that ``npm ci`` does
not read.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

INSTALLED_WITHIN = 900
# What npm says when there is no registry to ask (its error codes are those of Node's sockets).
NO_NETWORK = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "ETIMEDOUT")


class Unavailable(Exception):
    """npm is missing, or its registry cannot be reached."""


def install(sources: Path) -> Path:
    """Give the packages that a folder pins, kept under the temp folder; raise ``Unavailable``."""
    pinned = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"fedcop-{sources.name}-{os.getuid()}-{pinned}"
    if not (folder / "ready").exists():
        if shutil.which("npm") is None:
            raise Unavailable("npm is not installed")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(sources / name, folder)
        _fetch_into(folder)
        (folder / "ready").touch()
    return folder / "node_modules"


def _fetch_into(folder: Path) -> None:
    run = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=INSTALLED_WITHIN,
    )  # fmt: skip
    if run.returncode and any(code in run.stderr for code in NO_NETWORK):
        raise Unavailable("npm's registry cannot be reached")
    assert run.returncode == 0, run.stderr
