"""``python -m bench.search``: what the one box costs over a million posts and fifty thousand people.

The rows are made here, seeded, by the statements of ``storage``, in the database of a node that is then
served. It is asked by the client API for accounts, statuses and tags, one query after the other: a
rare word, a common word, a phrase. For each kind the processor time is compared with that of the same queries
over a hundredth of the rows.
"""

import argparse
import asyncio
import itertools
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from bench.site import Site
from storage import driver, migrate, search_rows, search_words
from storage.row import text_of

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
COMMUNITIES: Final = 400
COUNCILS: Final = 60
MINE: Final = 5
WORDS: Final = 40_000
PHRASES: Final = 400  # that people write of again and again, as of a service
LENGTH: Final = 40  # words of a post
AT_ONCE: Final = 2_000
EACH: Final = 40  # queries of a kind
KINDS: Final = ("rare", "common", "phrase")
WANTED: Final = 0.050
RATIO: Final = 4.0


class Took(msgspec.Struct, frozen=True, kw_only=True):
    """What queries of one kind took, in seconds: each by the clock, and on average of the processor."""

    wall: list[float]
    processor: float


class World:
    """Words, phrases and rows, the same for the same seed."""

    def __init__(self, posts: int, people: int, seed: int) -> None:
        self.posts, self.people = posts, people
        self._random = random.Random(seed)
        letters = "abcdefghilmnoprstuw"
        self._words = [
            f"{''.join(self._random.choices(letters, k=self._random.randint(3, 9)))}{number % 7}"
            for number in range(WORDS)
        ]
        # The most common word stands in a third of all posts, as in texts that people write.
        self._weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(WORDS)))
        self._phrases = [" ".join(self._random.sample(self._words[200:5_000], 2)) for _ in range(PHRASES)]
        self._often = list(itertools.accumulate(1 / (rank + 5) for rank in range(PHRASES)))
        self._base = int((NOW - timedelta(days=365)).timestamp() * 1000) << 16
        self._step = int(timedelta(days=364).total_seconds() * 1000) // posts << 16

    def queries(self, kind: str) -> list[str]:
        """Give what is looked for."""
        match kind:
            case "rare":
                return self._words[-EACH:]
            case "common":
                return self._words[:EACH]
        return [f'"{phrase}"' for phrase in self._phrases[:EACH]]

    def actors(self) -> Iterator[dict[str, Any]]:
        """Give communities, then people."""
        for number in range(1, COMMUNITIES + self.people + 1):
            group = number <= COMMUNITIES
            council = number % COUNCILS
            host = f"c{council}.example"
            handle = f"{'g' if group else 'p'}{number}"
            folder = "communities" if group else "people"
            said = self._text(12)
            yield {
                "id": number, "uri": f"https://{host}/{folder}/{handle}", "handle": handle,
                "type": "Group" if group else "Person", "host": host, "domain": host,
                "display_name": f"{self._words[number % WORDS]} {self._words[number * 7 % WORDS]}".title(),
                "summary": f"<p>{said}</p>", "findable": "nodes", "indexable": int(number % 10 < 7),
                "at": text_of(NOW),
            }  # fmt: skip

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give posts, the oldest first."""
        pick = self._random
        for number in range(self.posts):
            author = COMMUNITIES + 1 + pick.randrange(self.people)
            title, text = (
                self._text(5),
                f"{self._text(LENGTH)} {pick.choices(self._phrases, cum_weights=self._often)[0]}",
            )
            row_id = self._base + number * self._step
            yield {
                "id": row_id, "uri": f"https://c1.example/posts/{row_id}", "author": author,
                "host": "c1.example", "community": 1 + pick.randrange(COMMUNITIES), "title": title,
                "content": f"<p>{text}</p>",
                "likes": pick.randrange(3), "replies": pick.randrange(3), "text": text,
                "open": author % 10 < 7,
                "at": text_of(NOW - timedelta(days=365) + timedelta(days=364) * number / self.posts),
            }  # fmt: skip

    def _text(self, length: int) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=length))


ADD_ACTOR = """
INSERT INTO actors (id, uri, type, handle, host, domain, local, display_name, summary, findable, indexable,
                    created_at, updated_at)
VALUES (:id, :uri, :type, :handle, :host, :domain, 0, :display_name, :summary, :findable, :indexable,
        :at, :at)
"""
ADD_POST = """
INSERT INTO posts (id, uri, host, local, author_id, community_id, type, title, content, audience, root_id,
                   likes_count, replies_count, published_at)
VALUES (:id, :uri, :host, 0, :author, :community, 'Page', :title, :content, 'public', :id, :likes, :replies,
        :at)
"""
ADD_ENTRY = "INSERT INTO entries (id, by_actor, post_id, kind) VALUES (:id, :author, :id, 'post')"
JOIN = """
INSERT INTO follows (id, follower_id, target_id, state, uri, requested_at)
SELECT :id, c.actor_id, :id, 'accepted', '', :at FROM accounts AS c
"""


def fill(path: Path, world: World) -> None:
    """Put all that a world holds into a node's database; who signs in there belongs to some communities."""
    with closing(driver.connect(path, query_only=False)) as database:
        database.execute("PRAGMA synchronous = OFF")
        for some in _by(world.actors()):
            database.execute("BEGIN")
            database.executemany(ADD_ACTOR, some)
            database.executemany(search_rows.ADD_NAME, map(_name_row, some))
            database.executemany(search_rows.ADD_ACTOR, map(_actor_row, some))
            database.execute("COMMIT")
        mine = [{"id": number, "at": text_of(NOW)} for number in range(1, MINE + 1)]
        database.executemany(JOIN, mine)
        for some in _by(world.rows()):
            database.execute("BEGIN")
            database.executemany(ADD_POST, some)
            database.executemany(ADD_ENTRY, some)
            database.executemany(search_rows.ADD_POST, map(_post_row, some))
            database.execute("COMMIT")
        database.execute("PRAGMA optimize")


def _by(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while some := list(itertools.islice(rows, AT_ONCE)):
        yield some


def _marks(row: dict[str, Any]) -> str:
    kind = search_rows.GROUP if row["type"] == "Group" else search_rows.PERSON
    host = search_words.number_of(row["host"])
    return f"by{row['id']} {host} p{row['id']} {kind} {search_rows.NAMED} {search_rows.HERE}"


def _name_row(row: dict[str, Any]) -> dict[str, Any]:
    name = f"{row['display_name']} {row['handle']} {row['domain']}"
    return {"id": row["id"], "name": search_words.folded(name), "marks": _marks(row)}


def _actor_row(row: dict[str, Any]) -> dict[str, Any]:
    said = search_words.text_of(row["summary"])
    return {"id": row["id"], "topics": said[:40], "role": "", "text": said, "marks": _marks(row)}


def _post_row(row: dict[str, Any]) -> dict[str, Any]:
    everybody = row["open"]
    title, text = row["title"], row["text"]
    finds = search_rows.ALL if everybody else f"p{row['author']}"
    host, community = search_words.number_of(row["host"]), row["community"]
    return {
        "id": row["id"],
        "title": title if everybody else "",
        "text": text if everybody else "",
        "closed_title": "" if everybody else title,
        "closed_text": "" if everybody else text,
        "marks": f"by{row['author']} {host} in{community} m{community} {finds}",
    }


async def measure(world: World, folder: Path) -> dict[str, Took]:
    """Serve a node with a world in it, and give what queries of each kind take once each was asked before."""
    site = Site(folder, name=f"n{world.posts}")
    site.make()
    token = site.add_person("ada")
    fill(migrate.path_of(site.config.database.url), world)
    await site.start()
    try:
        for kind in KINDS:
            await _ask(site, token, world.queries(kind))
        return {kind: await _ask(site, token, world.queries(kind)) for kind in KINDS}
    finally:
        await site.stop()


async def _ask(site: Site, token: str, queries: Sequence[str]) -> Took:
    wall, before = [], site.spent()
    for text in queries:
        began = time.perf_counter()
        await site.ask("GET", "/api/v2/search", token=token, q=text)
        wall.append(time.perf_counter() - began)
    return Took(wall=wall, processor=site.spent().since(before).processor / len(queries))


def p95(values: Sequence[float]) -> float:
    """Give what one in twenty exceeds."""
    return statistics.quantiles(values, n=20)[-1]


def lines_of(large: dict[str, Took], small: dict[str, Took]) -> list[str]:
    """Give the figures as a table of text."""
    lines = [
        f"{'':10}{'median':>10}{'p95':>10}{'wanted':>10}{'processor':>12}{'to few rows':>14}{'wanted':>8}"
    ]
    for kind in KINDS:
        took, few = large[kind], small[kind]
        lines.append(
            f"{kind:10}{statistics.median(took.wall) * 1e3:7.1f} ms{p95(took.wall) * 1e3:7.1f} ms"
            f"{WANTED * 1e3:7.0f} ms{took.processor * 1e3:9.1f} ms{took.processor / few.processor:14.1f}"
            f"{RATIO:8.0f}"
        )
    return lines


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description="What the one box costs.")
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(f"{chosen.posts} posts, {chosen.people} people; SQLite {sqlite3.sqlite_version}; making the rows")
    with tempfile.TemporaryDirectory(prefix="fedcop-search-") as folder:
        sizes = ((chosen.posts, chosen.people), (chosen.posts // 100, chosen.people // 100))
        large, small = (
            asyncio.run(measure(World(posts, people, chosen.seed), Path(folder))) for posts, people in sizes
        )
    print("\n".join(lines_of(large, small)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
