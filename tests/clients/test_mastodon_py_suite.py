"""Mastodon.py's own tests against a node served for them: what is listed passes, the rest has its reason."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.clients import mastodon_py
from tests.clients.conftest import Serve, alone, configure
from tests.clients.foreign import Suite

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
LISTED = HERE / "mastodon_py_passing.txt"
# Recorded from mastodon.social, and not to be asked of anybody else.
ELSEWHERE = "tests/test_entities.py"
# They hear a stream of server-sent events through the recorder, so they are recorded from the node.
HEARD = (
    "test_stream_user_direct",
    "test_stream_user_local",
    "test_stream_direct",
    "test_stream_public_only_media",
)


@pytest.fixture(scope="module")
def suite() -> Suite:
    """Give the suite, installed, without the moments and ids that were recorded from Mastodon."""
    suite = Suite("mastodon.py", "2.3.3", "mastodon_py")
    suite.install_or_skip()
    recorded = suite.sources / "tests" / "cassettes"
    shutil.rmtree(recorded, ignore_errors=True)
    recorded.mkdir()
    return suite


def test_what_is_listed_passes_and_the_rest_has_its_reason(
    suite: Suite, serve_here: Serve, port_3000: int, tmp_path: Path
) -> None:
    node = alone(tmp_path, port_3000)
    configure(node, "[limits]", "[limits]\nrequests_per_client = 100_000")
    configure(node, "[push]", '[push]\nhosts = ["example.com"]')
    asyncio.run(mastodon_py.seed(node.folder / "fedcop.toml"))
    serve_here([node])

    heard = " or ".join(HEARD)
    at_once = suite.run(
        "tests", tmp_path, ["--no-cov", "--record-mode=once", "-k", heard, f"--ignore={ELSEWHERE}"]
    )
    rest = suite.run(
        "tests",
        tmp_path,
        ["--no-cov", "--disable-recording", "-p", "hurry", "-k", f"not ({heard})", f"--ignore={ELSEWHERE}"],
        {"PYTHONPATH": str(HERE)},
    )

    passed, failed = at_once[0] | rest[0], at_once[1] | rest[1]
    wanted = set(LISTED.read_text("ascii").splitlines())
    assert wanted - passed == set(), at_once[2] + rest[2]
    assert passed - wanted == set(), "these pass as well: add them to mastodon_py_passing.txt"
    explained = (ROOT / "docs/clients.md").read_text("utf-8")
    names = {name.partition("::")[2].partition("[")[0] for name in failed}
    assert [name for name in sorted(names) if f"`{name}`" not in explained] == []
