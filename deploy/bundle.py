"""Makes one archive to install fedcop from without a network: ``make bundle``.

    dist/fedcop-0.1.0-cp311-linux_x86_64.tar.gz
        install.sh          checks SHA256SUMS and installs from wheels/ alone
        requirements.txt    every wheel by name, version and SHA-256
        sbom.cdx.json       the same as a bill of materials (CycloneDX 1.6), with licences
        wheels/ deploy/ docs/ LICENSE CHANGELOG.md SHA256SUMS

The wheels are those of ``constraints.txt``, by their hashes there, for the Python and machine that make it.
"""

import hashlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import fedcop

ROOT = Path(__file__).parents[1]
TAG = f"cp{sys.version_info.major}{sys.version_info.minor}"
PLATFORM = sysconfig.get_platform().replace("-", "_")
NAME = f"fedcop-{fedcop.__version__}-{TAG}-{PLATFORM}"
TAKEN_ALONG = ("deploy", "docs", "LICENSE", "CHANGELOG.md")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.py")


def main() -> None:
    """Make the archive in ``dist/`` and print where it is."""
    print(make(ROOT / "dist"))


def make(dist: Path) -> Path:
    """Make the archive in a folder and give its path."""
    folder = dist / NAME
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    _fill(folder / "wheels")
    wheels = [Wheel(path) for path in sorted((folder / "wheels").glob("*.whl"))]
    (folder / "requirements.txt").write_text("".join(wheel.requirement for wheel in wheels))
    (folder / "sbom.cdx.json").write_text(sbom(wheels))
    for name in TAKEN_ALONG:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(source, folder)
    (folder / "deploy" / "install.sh").rename(folder / "install.sh")
    (folder / "python").write_text(f"{TAG} {PLATFORM}\n")
    sums = [
        f"{_sha256(path)}  {path.relative_to(folder)}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    (folder / "SHA256SUMS").write_text("".join(sums))
    archive = dist / f"{NAME}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:  # wheels are compressed already
        tar.add(folder, arcname=NAME, filter=_nobodys)
    shutil.rmtree(folder)
    return archive


class Wheel:
    """One wheel: its name, version, licence and hash."""

    def __init__(self, path: Path) -> None:
        self.sha256 = _sha256(path)
        about = _metadata(path)
        self.name, self.version = canonicalize_name(about["Name"]), about["Version"]
        said = [
            line.rpartition(" :: ")[2]
            for line in about.get_all("Classifier") or []
            if line.startswith("License")
        ]
        self.license = about["License-Expression"] or about["License"] or " AND ".join(said)
        self.requires = [line.partition(";")[0] for line in about.get_all("Requires-Dist") or []]

    @property
    def requirement(self) -> str:
        """Give the line by which pip installs exactly this."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}\n"


def needed(lines: list[str]) -> set[str]:
    """Give the names of everything that is needed here for some requirements: these, and theirs."""
    found, waiting = set[str](), [lines]
    while waiting:
        for line in waiting.pop():
            requirement = Requirement(line)
            name = canonicalize_name(requirement.name)
            if name not in found and (
                requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            ):
                found.add(name)
                waiting.append(importlib.metadata.requires(name) or [])
    return found


def sbom(wheels: list[Wheel]) -> str:
    """Give the bill of materials, as JSON."""
    components = {wheel.name: _component(wheel) for wheel in wheels}
    bom = Bom(components=[component for name, component in components.items() if name != "fedcop"])
    bom.metadata.component = components["fedcop"]
    for wheel in wheels:
        names = {canonicalize_name(Requirement(line).name) for line in wheel.requires}
        bom.register_dependency(
            components[wheel.name], [components[name] for name in sorted(names & {*components})]
        )
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _component(wheel: Wheel) -> Component:
    licenses = LicenseFactory()
    text = wheel.license.splitlines()[0] if wheel.license else ""
    return Component(
        name=wheel.name,
        version=wheel.version,
        type=ComponentType.APPLICATION if wheel.name == "fedcop" else ComponentType.LIBRARY,
        purl=PackageURL("pypi", name=wheel.name, version=wheel.version),
        bom_ref=f"{wheel.name}@{wheel.version}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=wheel.sha256)],
        licenses=[licenses.make_from_string(text)] if text else [],
    )


def _fill(wheels: Path) -> None:
    """Put a wheel of fedcop and of all it needs into a folder."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels)]
    subprocess.run([*pip, "--no-build-isolation", str(ROOT)], check=True)
    (own,) = wheels.glob("fedcop-*.whl")
    names = needed(_metadata(own).get_all("Requires-Dist") or [])
    pinned = wheels.with_name("pinned.txt")
    pinned.write_text("".join(block for name, block in _blocks() if name in names))
    subprocess.run([*pip, "--require-hashes", "--requirement", str(pinned)], check=True)
    pinned.unlink()
    got = {canonicalize_name(path.name.split("-")[0]) for path in wheels.glob("*.whl")}
    if missing := names - got:
        raise SystemExit(f"constraints.txt does not have {', '.join(sorted(missing))}")


def _blocks() -> Iterator[tuple[str, str]]:
    """Give each entry of ``constraints.txt`` by its name."""
    text = (ROOT / "constraints.txt").read_text("utf-8")
    for block in re.findall(r"^\S.*(?:\n[ \t]+.*)*\n", text, re.MULTILINE):
        yield canonicalize_name(re.split(r"[=<>~! ;\[]", block, maxsplit=1)[0]), block


def _metadata(path: Path) -> Message:
    with zipfile.ZipFile(path) as wheel:
        (name,) = [name for name in wheel.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        return Parser().parsestr(wheel.read(name).decode("utf-8"), headersonly=True)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


if __name__ == "__main__":
    main()
