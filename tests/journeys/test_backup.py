"""Journey: a backup is made while people post, the machine burns, and a new one goes on from the backup."""

import asyncio
import json
import secrets
import shutil
import sqlite3
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bench import load
from bench.peer import written
from bench.site import Site
from storage import migrate
from tests.support.pictures import png

A_SECOND = 50
SECONDS = 8
BALLAST = 60  # MB: the copy of a small database would be over before anybody posts
SLOWEST = 4.0  # ten times the usual


@pytest.mark.slow
async def test_a_node_goes_on_from_a_backup_made_under_load_and_a_follower_notices_nothing(
    tmp_path: Path,
) -> None:
    kent, devon = Site(tmp_path / "one"), Site(tmp_path / "two")
    ada, bob = [_made(site, name) for site, name in ((kent, "ada"), (devon, "bob"))]
    _make_larger(kent)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery staple")
    try:
        await kent.start()
        await devon.start()
        await _follow(devon, bob, kent)
        picture = await _post_with_picture(kent, ada)
        await _seen(devon, bob, {"with a picture"})

        answered, slowest = await _backed_up_under_load(kent, ada, tmp_path / "kent.bak", passphrase)
        await _seen(devon, bob, {f"post {number}" for number in range(A_SECOND * SECONDS)})
        kent.kill()
        key = (kent.folder / "data" / "node.key").read_bytes()
        before = await _texts(devon, bob)
        shutil.rmtree(kent.folder)
        kent.restore(str(tmp_path / "kent.bak"), "--passphrase-file", str(passphrase))

        assert kent.value("PRAGMA quick_check") == "ok"
        assert (kent.folder / "data" / "node.key").read_bytes() == key
        await kent.start()
        assert set(answered) <= set(await _texts(kent, ada))  # her token works, and all is there
        assert (await asyncio.to_thread(_fetched, picture, kent)).startswith(b"\x89PNG")

        await kent.ask("POST", "/api/v1/statuses", token=ada, status="after the fire")
        await _seen(devon, bob, {"after the fire"})
        await devon.settled()
        assert await _texts(devon, bob) == ["after the fire", *before]  # nothing twice, nothing lost
    finally:
        await kent.stop()
        await devon.stop()
    print(f"\n{len(answered)} posts were answered before the backup began; slowest answer {slowest:.2f} s")
    assert slowest < SLOWEST


def _made(site: Site, name: str) -> str:
    site.folder.parent.mkdir()
    site.make()
    return site.add_person(name)


def _make_larger(site: Site) -> None:
    """Let the database hold some megabytes that were worked on long ago."""
    row = "INSERT INTO received (id, uri, type, actor_uri, host, key_id, body, state, due_at, received_at)"
    at = "2999-01-01T00:00:00.000Z"  # no upkeep clears it away
    with closing(sqlite3.connect(migrate.path_of(site.config.database.url))) as database, database:
        database.executemany(
            f"{row} VALUES (?, ?, 'Create', 'x', 'x', 'x', ?, 'done', ?, ?)",
            [(n, f"urn:{n}", secrets.token_bytes(1_000_000), at, at) for n in range(1, BALLAST + 1)],
        )


async def _follow(site: Site, token: str, other: Site) -> None:
    found = await site.ask(
        "GET", "/api/v2/search", token=token, q=f"ada@{other.domain}", resolve="true", type="accounts"
    )
    path = f"/api/v1/accounts/{found['accounts'][0]['id']}"
    await site.ask("POST", f"{path}/follow", token=token)
    async with asyncio.timeout(30):
        while not (await _relationship(site, token, path))["following"]:  # noqa: ASYNC110 - as a client looks
            await asyncio.sleep(0.1)


async def _relationship(site: Site, token: str, path: str) -> Any:
    (found,) = await site.ask(
        "GET", "/api/v1/accounts/relationships", token=token, id=path.rpartition("/")[2]
    )
    return found


async def _post_with_picture(site: Site, token: str) -> str:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + png() + b"\r\n--x--"
    )
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=x"}
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}/api/v2/media", body, headers)
    sent = await asyncio.to_thread(urllib.request.urlopen, request)
    media = json.loads(sent.read())
    await site.ask(
        "POST", "/api/v1/statuses", token=token, status="with a picture", **{"media_ids[]": media["id"]}
    )
    return str(media["url"])


def _fetched(url: str, site: Site) -> bytes:
    path = url.partition(f":{site.port}")[2]
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}{path}", headers={"Host": site.domain})
    with urllib.request.urlopen(request) as answer:
        return bytes(answer.read())


async def _backed_up_under_load(
    site: Site, token: str, path: Path, passphrase: Path
) -> tuple[list[str], float]:
    """Post all along, begin a backup after a second; give what was answered before, and the slowest."""
    statuses = [f"post {number}" for number in range(A_SECOND * SECONDS)]
    done, took = list[str](), list[float]()
    began = time.monotonic()

    async def post(number: int) -> None:
        await asyncio.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        at = time.monotonic()
        assert await load.fire(site.port, [_request(site, token, statuses[number])], connections=1) == [200]
        took.append(time.monotonic() - at)
        done.append(statuses[number])

    async def back_up() -> list[str]:
        await asyncio.sleep(1)
        before = list(done)
        await asyncio.to_thread(site.command, "backup", str(path), "--passphrase-file", str(passphrase))
        return before

    backup = asyncio.create_task(back_up())
    await asyncio.gather(*map(post, range(len(statuses))))
    return await backup, max(took)


def _request(site: Site, token: str, text: str) -> bytes:
    headers = (
        ("Host", site.domain),
        ("Authorization", f"Bearer {token}"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )
    return written(headers, "POST", "/api/v1/statuses", urlencode({"status": text}).encode())


async def _texts(site: Site, token: str) -> list[str]:
    """Give the texts of a home timeline, page by page, the latest first."""
    texts: list[str] = []
    more: dict[str, str] = {}
    while page := await site.ask("GET", "/api/v1/timelines/home", token=token, limit=40, **more):
        texts += [status["content"].removeprefix("<p>").removesuffix("</p>") for status in page]
        more = {"max_id": page[-1]["id"]}
    return texts


async def _seen(site: Site, token: str, wanted: set[str]) -> None:
    """Wait until a home timeline shows some texts."""
    async with asyncio.timeout(60):
        while not wanted <= set(await _texts(site, token)):  # noqa: ASYNC110 - as a client looks
            await asyncio.sleep(0.2)
