"""Real nodes for real clients: made and served by the command line, each in its own process."""

import fcntl
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.site import free_port
from fedcop.sample.council import Site
from fedcop.sample.story import Council

ENDS_WITHIN = 15
# Where the suites of Mastodon.py and, for its sign-in, of toot want the server.
PORT = 3000
TURN = Path(tempfile.gettempdir(), f"fedcop-port-{PORT}")

Serve = Callable[[list[Site]], None]


def site(slug: str, folder: Path, *, port: int = 0) -> Site:
    """Give a council at ``SLUG.localhost`` and a port, a free one unless it is said."""
    council = Council(name=slug.title(), description="", port=port or free_port())
    return Site(slug, council, folder, tls=None)


def configure(node: Site, old: str, new: str) -> None:
    """Write something else into the file of a node that is made and not served yet."""
    path = node.folder / "fedcop.toml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def alone(folder: Path, port: int = 0) -> Site:
    """Make a node at ``localhost`` and a port, a free one unless it is said; people join it by themselves."""
    node = site("alone", folder, port=port)
    node.domain = f"localhost:{node.council.port}"
    node.address = f"http://{node.domain}"
    node.make([], ca_file=None)
    configure(node, "[sign_in]", '[sign_in]\nregistration = "open"')
    if ffmpeg := shutil.which("ffmpeg"):
        configure(node, "[media]", f'[media]\nffmpeg = "{ffmpeg}"')
    return node


@pytest.fixture
def serve_here() -> Iterator[Serve]:
    """Give what serves nodes that are made, until the test is over: its port is free then."""
    yield from serving()


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Give what serves nodes that are made, until the tests are over."""
    yield from serving()


def serving() -> Iterator[Serve]:
    """Give what serves nodes, and end them."""
    served: list[Site] = []

    def _serve(sites: list[Site]) -> None:
        served.extend(sites)
        for each in sites:
            each.start()
        for each in sites:
            each.wait_until_ready()

    yield _serve
    for each in served:
        each.end()
    statuses = [each.process.wait(ENDS_WITHIN) for each in served if each.process]
    assert statuses == [0] * len(served)


@pytest.fixture
def port_3000() -> Iterator[int]:
    """Give the port that some suites want, in turn; skip the test where something else listens there."""
    with TURN.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not _is_free_soon(PORT) and "CI" not in os.environ:
            pytest.skip(f"something else listens on port {PORT}, where the suite wants the node")
        yield PORT


def _is_free_soon(port: int) -> bool:
    # The node of whoever had the turn before may still be ending.
    for _ in range(ENDS_WITHIN * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return True
        time.sleep(0.1)
    return False
