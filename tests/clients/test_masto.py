"""masto.js against two councils in two processes: what ``masto/*.spec.mjs`` does with every method it has."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fedcop.sample.council import PASSWORD, Site
from tests.clients.conftest import Serve, configure, site
from tests.support import npm

pytestmark = pytest.mark.slow

SPECS = Path(__file__).with_name("masto")
RUN_WITHIN = 300
PEOPLE = {"ada": "kent", "ben": "kent", "cai": "kent", "dee": "devon"}


@pytest.fixture
def councils(tmp_path: Path, serve_here: Serve) -> dict[str, Site]:
    """Serve Kent and Devon, which allow each other; Ada is an admin, and people join by themselves."""
    sites = {slug: site(slug, tmp_path) for slug in ("kent", "devon")}
    for slug, each in sites.items():
        each.make([other.domain for other in sites.values() if other is not each], ca_file=None)
        configure(each, "[limits]", "[limits]\nrequests_per_client = 100_000")
        configure(each, "[sign_in]", '[sign_in]\nregistration = "open"')
        configure(each, "[push]", '[push]\nhosts = ["push.example"]')
        for name in (name for name, home in PEOPLE.items() if home == slug):
            person = ["--email", f"{name}@{slug}.example", "--display-name", name.title()]
            office = ["--admin"] if name == "ada" else []
            each.command("person", "add", name, *person, "--password", PASSWORD, *office)
    serve_here(list(sites.values()))
    return sites


def installed() -> Path:
    """Give masto.js, Node 22 and the compiler that reads what it declares; without npm skip the test."""
    try:
        return npm.install(SPECS)
    except npm.Unavailable as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"masto.js needs npm and its registry: {error}")


def test_masto_js_finds_what_it_declares_behind_each_of_its_methods(
    councils: dict[str, Site], tmp_path: Path
) -> None:
    folder, packages = tmp_path / "masto", installed()
    shutil.copytree(SPECS, folder)
    (folder / "node_modules").symlink_to(packages)
    said = {
        slug: {"url": f"http://127.0.0.1:{each.council.port}", "domain": each.domain}
        for slug, each in councils.items()
    }
    run = subprocess.run(
        [packages / ".bin" / "node", "main.mjs"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=RUN_WITHIN,
        env=os.environ | {"COUNCILS": json.dumps(said | {"password": PASSWORD})},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
