"""Journey: people do all that needs a secret, well and badly, and none is in the log or in an error."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import websockets

from bench.peer import Peer
from bench.site import Site

PASSWORD = "three ordinary words"
WRONG = "three other words of hers"
PASSPHRASE = "what opens the backups of kent"


class Told:
    """What was said where a secret has no place: errors, then the log and what commands print."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {
            "password": PASSWORD,
            "mistyped password": WRONG,
            "passphrase": PASSPHRASE,
        }
        self.words: list[str] = []

    def error(self, answer: httpx.Response, status: int) -> None:
        """Keep an answer that refuses."""
        assert answer.status_code == status, answer.text
        # A form on a page is for the person who is signed in, who needs the text in it to send it.
        text = re.sub(r'name="csrf" value="[^"]*"', "", answer.text)
        self.words.append(f"{answer.headers} {text}")

    def leaked(self) -> list[str]:
        """Give the names of the secrets that are in what was said."""
        said = "\n".join(self.words)
        return [name for name, secret in self.secrets.items() if secret in said]


@pytest.mark.slow
async def test_no_secret_is_in_a_log_line_or_an_error(tmp_path: Path) -> None:
    site, told = Site(tmp_path), Told()
    site.make()
    config = site.config_path.read_text()
    config = config.replace('# level = "info"', 'level = "debug"').replace(
        '# format = "text"', 'format = "json"'
    )
    config = config.replace("# password_grant = false", "password_grant = true")
    site.config_path.write_text(config)
    added = site.command("person", "add", "ada", "--email", "ada@kent.example", "--display-name", "Ada")
    (link,) = re.findall(r"/invitation/\S+", added)
    told.secrets["invitation"] = link.rpartition("/")[2]
    told.secrets["node key"] = (site.folder / "data" / "node.key").read_text().strip()
    try:
        await site.start()
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{site.port}", headers={"Host": site.domain}
        ) as http:
            await _pages(http, told, link)
            await _client(http, site, told)
        async with Peer() as peer:
            await _federation(site, peer)
        _commands(site, told, tmp_path)
    finally:
        await site.stop()

    lines = site.log().splitlines()
    assert told.leaked() == []
    told.words += lines
    assert told.leaked() == []
    events = [json.loads(line) for line in lines]
    assert {"at", "level", "by", "event"} <= set(events[0])
    assert "request failed" not in {event["event"] for event in events}
    # What is looked for would be found.
    told.words.append(f"Cookie: {told.secrets['session']}")
    assert told.leaked() == ["session"]


async def _pages(http: httpx.AsyncClient, told: Told, link: str) -> None:
    own = {"origin": f"http://{http.headers['host']}"}
    for given, status in (("short", 422), (PASSWORD, 200), (PASSWORD, 403)):  # the page names its own address
        assert (await http.post(link, data={"password": given}, headers=own)).status_code == status
    told.error(await http.post("/sign-in", data={"name": "ada", "password": WRONG}, headers=own), 422)
    begun = await http.post("/sign-in", data={"name": "ada", "password": PASSWORD}, headers=own)
    (told.secrets["session"],) = begun.cookies.values()
    bad = {"decision": "allow", "csrf": "made up", "client_id": "none"}
    told.error(await http.post("/oauth/authorize", data=bad, headers=own), 403)
    told.error(await http.post("/sign-out", data={"csrf": "made up"}, headers=own), 403)
    told.error(await http.get("/settings/nothing"), 404)


async def _client(http: httpx.AsyncClient, site: Site, told: Told) -> None:
    back = "https://app.example/back"
    form = {"client_name": "App", "redirect_uris": back, "scopes": "read write push"}
    app = (await http.post("/api/v1/apps", data=form)).json()
    told.secrets["client secret"] = app["client_secret"]
    query = {
        "client_id": app["client_id"],
        "redirect_uri": back,
        "response_type": "code",
        "scope": "read write push",
    }
    page = await http.get("/oauth/authorize", params=query)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    told.secrets["csrf"] = hidden["csrf"]
    own = {"origin": f"http://{site.domain}"}
    sent = await http.post("/oauth/authorize", data=hidden | {"decision": "allow"}, headers=own)
    (code,) = parse_qs(urlsplit(sent.headers["location"]).query)["code"]
    told.secrets["code"] = code
    asked: dict[str, Any] = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": back,
        "client_id": app["client_id"], "client_secret": app["client_secret"],
    }  # fmt: skip
    told.error(await http.post("/oauth/token", data=asked | {"client_secret": WRONG}), 401)
    token = (await http.post("/oauth/token", data=asked)).json()["access_token"]
    told.secrets["revoked token"] = token
    told.error(await http.post("/oauth/token", data=asked), 400)  # which ends the token too
    by_password = asked | {"grant_type": "password", "username": "ada@kent.example", "password": WRONG}
    told.error(await http.post("/oauth/token", data=by_password), 400)
    token = (await http.post("/oauth/token", data=by_password | {"password": PASSWORD})).json()[
        "access_token"
    ]
    told.secrets["token"] = token
    http.cookies.clear()
    told.error(await http.get("/api/v1/statuses/1", headers={"Authorization": f"Bearer {token}"}), 404)
    told.error(await http.get("/api/v1/timelines/home", headers={"Authorization": f"Bearer {token}x"}), 401)
    told.error(await http.get("/api/v1/timelines/home", params={"access_token": code}), 401)
    told.error(
        await http.post("/api/v1/statuses", headers={"Authorization": f"Bearer {token}"}, data={}), 422
    )
    url = f"ws://127.0.0.1:{site.port}/api/v1/streaming?stream=user&access_token={token}"
    async with websockets.connect(url, additional_headers={"Host": site.domain}) as socket:
        await socket.send("no JSON")
    with pytest.raises(websockets.InvalidStatus):
        async with websockets.connect(url + "x"):
            pass
    posted = {"status": "hello", "visibility": "public"}
    assert (
        await http.post("/api/v1/statuses", headers={"Authorization": f"Bearer {token}"}, data=posted)
    ).status_code == 200
    ended = {"token": token, "client_id": app["client_id"], "client_secret": app["client_secret"]}
    assert (await http.post("/oauth/revoke", data=ended)).status_code == 200


async def _federation(site: Site, peer: Peer) -> None:
    """Let somebody follow and be refused: requests are signed, keys are looked up."""
    ana = peer.person("devon", "ana")
    token = site.command("token", "create", "ada", "--scopes", "read write follow")
    found = await site.ask(
        "GET", "/api/v2/search", token=token, q=f"ana@{ana.host}", resolve="true", type="accounts"
    )
    await site.ask("POST", f"/api/v1/accounts/{found['accounts'][0]['id']}/follow", token=token)
    await peer.wait_for(1)


def _commands(site: Site, told: Told, folder: Path) -> None:
    (folder / "passphrase").write_text(PASSPHRASE)
    for words in (
        ("person", "add", "ada", "--email", "a@kent.example", "--display-name", "A", "--password", PASSWORD),
        ("backup", str(folder / "kent.bak"), "--passphrase-file", str(folder / "passphrase")),
        (
            "restore",
            str(folder / "kent.bak"),
            str(site.folder),
            "--passphrase-file",
            str(folder / "passphrase"),
        ),
        ("doctor",),
    ):
        config = () if words[0] == "restore" else ("--config", str(site.config_path))
        run = subprocess.run(
            [sys.executable, "-m", "fedcop", *words, *config], capture_output=True, text=True, check=False
        )
        told.words.append(run.stdout + run.stderr)
