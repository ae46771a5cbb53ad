"""The files of containers, as far as a machine without an engine for them can try them."""

import os
import re
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.site import free_port
from tests.architecture.sources import ROOT
from tests.support import postgres

DEPLOY = ROOT / "deploy"
PROGRAM = Path(sys.executable).with_name("fedcop")
FILES = ("compose.yaml", "compose-postgres.yaml")


def composed(name: str) -> dict[str, Any]:
    """Give a file of compose, with what its services share."""
    made = yaml.safe_load((DEPLOY / name).read_text())
    assert isinstance(made, dict)
    return made


def test_the_image_is_made_of_files_and_programs_that_there_are() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE)
    assert copied
    assert [name for line in copied for name in line.split() if not (ROOT / name).exists()] == []
    assert 'ENTRYPOINT ["fedcop"]' in text


@pytest.mark.parametrize("name", FILES)
def test_what_is_composed_fits_together(name: str) -> None:
    made = composed(name)
    services = made["services"]
    subnet = made["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    mounted = [volume.split(":") for service in services.values() for volume in service.get("volumes", ())]
    assert {volume for volume, _ in mounted} == set(made["volumes"])
    assert all(service["networks"] == ["inside"] for service in services.values())
    assert {one for service in services.values() for one in service.get("depends_on", ())} <= set(services)
    nodes = [service for service in services.values() if "build" in service]
    for node in nodes:
        assert (DEPLOY / node["build"]["context"] / node["build"]["dockerfile"]).exists()
        assert node["environment"]["FEDCOP_SERVER_TRUSTED_PROXIES"] == subnet
        assert node["stop_grace_period"] == "20s", "it finishes what is in hand within 10"
    proxied = re.search(r"--to (\w+):8000$", services["proxy"]["command"])
    assert proxied is not None
    assert "build" in services[proxied[1]]


def test_only_the_proxy_is_reached_from_outside() -> None:
    for name in FILES:
        services = composed(name)["services"]
        assert [one for one, service in services.items() if "ports" in service] == ["proxy"]


def test_the_password_of_the_database_stands_in_no_file() -> None:
    services = composed("compose-postgres.yaml")["services"]
    asked = "${DATABASE_PASSWORD:?write it to deploy/.env}"
    assert services["database"]["environment"]["POSTGRES_PASSWORD"] == asked
    url = services["web"]["environment"]["FEDCOP_DATABASE_URL"]
    assert url == f"postgresql://fedcop:{asked}@database/fedcop"


@pytest.mark.slow
def test_what_the_containers_run_on_postgresql_serves_and_works(tmp_path: Path) -> None:
    text = (DEPLOY / "compose-postgres.yaml").read_text()
    init = re.search(r"run --rm web (init .*) \\\n#\s+(--base-url \S+)$", text, re.MULTILINE)
    assert init is not None
    services, folder, port = composed("compose-postgres.yaml")["services"], tmp_path / "node", free_port()
    with postgres.cluster() as url:
        environ = os.environ | services["web"]["environment"] | {
            "FEDCOP_DATABASE_URL": url, "FEDCOP_CONFIG": str(folder / "fedcop.toml"),
        }  # fmt: skip
        words = shlex.split(f"{init[1]} {init[2]}".replace("/var/lib/fedcop", str(folder)))
        subprocess.run([PROGRAM, *words], env=environ, check=True, capture_output=True)
        commands = [
            [*shlex.split(services["web"]["command"].replace("0.0.0.0", "127.0.0.1")), "--port", str(port)],
            shlex.split(services["worker"]["command"]),
        ]
        running = [subprocess.Popen([PROGRAM, *command], env=environ) for command in commands]
        try:
            assert _ready(port)
            look = [str(PROGRAM), "doctor"]
            done = subprocess.run(look, env=environ, check=False, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout
        finally:
            for process in running:
                process.terminate()
        assert [process.wait(20) for process in running] == [0, 0]


def _ready(port: int) -> bool:
    """Wait until the node is ready: rows that take writes, and workers that take their turns."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    return False
