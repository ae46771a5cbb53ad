"""Whatever can be made of the published description is sent to a served node, for a minute."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import Serve, alone, configure
from tests.clients.foreign import Tool
from tests.support import described

pytestmark = pytest.mark.slow

SECONDS = 60
RUN_WITHIN = 10 * SECONDS
FEWEST = 500  # a tenth of what a slow machine sends
SCOPES = "read write follow push profile admin:read admin:write"
CHECKS = ("not_a_server_error", "content_type_conformance", "response_schema_conformance")
# A stream has no end, and the page of consent is for a person: tests/fedcop/web asks for it.
LEFT_OUT = "^/api/v1/streaming/|^/oauth/authorize$"


@pytest.fixture(scope="module")
def schemathesis() -> Tool:
    """Give schemathesis, installed by itself: it would add a plugin to each run of pytest here."""
    tool = Tool("schemathesis", "schemathesis")
    tool.install_or_skip()
    return tool


def test_nothing_made_of_the_description_brings_an_answer_that_it_does_not_know(
    schemathesis: Tool, serve_here: Serve, tmp_path: Path
) -> None:
    description = tmp_path / "description.json"
    description.write_text(json.dumps(described.ensured()), "utf-8")
    node = alone(tmp_path)
    configure(node, "[limits]", "[limits]\nrequests_per_client = 1_000_000")
    configure(node, "[node]", '[node]\ncontact_email = "ada@kent.example"')
    node.command("person", "add", "ada", "--email", "ada@kent.example", "--display-name", "Ada", "--admin")
    token = node.command("token", "create", "ada", "--scopes", SCOPES)
    serve_here([node])

    run = subprocess.run(
        [schemathesis.python.with_name("st"), "run", description,
         f"--url=http://127.0.0.1:{node.council.port}", f"--header=Authorization: Bearer {token}",
         f"--checks={','.join(CHECKS)}", f"--exclude-path-regex={LEFT_OUT}",
         "--seed=1", f"--max-time={SECONDS}", "--max-examples=10", "--no-shrink",
         "--generation-database=none", "--warnings=off", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=RUN_WITHIN,
        env={"HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )  # fmt: skip

    assert run.returncode == 0, run.stdout + run.stderr
    generated = int(run.stdout.partition(" generated")[0].split()[-1])
    print(f"\n{generated} cases in {SECONDS} s")
    assert generated > FEWEST
