"""A node of ours with a community, and servers of other makers on the same loopback, all by https."""

import asyncio
import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.site import free_port
from fedcop.sample import tls
from fedcop.sample.council import Site
from fedcop.sample.story import Council
from tests.peers import fedify_server
from tests.peers.fedify_server import Fedify, until
from tests.support import npm

ENDS_WITHIN = 15
NAMES = ("kent", "micro", "forum")

# By which way of signing each peer knocks first.
SCHEMES = {"micro": "rfc9421", "forum": "cavage"}


class Kent:
    """The node of one council, where ana facilitates ``@roads``, and ben."""

    def __init__(self, folder: Path, ca_file: Path) -> None:
        council = Council(name="Kent", description="", port=free_port())
        self.site = Site("kent", council, folder, tls=tls.trusting(ca_file))
        self.site.listens = free_port()
        self.domain, self.origin = self.site.domain, self.site.address
        self.roads = f"@roads@{self.domain}"
        self.ana = f"@ana@{self.domain}"
        self.tokens: dict[str, str] = {}

    def make(self, peers: list[str], ca_file: Path) -> None:
        """Make the node, its people and its community."""
        self.site.make(peers, ca_file=ca_file)
        for name in ("ana", "ben"):
            named = ("--email", f"{name}@kent.example", "--display-name", name.title())
            self.site.command("person", "add", name, *named)
            self.tokens[name] = self.site.command("token", "create", name, "--scopes", "read write follow")
        self.site.command("community", "open", "roads", "--name", "Roads", "--facilitator", "ana")

    def ask(self, who: str, method: str, path: str, **form: Any) -> Any:
        """Send a request of the client API as somebody."""
        return self.site.ask(method, path, token=self.tokens[who], **form)

    def post(self, who: str, text: str, **more: Any) -> dict[str, Any]:
        """Publish a post as somebody and give it."""
        return dict(self.ask(who, "POST", "/api/v1/statuses", status=text, **more))

    def account(self, who: str, handle: str) -> dict[str, Any]:
        """Give the account of a handle, looked up if it is not known."""
        query = {"q": handle, "type": "accounts", "resolve": "true", "limit": 1}
        return dict(self.ask(who, "GET", "/api/v2/search", **query)["accounts"][0])

    def find(self, who: str, uri: str) -> dict[str, Any] | None:
        """Give what this node holds of a post, as somebody sees it."""
        found = self.ask(who, "GET", "/api/v2/search", q=uri, type="statuses", resolve="false")["statuses"]
        return dict(found[0]) if found else None

    def arrived(self, who: str, uri: str) -> dict[str, Any]:
        """Wait until a post has come."""
        return until(lambda: self.find(who, uri), self.site.last_line)


@contextlib.contextmanager
def https_before(folder: Path, port: int, inner: int) -> Iterator[None]:
    """Serve https before a node, on a thread of its own, while the tests go on."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(tls.end_before(folder, port, inner), loop).result()
    yield
    asyncio.run_coroutine_threadsafe(_ended(server), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    going = asyncio.all_tasks() - {asyncio.current_task()}
    for task in going:
        task.cancel()
    await asyncio.gather(*going, return_exceptions=True)


@pytest.fixture(scope="session")
def fedify(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give where the server stands ready to run; without npm this is for CI to run."""
    try:
        packages = npm.install(fedify_server.SOURCES)
    except npm.Unavailable as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"the Fedify peer needs npm and its registry: {error}")
    folder = tmp_path_factory.mktemp("fedify")
    shutil.copytree(fedify_server.SOURCES, folder, dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(packages)
    return folder


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a CA and of one certificate for all names that are served."""
    folder = tmp_path_factory.mktemp("certificates")
    tls.authority(folder, [f"{name}.localhost" for name in NAMES] + ["localhost"])
    return folder


@pytest.fixture(scope="session")
def peers(fedify: Path, certificates: Path) -> Iterator[dict[str, Fedify]]:
    """Give two servers on Fedify: ``plain``, as a microblog is, and ``group``, as one of communities is."""
    opened = {"plain": Fedify("micro", "fedipeer"), "group": Fedify("forum", "lemmy")}
    try:
        for each in opened.values():
            each.start(fedify, certificates)
        yield opened
        for each in opened.values():
            assert [one for one in each.seen("heard") if one["type"] == "Error"] == []
            # Every context that we name is one that Fedify knows without asking for it, and they define all
            # that we say; what is undefined stands in Fedify's own Follow, which an Accept echoes.
            assert each.seen("elsewhere") == []
            undefined = {name for entry in each.seen("received") for name in entry["undefined"]}
            assert undefined <= {'"_:RsaSignature2017"'}
    finally:
        for each in opened.values():
            each.end()


@pytest.fixture(scope="session")
def kent(
    peers: dict[str, Fedify], certificates: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kent]:
    """Give a node of ours that allows the peers; bo of each is a member of its community."""
    ca_file = certificates / "ca.pem"
    made = Kent(tmp_path_factory.mktemp("kent"), ca_file)
    made.make([peer.domain for peer in peers.values()], ca_file)
    with https_before(certificates, made.site.council.port, made.site.listens):
        made.site.start()
        try:
            made.site.wait_until_ready()
            for peer in peers.values():
                peer.do("follow", who="bo", scheme=SCHEMES[peer.name], name=made.roads)
                peer.received(lambda activity: activity["type"] == "Accept")
            yield made
        finally:
            made.site.end()
            assert made.site.process is not None
            assert made.site.process.wait(ENDS_WITHIN) == 0
