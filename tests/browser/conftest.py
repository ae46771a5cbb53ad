"""Two councils by https, a web client on an origin of its own, and a real browser."""

import asyncio
import http.server
import os
import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bench.site import free_port
from fedcop.sample import tls
from fedcop.sample.council import PASSWORD, Site
from fedcop.sample.story import Council
from tests.support import npm

CLIENT = Path(__file__).with_name("client.html")
ENDS_WITHIN = 15
PEOPLE = {"kent": ("ruth", "alun"), "devon": ("beth",)}

SignIn = Callable[[Site, str], Page]


class Client(http.server.BaseHTTPRequestHandler):
    """Serves the web client, whatever the path."""

    def do_GET(self) -> None:
        body = CLIENT.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def port_pair() -> int:
    """Give a free port of which the one a hundred further on is free as well: there the node listens."""
    while True:
        port = free_port()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port + 100)):
                return port


@pytest.fixture(scope="session")
def councils(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    """Serve Kent and Devon by https, each with people, and a community at Kent."""
    folder = tmp_path_factory.mktemp("councils")
    ca_file = tls.authority(
        folder, [f"{slug}.localhost" for slug in PEOPLE] + ["localhost", "client.localhost"]
    )
    trusted = tls.trusting(ca_file)
    sites = {
        slug: Site(slug, Council(name=slug.title(), description="", port=port_pair()), folder, tls=trusted)
        for slug in PEOPLE
    }
    ends: list[asyncio.Server] = []
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        for slug, site in sites.items():
            others = [other.domain for other in sites.values() if other is not site]
            site.make(others, ca_file=ca_file)
            end = tls.end_before(folder, site.council.port, site.listens)
            ends.append(asyncio.run_coroutine_threadsafe(end, loop).result(ENDS_WITHIN))
            _serve(site, PEOPLE[slug])
        sites["kent"].command("community", "open", "drainage", "--name", "Drainage", "--facilitator", "ruth")
        yield sites
    finally:
        for site in sites.values():
            site.end()
        statuses = [site.process.wait(ENDS_WITHIN) for site in sites.values() if site.process]
        asyncio.run_coroutine_threadsafe(_close(ends), loop).result(ENDS_WITHIN)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(ENDS_WITHIN)
        loop.close()
    assert statuses == [0] * len(sites)


def _serve(site: Site, people: tuple[str, ...]) -> None:
    """Start a node and add its people."""
    site.start()
    site.wait_until_ready()
    for name in people:
        email = f"{name}@{site.slug}.example"
        arguments = ("--email", email, "--display-name", name.title(), "--password", PASSWORD)
        site.command("person", "add", name, *arguments)


async def _close(ends: list[asyncio.Server]) -> None:
    """Close the https ends with all that still goes through them."""
    for end in ends:
        end.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture(scope="session")
def client_address(councils: dict[str, Site]) -> Iterator[str]:
    """Serve the web client and give its address."""
    folder = councils["kent"].folder.parent
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "node.pem", folder / "node-key.pem")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Client)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://client.localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium; on a machine without it these tests are skipped, in CI it has to be there.

    Not for the whole run: Playwright keeps an event loop going in this thread, beside which no other begins.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("there is no Chromium on this machine")
    assert found is not None, "CI installs Chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe() -> Path:
    """Give axe-core, which looks for what keeps people out of a page; without npm this is for CI to run."""
    try:
        return npm.install(Path(__file__).with_name("axe")) / "axe-core" / "axe.min.js"
    except npm.Unavailable as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"axe needs npm and its registry: {error}")


@pytest.fixture
def sign_in(browser: Browser, client_address: str) -> Iterator[SignIn]:
    """Give what opens the web client in a browser of its own and signs somebody in."""
    contexts = []

    def _sign_in(site: Site, name: str) -> Page:
        # The certificates are those of the test's own authority.
        context = browser.new_context(ignore_https_errors=True)
        contexts.append(context)
        page = context.new_page()
        page.goto(client_address)
        page.get_by_label("Instance").fill(site.domain)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Allow", exact=True).click()
        page.get_by_text("socket open").wait_for()
        return page

    yield _sign_in
    for context in contexts:
        context.close()
