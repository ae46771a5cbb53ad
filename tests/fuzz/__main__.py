"""``python -m tests.fuzz``, which `make fuzz` calls: spoils real documents and reads them.

What is read here is what the inbox and its worker read of whatever comes: head, strict parser, shape,
vocabulary, rows, clean text. Nothing may be raised but the faults that have names, and nothing may take more
than 50 ms of processor time.
"""

import argparse
import contextlib
import json
import sys
import time
import traceback
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

import msgspec

from activitypub import document, fetching, group
from activitypub.errors import ProtocolFault
from activitypub.shape import shaped
from activitypub.sig import proof
from activitypub.sig.keys import PublicKey
from activitypub.vocab import Activity, Actor, Post, registry
from fedcop.as2 import actors, posts
from storage.actors import Actor as Row
from storage.actors import NewActor
from storage.ids import ActorId
from tests.corpus.test_corpus import CORPUS
from tests.fuzz.spoil import spoilt
from tests.support.signed import ed25519_key, public_of

MOST_SECONDS = 0.050 if sys.gettrace() is None else 0.200  # what is traced for coverage takes longer
SHOWN = 5
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Slow(msgspec.Struct, frozen=True):
    """What one document took."""

    seconds: float
    number: int
    size: int


class Fuzzed(msgspec.Struct):
    """What came of many documents."""

    read: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: list[Slow] = []
    crashed: list[tuple[int, str]] = []

    @property
    def too_slow(self) -> list[Slow]:
        """Give those that take too long."""
        return [one for one in self.slowest if one.seconds > MOST_SECONDS]


def fuzz(count: int, seed: int) -> Fuzzed:
    """Spoil and read so many documents; the same seed gives the same ones."""
    found = Fuzzed()
    for number in range(count):
        body = made(seed, number)
        began = time.process_time()
        try:
            read(body)
            found.read += 1
        except ProtocolFault:
            found.refused += 1
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            found.crashed.append((number, traceback.format_exc(limit=-4)))
        seconds = time.process_time() - began
        found.seconds += seconds
        if seconds > MOST_SECONDS / 10:
            _note(found, number, body, seconds)
    return found


def _note(found: Fuzzed, number: int, body: bytes, seconds: float) -> None:
    if seconds > MOST_SECONDS:
        # Another process on the machine, or a collection of what others left, is not the document's doing.
        seconds = min(seconds, *(_again(body) for _ in range(3)))
    found.slowest = sorted([*found.slowest, Slow(seconds, number, len(body))], key=lambda one: -one.seconds)[
        :SHOWN
    ]


def _again(body: bytes) -> float:
    began = time.process_time()
    with contextlib.suppress(Exception):  # it was counted the first time
        read(body)
    return time.process_time() - began


def made(seed: int, number: int) -> bytes:
    """Give one spoilt document."""
    at, corpus = Random(f"{seed} {number}"), _corpus()
    return spoilt(at.choice(corpus), corpus, at)


@cache
def _corpus() -> list[Any]:
    return [json.loads(path.read_bytes()) for path in sorted(CORPUS.rglob("*.json"))]


def read(body: bytes) -> None:
    """Read a document as far as can be without a database; raise what says why not."""
    found = document.read(body)
    once = shaped(found.json)
    if shaped(once) != once:
        raise AssertionError("shaped twice, it is another document")
    thing = registry.read(found)
    if found.type == "Announce":
        group.unwrap(found)
    if isinstance(thing, Activity):
        document.head(body)
    with contextlib.suppress(ProtocolFault):
        _checked(found)
    _rows(thing)


def _checked(found: document.Document) -> None:
    """Look at a document's proof, and at the keys of an actor, as far as can be without the right key."""
    proof.holds(found.json, _key())
    head = proof.needs(found.json)
    if head is not None:
        head.is_in_time(NOW)
    fetching.key_from(found, f"{found.id}#main-key")


@cache
def _key() -> PublicKey:
    return public_of(ed25519_key())


def _rows(thing: Any) -> None:
    """Make the rows of posts and actors, wherever they stand in an activity."""
    if isinstance(thing, Activity):
        for inner in thing.objects:
            _rows(inner)
    elif isinstance(thing, Post):
        author = _row(thing.attributed_to or "https://a.example/1", "Person")
        posts.in_question(thing)
        posts.incoming_from(thing, author=author, community=_row("https://b.example/c/1", "Group"), now=NOW)
    elif isinstance(thing, Actor):
        actors.actor_from(thing, domain="a.example", now=NOW)


def _row(uri: str, kind: str) -> Row:
    new = NewActor(uri=uri, type=kind, handle="a", host="a.example", domain="a.example", local=False,
                   followers_uri=f"{uri}/followers", created_at=NOW, updated_at=NOW)  # fmt: skip
    counted = {"state": "active", "followers_count": 0, "following_count": 0, "posts_count": 0}
    held = msgspec.structs.asdict(new) | counted
    return Row(**{name: held.get(name) for name in Row.__struct_fields__} | {"id": ActorId(1)})


def main() -> int:
    """Fuzz and print; 1 when something crashed or was slow."""
    parser = argparse.ArgumentParser(prog="make fuzz", description="Read spoilt documents of other servers.")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if not CORPUS.is_dir():
        print("the corpus is not here; FEDCOP_SHARED names where it is")
        return 1
    found = fuzz(chosen.count, chosen.seed)
    print("\n".join(lines_of(found, chosen.seed)))
    return 1 if found.crashed or found.too_slow else 0


def lines_of(found: Fuzzed, seed: int) -> list[str]:
    """Give what was found as lines of text."""
    count = found.read + found.refused + len(found.crashed)
    lines = [
        f"{count} documents of seed {seed}: {found.read} read, {found.refused} refused by name, "
        f"{len(found.crashed)} crashed, {len(found.too_slow)} over {MOST_SECONDS * 1000:.0f} ms",
        f"{count / max(found.seconds, 1e-9):.0f} a second of processor time; the slowest:",
        *(
            f"  {one.seconds * 1000:6.1f} ms  {one.size:8} bytes  number {one.number}"
            for one in found.slowest
        ),
    ]
    return lines + [f"number {number}:\n{trace}" for number, trace in found.crashed[:SHOWN]]


if __name__ == "__main__":
    sys.exit(main())
