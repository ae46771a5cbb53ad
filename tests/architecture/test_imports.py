"""What is heavy and seldom needed is imported when it is: an idle node does not hold it (decision 25)."""

import json
import subprocess
import sys

HEAVY = {
    *("PIL", "authlib", "babel", "blurhash", "httpx", "lxml", "markdown_it", "prometheus_client"),
    *("psycopg", "psycopg_pool", "pyld"),
}


def test_a_node_starts_without_what_it_seldom_needs() -> None:
    program = "import fedcop.server.serve, json, sys; print(json.dumps(list(sys.modules)))"

    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in json.loads(run.stdout)}
    assert "starlette" in loaded
    assert loaded & HEAVY == set()
