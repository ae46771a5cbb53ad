"""toot's integration suite against a node started for it: what is listed passes, the rest has its reason."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from fedcop.sample.council import Site
from tests.architecture.sources import ROOT
from tests.clients.conftest import Serve, site
from tests.clients.toot import NoNetwork, Suite

pytestmark = pytest.mark.slow

LISTED = Path(__file__).with_name("toot_passing.txt")
# They sign in at http://localhost:3000 and at no other address (toot's test_auth.py).
AT_3000 = ("test_auth.py::test_login_cli", "test_auth.py::test_login_cli_wrong_password")
PORT = 3000

Alone = Callable[[int], Site]


@pytest.fixture(scope="module")
def suite() -> Suite:
    """Give the suite, installed; without any network this is for CI to run."""
    suite = Suite()
    try:
        suite.install()
    except NoNetwork as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"toot cannot be fetched: {error}")
    return suite


@pytest.fixture
def alone(tmp_path: Path, serve: Serve) -> Alone:
    """Give what serves a node at ``localhost`` and a port, which lets people join by themselves."""

    def _alone(port: int) -> Site:
        node = site("alone", tmp_path, port=port)
        node.domain = f"localhost:{node.council.port}"
        node.address = f"http://{node.domain}"
        node.make([], ca_file=None)
        path = node.folder / "fedcop.toml"
        path.write_text(
            path.read_text("utf-8").replace("[sign_in]", '[sign_in]\nregistration = "open"'), "utf-8"
        )
        serve([node])
        return node

    return _alone


def listed() -> set[str]:
    return set(LISTED.read_text("ascii").split())


def chosen(names: tuple[str, ...], option: str) -> list[str]:
    return [f"{option}tests/integration/{name}" for name in names]


def test_what_is_listed_passes_and_the_rest_has_its_reason(
    suite: Suite, alone: Alone, tmp_path: Path
) -> None:
    passed, failed, printed = suite.run(alone(0).address, tmp_path, chosen(AT_3000, "--deselect="))

    wanted = listed() - set(AT_3000)
    assert wanted - passed == set(), printed
    assert passed - wanted == set(), "these pass as well: add them to toot_passing.txt"
    explained = (ROOT / "docs/clients.md").read_text("utf-8")
    assert [name for name in sorted(failed) if f"`{name.partition('::')[2]}`" not in explained] == []


def test_what_signs_in_at_port_3000_passes(suite: Suite, alone: Alone, tmp_path: Path) -> None:
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", PORT)) == 0
    if taken and "CI" not in os.environ:
        pytest.skip(f"something else listens on port {PORT}, where toot's tests want the node")

    passed, _, printed = suite.run(alone(PORT).address, tmp_path, ["-k", "test_login_cli"])

    assert passed == set(AT_3000), printed
    assert passed <= listed()
