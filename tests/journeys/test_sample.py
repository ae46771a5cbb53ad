"""Journey: somebody types `make run`, tries what is printed, ends it, and runs it again."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients import foreign

PORTS = (8001, 8002, 8003)
FIRST_WITHIN = 180
AGAIN_WITHIN = 60
ENDS_WITHIN = 30
SAYS_WITHIN = 90
LINES_OF_A_SCREEN = 24
LAUNCHER = "import subprocess, sys; subprocess.Popen(sys.argv[1:]).wait()"


class Sample:
    """The sample network in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None
        self.screen: list[str] = []

    def start(self, *words: str, launcher: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            [*launcher, sys.executable, "-m", "fedcop.sample", *words],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip
        return self.process

    def ready(self, *words: str, launcher: tuple[str, ...] = ()) -> float:
        """Start it, read the screen until it says ready, and give the seconds that took."""
        began = time.monotonic()
        process = self.start(*words, launcher=launcher)
        assert process.stdout is not None
        self.screen = []
        for line in process.stdout:
            if not line.startswith("…"):
                self.screen.append(line.rstrip("\n"))
            if line == "ready\n":
                return time.monotonic() - began
        pytest.fail(process.communicate()[1])

    def thing(self, name: str) -> str:
        """Give one of the things to try, as it is printed."""
        (found,) = [line for line in self.screen if line.startswith(f"  {name}  ")]
        return found.removeprefix(f"  {name}").strip()

    def typed(self, line: str, **environ: str) -> str:
        """Type a printed line into a shell and give what it prints."""
        run = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=os.environ | environ, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def newest(self) -> str:
        answer = json.loads(self.typed(self.thing("the API")))
        assert isinstance(answer, list), answer
        return str(answer[0]["id"])


def until(wanted: Callable[[], bool], *, seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while not wanted() and time.monotonic() < ends:
        time.sleep(0.2)
    return wanted()


def nobody_listens() -> bool:
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return False
    return True


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Sample]:
    assert nobody_listens(), f"the sample network wants ports {PORTS} free"
    folder = tmp_path / "here"
    folder.mkdir()
    made = Sample(folder)
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.communicate()


@pytest.mark.slow
def test_what_is_printed_works_as_printed_and_a_second_run_goes_on(sample: Sample, tmp_path: Path) -> None:
    toot = foreign.toot().python.parent
    first = sample.ready()
    print(f"\nfirst run ready after {first:.0f} s")
    assert first < FIRST_WITHIN
    assert len(sample.screen) <= LINES_OF_A_SCREEN
    assert sample.screen[-1] == "ready"
    assert (
        len([line for line in sample.screen if re.fullmatch(r"  .* http://\w+\.localhost:800\d/", line)]) == 3
    )
    with urllib.request.urlopen(sample.thing("a page").replace("kent.localhost", "localhost")) as page:
        assert "Highway drainage" in page.read().decode()
    newest = sample.newest()
    line = sample.thing("a client")
    assert line.startswith("toot login_cli -i http://localhost:8002 ")
    home = tmp_path / "home"
    home.mkdir()
    assert "Successfully logged in" in sample.typed(
        line, HOME=str(home), XDG_CONFIG_HOME=str(home), PATH=f"{toot}{os.pathsep}{os.environ['PATH']}"
    )
    assert until(lambda: sample.newest() != newest, seconds=SAYS_WITHIN), "somebody says something new"

    second = Sample(sample.folder).start().communicate(timeout=30)
    assert second == ("", "port 8001 is in use; kent wants it free\n")

    assert sample.process is not None
    os.killpg(sample.process.pid, signal.SIGINT)
    rest, faults = sample.process.communicate(timeout=ENDS_WITHIN)
    assert (sample.process.returncode, rest, faults) == (0, "stopped\n", "")
    assert nobody_listens()
    assert [path.name for path in sample.folder.iterdir()] == ["sample"]

    token = sample.screen[sample.screen.index("An access token of Beth Luscombe:") + 1]
    again = sample.ready()
    print(f"second run ready after {again:.1f} s")
    assert again < AGAIN_WITHIN
    assert token in sample.screen
    assert sample.newest() >= newest

    sample.process.kill()
    assert until(nobody_listens, seconds=ENDS_WITHIN), "children end when their parent is gone"


@pytest.mark.slow
def test_by_https_all_is_the_same_and_it_ends_with_the_make_that_began_it(sample: Sample) -> None:
    sample.ready("--tls", "--with-parent", launcher=(sys.executable, "-c", LAUNCHER))
    assert "--cacert sample/https/ca.pem" in sample.thing("the API")
    assert sample.newest()
    assert sample.thing("a client").startswith("REQUESTS_CA_BUNDLE=sample/https/ca.pem toot login_cli ")

    assert sample.process is not None
    sample.process.kill()
    assert until(nobody_listens, seconds=ENDS_WITHIN)


@pytest.mark.slow
@pytest.mark.parametrize("after", [1.0, 8.0])
def test_it_can_be_ended_while_it_is_being_made(sample: Sample, after: float) -> None:
    process = sample.start("--reset")
    time.sleep(after)
    process.terminate()
    printed, faults = process.communicate(timeout=ENDS_WITHIN)

    assert (process.returncode, faults) == (0, "")
    assert printed.endswith("stopped\n")
    assert nobody_listens()


def test_make_asks_it_to_end_with_make() -> None:
    root = Path(__file__).parents[2]
    said = subprocess.run(
        ["make", "-n", "run", "TLS=1", "RESET=1"], cwd=root, capture_output=True, text=True, check=True
    )

    assert "python -m fedcop.sample --with-parent --tls --reset" in said.stdout
