"""``fedcop knocks``."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from storage import knocks, open_store
from storage.knocks import Knock
from tests.fedcop.server.conftest import CommandLine

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def _refused(folder: Path) -> None:
    store = await open_store(f"sqlite:{folder / 'data' / 'fedcop.db'}")
    words = ("https://york.example/ada", "Mastodon\x1b[31m")
    await store.write(knocks.add, [Knock("york.example", NOON, NOON, 7, "inbox", *words)])
    await store.close()


def test_refused_nodes_are_listed_and_dismissed(kent_line: CommandLine) -> None:
    assert kent_line.json("knocks") == []
    asyncio.run(_refused(kent_line.folder))
    assert kent_line.json("knocks") == [
        {
            "host": "york.example",
            "first": "2026-03-02T12:00:00Z",
            "last": "2026-03-02T12:00:00Z",
            "times": 7,
            "way": "inbox",
            "says": "https://york.example/ada",
            "user_agent": "Mastodon\x1b[31m",
        }
    ]
    assert "\x1b" not in kent_line.done("knocks")
    assert kent_line.done("knocks", "--dismiss", "york.example") == "dismissed york.example\n"
    assert kent_line.json("knocks") == []
    assert "is not in the queue" in kent_line.refused("knocks", "--dismiss", "york.example")
