"""The configuration of nginx, run by Debian's nginx before a node."""

import asyncio
import json
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import websockets

from bench import load
from bench.peer import Peer
from bench.seed import follow_each_other
from bench.site import Site, free_port
from fedcop.sample import tls
from tests.architecture.sources import ROOT

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
NAMES = ["communities.kent.example", "kent.example"]


class Front:
    """nginx with the file of deploy/, at ports of its own, before a node."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.port, self.plain = free_port(), free_port()
        self.token = ""

    def written(self) -> Path:
        """Write what nginx reads: the file as it is, but for ports, certificate and the node's address."""
        tls.authority(self.folder / "tls", NAMES)
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        text = re.sub(r"listen \[::\].*\n", "", text)
        text = text.replace("listen 443", f"listen 127.0.0.1:{self.port}").replace(
            "listen 80;", f"listen 127.0.0.1:{self.plain};"
        )
        text = re.sub(r"/etc/letsencrypt/live/[\w.]+/fullchain\.pem", str(self.folder / "tls/node.pem"), text)
        text = re.sub(
            r"/etc/letsencrypt/live/[\w.]+/privkey\.pem", str(self.folder / "tls/node-key.pem"), text
        )
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self.site.port}")
        (self.folder / "site.conf").write_text(text)
        temporary = "\n".join(
            f"    {name}_temp_path {self.folder}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        lines = [
            "daemon off;",
            "master_process off;",
            f"pid {self.folder}/nginx.pid;",
            f"error_log {self.folder}/error.log;",
            "events {}",
            f"http {{\n    access_log off;\n{temporary}\n    include {self.folder}/site.conf;\n}}",
        ]
        (self.folder / "nginx.conf").write_text("\n".join(lines) + "\n")
        return self.folder / "nginx.conf"

    def start(self) -> subprocess.Popen[bytes]:
        """Start nginx."""
        assert NGINX is not None
        return subprocess.Popen([NGINX, "-c", str(self.written()), "-p", str(self.folder)])

    def client(self) -> httpx.AsyncClient:
        """Give a client that comes from outside, and looks for the node's name where nginx listens."""
        context = ssl.create_default_context(cafile=str(self.folder / "tls" / "ca.pem"))
        return httpx.AsyncClient(
            base_url=f"https://127.0.0.1:{self.port}",
            verify=context,
            headers={"host": self.site.domain, "authorization": f"Bearer {self.token}"},
            timeout=30,
        )


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    if NGINX is None:
        pytest.fail("nginx is missing: apt install nginx-light")
    site = Site(tmp_path)
    site.make()
    made = Front(site, tmp_path)
    made.token = site.add_person("ada")
    await site.start()
    process = made.start()
    try:
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", made.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                break
        yield made
    finally:
        process.terminate()
        process.wait(20)
        await site.stop()


async def asked(front: Front, method: str, path: str, **more: object) -> httpx.Response:
    async with front.client() as http:
        name = {"sni_hostname": NAMES[0]}
        return await http.request(method, path, extensions=name, **more)  # type: ignore[arg-type]


@pytest.mark.slow
async def test_pages_clients_and_large_files_pass_and_figures_do_not(front: Front) -> None:
    assert (await asked(front, "GET", "/readyz")).text == "ok"
    assert (
        await asked(front, "GET", "/metrics", headers={"x-forwarded-for": "127.0.0.1"})
    ).status_code == 403
    shown = await asked(front, "POST", "/api/v1/statuses", data={"status": "through nginx"})
    assert shown.json()["content"] == "<p>through nginx</p>"
    large = {"file": ("a.png", b"\x89PNG" + bytes(9_000_000))}
    assert (
        await asked(front, "POST", "/api/v2/media", files=large)
    ).status_code == 422  # the node has read it
    async with httpx.AsyncClient() as http:
        moved = await http.get(f"http://127.0.0.1:{front.plain}/about?x=1", headers={"host": NAMES[0]})
        assert (moved.status_code, moved.headers["location"]) == (301, f"https://{NAMES[0]}/about?x=1")


@pytest.mark.slow
async def test_the_domain_of_handles_leads_on_to_the_node(front: Front) -> None:
    query = "/.well-known/webfinger?resource=acct:drainage@kent.example"
    async with front.client() as http:
        found = await http.get(query, headers={"host": NAMES[1]}, extensions={"sni_hostname": NAMES[1]})
        assert (found.status_code, found.headers["location"]) == (301, f"https://{NAMES[0]}{query}")
        other = await http.get("/", headers={"host": NAMES[1]}, extensions={"sni_hostname": NAMES[1]})
        assert other.status_code == 404


@pytest.mark.slow
async def test_signatures_hold_and_events_come_at_once(front: Front) -> None:
    context = ssl.create_default_context(cafile=str(front.folder / "tls" / "ca.pem"))
    url = f"wss://{NAMES[0]}/api/v1/streaming?stream=user&access_token={front.token}"
    async with Peer() as peer:
        ana = peer.person("devon", "ana")
        await follow_each_other(front.site, "ada", following=[ana])
        async with websockets.connect(url, ssl=context, host="127.0.0.1", port=front.port) as socket:
            status = await _through(front, peer.create(front.site, ana, "<p>Hello</p>"))
            assert status == 202
            event = json.loads(await asyncio.wait_for(socket.recv(), 30))
    assert event["event"] == "update"
    assert "Hello" in event["payload"]


async def _through(front: Front, request: bytes) -> int:
    context = ssl.create_default_context(cafile=str(front.folder / "tls" / "ca.pem"))
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", front.port, ssl=context, server_hostname=NAMES[0]
    )
    writer.write(request)
    status = await load._status(reader)
    writer.close()
    return status
