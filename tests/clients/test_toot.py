"""toot's integration suite against a node started for it: what is listed passes, the rest has its reason."""

from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.clients.conftest import Serve, alone
from tests.clients.foreign import Suite, toot

pytestmark = pytest.mark.slow

TESTS = "tests/integration"
LISTED = Path(__file__).with_name("toot_passing.txt")
# They sign in at http://localhost:3000 and at no other address (toot's test_auth.py).
AT_3000 = ("test_auth.py::test_login_cli", "test_auth.py::test_login_cli_wrong_password")


@pytest.fixture(scope="module")
def suite() -> Suite:
    """Give the suite, installed."""
    return toot()


def listed() -> set[str]:
    return set(LISTED.read_text("ascii").split())


def test_what_is_listed_passes_and_the_rest_has_its_reason(
    suite: Suite, serve_here: Serve, tmp_path: Path
) -> None:
    node = alone(tmp_path)
    serve_here([node])

    elsewhere = [f"--deselect={TESTS}/{name}" for name in AT_3000]
    passed, failed, printed = suite.run(TESTS, tmp_path, elsewhere, {"TOOT_TEST_BASE_URL": node.address})

    wanted = listed() - set(AT_3000)
    assert wanted - passed == set(), printed
    assert passed - wanted == set(), "these pass as well: add them to toot_passing.txt"
    explained = (ROOT / "docs/clients.md").read_text("utf-8")
    assert [name for name in sorted(failed) if f"`{name.partition('::')[2]}`" not in explained] == []


def test_what_signs_in_at_port_3000_passes(
    suite: Suite, serve_here: Serve, port_3000: int, tmp_path: Path
) -> None:
    node = alone(tmp_path, port_3000)
    serve_here([node])

    passed, _, printed = suite.run(
        TESTS, tmp_path, ["-k", "test_login_cli"], {"TOOT_TEST_BASE_URL": node.address}
    )

    assert passed == set(AT_3000), printed
    assert passed <= listed()
