"""Whatever is posted to an inbox ends in a stated code, costs few requests and little time, breaks nothing.

Each example is signed as it should be, so that it comes as far as it can: through the door, the strict
parser, the queue and the worker.
"""

import json
import logging
import time
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fedcop.fetch.spending import MOST_REQUESTS
from fedcop.receive.dispatch import RECEIVERS
from tests.fedcop.receive.conftest import act, announced, create, note
from tests.fuzz.spoil import spoilt
from tests.support.attacked import Scene
from tests.support.speak import signed

# federation.md 7.2; 503 is for a peer whose key cannot be had.
CODES = frozenset({202, 400, 401, 403, 404, 413, 415, 503})
MOST_SECONDS = 1.0

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=12), inner, max_size=6),
    max_leaves=30,
)
NAMES = st.sampled_from(
    ["id", "type", "actor", "object", "to", "cc", "tag", "attachment", "content", "target"]
)
TYPES = st.sampled_from([*sorted(RECEIVERS), "Announce", "Note", "x"])
ACTIVITIES = st.fixed_dictionaries(
    {"id": st.just(""), "type": TYPES, "actor": st.just(""), "object": JSON},
    optional={name: JSON for name in ("to", "cc", "target", "summary", "published", "@context", "audience")},
)
PLACES = st.sampled_from(
    ["/inbox", "/actor/inbox", "/people/ada/inbox", "/communities/makers/inbox", "/people/x/inbox"]
)

checked = settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
FEW, MANY = settings(checked, max_examples=40), settings(checked, max_examples=1500)


class Door:
    """The inboxes of a node, at which sam of surrey or the community of the lemmy server posts anything."""

    def __init__(self, scene: Scene, log: pytest.LogCaptureFixture) -> None:
        self.scene, self.log = scene, log
        self.number = 0

    async def ensure_calm(self, path: str, body: bytes, *, by: str) -> None:
        """Post a body and let everything follow from it; insist on what this file promises."""
        scene = self.scene
        scene.network.router.take()
        self.log.clear()
        url, now = scene.kent.url(path), scene.network.clock.now()
        request = signed("POST", url, body, key_id=f"{by}#main-key", by=by, now=now)
        began = time.process_time()
        answer = await scene.network.router.send(request)
        await scene.network.settle()
        spent = time.process_time() - began
        assert answer.status in CODES
        assert [record.getMessage() for record in self.log.records if record.levelno >= logging.ERROR] == []
        sent = [line for line in scene.network.router.take() if line.startswith("GET ")]
        assert len(sent) <= MOST_REQUESTS, sent
        assert spent < MOST_SECONDS

    def stamped(self, activity: Any, by: str) -> Any:
        """Give an activity an id and an actor with which it passes the door."""
        self.number += 1
        origin = by.partition("/users/")[0]
        return activity | {"id": f"{origin}/any/{self.number}", "actor": by}


@pytest.fixture
async def door(scene: Scene, caplog: pytest.LogCaptureFixture) -> Door:
    await scene.joins_planning()
    await scene.send(scene.surrey, act(scene.surrey, "Follow", 1, scene.makers.uri))
    return Door(scene, caplog)


async def ensure_any_value(door: Door, path: str, value: Any) -> None:
    await door.ensure_calm(path, json.dumps(value).encode(), by=door.scene.sam)


@FEW
@given(PLACES, JSON | st.dictionaries(NAMES, JSON))
async def test_any_json_on_any_inbox(door: Door, path: str, value: Any) -> None:
    await ensure_any_value(door, path, value)


@FEW
@given(PLACES, ACTIVITIES)
async def test_any_activity_on_any_inbox(door: Door, path: str, activity: Any) -> None:
    await ensure_any_value(door, path, door.stamped(activity, door.scene.sam))


def real(scene: Scene) -> list[dict[str, Any]]:
    """Give what does happen: what concerns our people, and what a community passes on."""
    surrey, lemmy, sam = scene.surrey, scene.lemmy, scene.sam
    words = note(surrey, 1, "Hello", cc=[scene.makers.uri], inReplyTo=f"{surrey.base}/notes/2",
                 tag=[{"type": "Mention", "href": scene.ada.uri}, {"type": "Hashtag", "name": "#x"}],
                 attachment=[{"type": "Image", "url": f"{surrey.base}/i.png", "name": "alt"}])  # fmt: skip
    poll = note(
        lemmy, 3, "Which?", type="Question", attributedTo=scene.cal, oneOf=[{"name": "a"}, {"name": "b"}]
    )
    return [
        create(words),
        act(surrey, "Update", 1, words | {"updated": "2026-03-02T11:30:00Z"}),
        act(surrey, "Update", 2, surrey.documents["/users/sam"]),
        act(surrey, "Undo", 3, act(surrey, "Follow", 1, scene.makers.uri)),
        act(surrey, "Announce", 4, words["id"]),
        act(surrey, "Block", 5, scene.ada.uri, target=scene.makers.uri),
        act(surrey, "Flag", 6, [scene.ada.uri, words["id"]], content="x"),
        act(surrey, "Move", 7, sam, target=scene.cal),
        act(surrey, "Add", 8, scene.bea, target=f"{scene.makers.uri}/moderators"),
        announced(lemmy, 9, create(poll)),
        announced(lemmy, 10, [act(lemmy, "Like", n, words["id"], by="cal") for n in range(3)]),
        announced(lemmy, 11, act(surrey, "Lock", 12, words["id"])),
    ]


async def ensure_spoilt(door: Door, seed: int, path: str) -> None:
    scene, at = door.scene, Random(seed)
    originals = real(scene)
    original = at.choice(originals)
    body, by = spoilt(original, originals, at), original["actor"]
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and at.random() < 0.9:
        body = json.dumps(door.stamped(found, by)).encode()
    await door.ensure_calm(path, body, by=by)


@FEW
@given(st.integers(0, 2**32), PLACES)
async def test_any_spoilt_activity_on_any_inbox(door: Door, seed: int, path: str) -> None:
    await ensure_spoilt(door, seed, path)


@pytest.mark.slow
@MANY
@given(PLACES, JSON | ACTIVITIES)
async def test_much_json_on_any_inbox(door: Door, path: str, value: Any) -> None:
    whole = isinstance(value, dict) and "actor" in value
    await ensure_any_value(door, path, door.stamped(value, door.scene.sam) if whole else value)


@pytest.mark.slow
@MANY
@given(st.integers(0, 2**32), PLACES)
async def test_many_spoilt_activities_on_any_inbox(door: Door, seed: int, path: str) -> None:
    await ensure_spoilt(door, seed, path)
