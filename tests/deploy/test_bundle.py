"""The archive, installed and run where there is no network, by the commands of docs/operate.md."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy import bundle
from tests.deploy import page

# A new network namespace has a loopback that is down, and nothing else.
LOOPBACK_UP = """
import fcntl, socket, struct
probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(probe, 0x8914, struct.pack("16sh14s", b"lo", 0x1 | 0x40, b""))
"""
NO_WAY_OUT = """
import socket
try:
    socket.create_connection(("192.0.2.1", 443), 5)
except OSError as error:
    assert error.errno == 101, error
else:
    raise SystemExit("there is a way out")
"""
ANSWERS = """
import time, urllib.request
for _ in range(600):
    try:
        print(urllib.request.urlopen("http://127.0.0.1:8000/readyz", timeout=5).read().decode())
        break
    except OSError:
        time.sleep(0.1)
else:
    raise SystemExit("no answer")
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the archive, as `make bundle` makes it."""
    return bundle.make(tmp_path_factory.mktemp("dist"))


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> Path:
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    return tmp_path / bundle.NAME


def _run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    # Nothing of what the tests run with: neither their libraries nor their configuration.
    environ = {"PATH": os.environ["PATH"], "HOME": str(cwd), "PYTHON": sys.executable, "LANG": "C.UTF-8"}
    return subprocess.run(words, cwd=cwd, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_it_installs_and_serves_without_a_network_as_the_page_says(archive: Path, tmp_path: Path) -> None:
    (tmp_path / archive.name).symlink_to(archive)
    install, make, fill, service, look = page.blocks("From nothing to a running node")
    for folder in ("opt", "var/lib", "etc/systemd/system", "var/backups"):
        (tmp_path / folder).mkdir(parents=True)
    # It is /opt/fedcop-0.1.0 and the user's folder that the page means; here both are below the test's.
    steps = [page.within(tmp_path, block) for block in (install, make, fill, service)]
    fedcop = tmp_path / "opt" / "fedcop" / "bin" / "fedcop"
    script = "\n".join([
        "set -eux",
        f"{sys.executable} -c '{LOOPBACK_UP}'",
        f"{sys.executable} -c '{NO_WAY_OUT}'",
        *steps,
        f"cd {tmp_path}/var/lib/fedcop",
        f"{fedcop} serve & served=$!",
        f"{sys.executable} -c '{ANSWERS}'",
        f"{fedcop} doctor",
        "kill $served; wait $served",
        f"echo correct horse > {tmp_path}/etc/fedcop/passphrase",
        f"{fedcop} backup {tmp_path}/var/backups/fedcop/2027-03-31T031502.bak"
        f" --passphrase-file {tmp_path}/etc/fedcop/passphrase",
        f"cd {tmp_path} && mkdir var/tmp && rm -r var/lib/fedcop && mkdir var/lib/fedcop",
        *(page.within(tmp_path, block) for block in page.blocks("Backup and restore")),
    ])  # fmt: skip

    run = _run("unshare", "--net", "--map-root-user", "bash", "-c", script, cwd=tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "/invitation/" in run.stdout
    assert '"ready":true' in run.stdout
    findings = [
        tuple(line.split()[:2]) for line in run.stdout.splitlines() if " ok " in line or " fail " in line
    ]
    looked = ["configuration", "disk", "database", "clock", "keys", "queue", "list", "backup"]
    assert findings == [(check, "ok") for check in looked] * 2, "the node, and the drill of its backup"
    assert (tmp_path / "var/lib/fedcop/data/node.key").exists()
    assert not (tmp_path / "var/tmp/drill").exists()
    assert "doctor --public" in look
    assert (tmp_path / "etc" / "systemd" / "system" / "fedcop.service").exists()


@pytest.mark.slow
def test_an_archive_that_was_changed_is_not_installed(unpacked: Path, tmp_path: Path) -> None:
    wheel = next((unpacked / "wheels").glob("fedcop-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"x")
    run = _run("sh", str(unpacked / "install.sh"), str(tmp_path / "opt"), cwd=tmp_path)
    assert (run.returncode, "is not as it was made" in run.stderr) == (1, True)
    assert not (tmp_path / "opt").exists()


@pytest.mark.slow
def test_another_python_and_a_folder_of_something_else_are_refused(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "opt").mkdir()
    run = _run("sh", str(unpacked / "install.sh"), str(tmp_path / "opt"), cwd=tmp_path)
    assert (run.returncode, "is no link" in run.stderr) == (1, True)
    run = _run("sh", str(unpacked / "install.sh"), "opt", cwd=tmp_path)
    assert (run.returncode, "wanted a path from the root" in run.stderr) == (1, True)
    (unpacked / "python").write_text("cp399 linux_x86_64\n")
    sums = [
        line for line in (unpacked / "SHA256SUMS").read_text().splitlines() if not line.endswith("  python")
    ]
    (unpacked / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    run = _run("sh", str(unpacked / "install.sh"), str(tmp_path / "new"), cwd=tmp_path)
    assert (run.returncode, "these wheels are for cp399" in run.stderr) == (1, True)


@pytest.mark.slow
def test_the_bill_of_materials_is_valid_and_lists_every_wheel_with_its_hash(unpacked: Path) -> None:
    text = (unpacked / "sbom.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    said = json.loads(text)
    components = [said["metadata"]["component"], *said["components"]]
    listed = {
        f"{one['name']}=={one['version']} --hash=sha256:{one['hashes'][0]['content']}" for one in components
    }
    assert listed == set((unpacked / "requirements.txt").read_text().splitlines())
    assert {"msgspec", "prometheus-client"} <= {one["name"] for one in components}
    own = next(one for one in said["dependencies"] if one["ref"].startswith("fedcop@"))
    assert any(name.startswith("starlette@") for name in own["dependsOn"])
    assert [one["name"] for one in components if not one.get("licenses")] == []


def test_every_requirement_and_theirs_are_found() -> None:
    names = bundle.needed(["aiohttp", "nothing-for-here ; sys_platform == 'win32'"])
    assert {"aiohttp", "yarl", "multidict"} <= names
    assert "nothing-for-here" not in names
