"""What its author's proof alone speaks for, passed on by a community that it has nothing to do with."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub import document
from activitypub.sig import proof
from activitypub.sig.keys import PrivateKey
from activitypub.vocab import Activity, registry
from fedcop.receive.proved import PROOF_FOR, is_proved
from tests.fedcop.receive.conftest import Scene, act, announced

KEY = PrivateKey(Ed25519PrivateKey.from_private_bytes(b"s" * 32))
NEWER = PrivateKey(Ed25519PrivateKey.from_private_bytes(b"n" * 32))


def publish(scene: Scene, key: PrivateKey, name: str = "sam") -> None:
    """Put somebody's key for proofs into their actor document."""
    uri = scene.surrey.uri(name)
    listed = {"id": f"{uri}#ed25519-key", "type": "Multikey", "controller": uri}
    scene.surrey.documents[f"/users/{name}"]["assertionMethod"] = [
        listed | {"publicKeyMultibase": key.public_text}
    ]


def proved(scene: Scene, activity: dict[str, Any], *, key: PrivateKey = KEY, **more: Any) -> dict[str, Any]:
    """Give an activity with the proof of its actor."""
    given = {"key_id": f"{activity['actor']}#ed25519-key", "created": scene.network.clock.now()} | more
    context = {"@context": ["https://www.w3.org/ns/activitystreams"]}
    return proof.make(context | activity, sign=key.sign, **given)


async def believed(scene: Scene, activity: dict[str, Any], **how: Any) -> bool:
    found = document.read(json.dumps(activity).encode())
    read = registry.read(found)
    assert isinstance(read, Activity)
    return await is_proved(scene.kent.node, found, read, **how)


@pytest.fixture
async def uri(scene: Scene) -> str:
    """Give the id of a post of ada's, who belongs to the community planning; sam has a key for proofs."""
    await scene.planning()
    publish(scene, KEY)
    return await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))


class Repeats:
    """The community planning, which passes on whatever it has, whenever it likes."""

    def __init__(self, scene: Scene, uri: str) -> None:
        self.scene = scene
        self.uri = uri
        self.number = 0

    async def passes_on(self, activity: dict[str, Any]) -> int:
        """Pass something on by a new Announce, and give how many likes are counted then."""
        self.number += 1
        await self.scene.arrives(self.scene.lemmy, announced(self.scene.lemmy, self.number, activity))
        return await self.likes()

    async def says(self, activity: dict[str, Any]) -> int:
        """Let its author deliver an activity, and give how many likes are counted then."""
        await self.scene.arrives(self.scene.surrey, activity)
        return await self.likes()

    async def likes(self) -> int:
        held = await self.scene.kent.post(self.uri)
        assert held is not None
        return held.likes_count

    def like(self, number: int = 1, *, by: str = "sam") -> dict[str, Any]:
        return act(self.scene.surrey, "Like", number, self.uri, by=by)

    def undo(self, undone: dict[str, Any], number: int = 50, *, by: str = "sam") -> dict[str, Any]:
        return act(self.scene.surrey, "Undo", number, undone, by=by)


@pytest.fixture
def repeats(scene: Scene, uri: str) -> Repeats:
    return Repeats(scene, uri)


async def test_a_like_that_was_taken_back_does_not_come_again_by_its_proof(
    scene: Scene, repeats: Repeats
) -> None:
    like = repeats.like()
    assert await repeats.passes_on(proved(scene, like)) == 1
    assert await repeats.passes_on(proved(scene, repeats.undo(like))) == 0
    assert await repeats.passes_on(proved(scene, like)) == 0
    assert await repeats.passes_on(proved(scene, repeats.like(2))) == 1, "a new one does count"


async def test_a_like_delivered_and_taken_back_does_not_come_again_by_its_proof(
    scene: Scene, repeats: Repeats
) -> None:
    like = repeats.like()
    assert await repeats.says(like) == 1
    assert await repeats.says(repeats.undo(like | {"id": f"{like['id']}/anew"})) == 0
    assert await repeats.passes_on(proved(scene, like)) == 0


async def test_a_like_taken_back_before_it_came_does_not_come(scene: Scene, repeats: Repeats) -> None:
    like = repeats.like()
    assert await repeats.says(repeats.undo(like)) == 0
    assert await repeats.passes_on(proved(scene, like)) == 0


async def test_an_old_undo_does_not_take_back_a_new_like(scene: Scene, repeats: Repeats) -> None:
    undo = repeats.undo(repeats.like())
    assert await repeats.says(repeats.like(2)) == 1
    assert await repeats.says(undo) == 0
    assert await repeats.says(repeats.like(3)) == 1
    assert await repeats.passes_on(proved(scene, undo)) == 1


async def test_an_undo_passed_on_counts_once(scene: Scene, repeats: Repeats) -> None:
    undo = proved(scene, repeats.undo(repeats.like()))
    assert await repeats.says(repeats.like(2)) == 1
    assert await repeats.passes_on(undo) == 0
    assert await repeats.says(repeats.like(3)) == 1
    assert await repeats.passes_on(undo) == 1


async def test_a_neighbour_does_not_use_up_the_id_of_somebody_elses_like(
    scene: Scene, repeats: Repeats
) -> None:
    like = repeats.like()
    await repeats.says(repeats.undo(like | {"actor": scene.surrey.uri("bea")}, by="bea"))
    assert await repeats.passes_on(proved(scene, like)) == 1


async def test_a_proof_by_a_key_that_changed_is_checked_with_the_new_one(
    scene: Scene, repeats: Repeats
) -> None:
    assert await repeats.passes_on(proved(scene, repeats.like())) == 1
    assert await repeats.passes_on(proved(scene, repeats.undo(repeats.like()))) == 0
    publish(scene, NEWER)
    scene.network.clock.move(timedelta(minutes=1))
    assert await repeats.passes_on(proved(scene, repeats.like(2), key=NEWER)) == 1
    assert await repeats.passes_on(proved(scene, repeats.undo(repeats.like(2)), key=KEY)) == 1


async def test_an_old_proof_is_believed_only_while_a_collection_is_read(scene: Scene, uri: str) -> None:
    old = scene.network.clock.now() - PROOF_FOR - timedelta(seconds=1)
    like = proved(scene, act(scene.surrey, "Like", 1, uri), created=old)
    assert not await believed(scene, like)
    assert await believed(scene, like, longest=None)
    from_then = proved(scene, act(scene.surrey, "Like", 1, uri), created=old + timedelta(seconds=2))
    assert await believed(scene, from_then)


async def test_a_proof_by_somebody_else_or_none_speaks_for_nobody(scene: Scene, uri: str) -> None:
    publish(scene, NEWER, "bea")
    like = act(scene.surrey, "Like", 1, uri)
    by_bea = proved(scene, like, key=NEWER, key_id=f"{scene.surrey.uri('bea')}#ed25519-key")
    assert not await believed(scene, by_bea)
    assert not await believed(scene, like)
    assert not await believed(scene, proved(scene, like) | {"proof": {"cryptosuite": "eddsa-jcs-2022"}})
    assert not await believed(scene, proved(scene, like, key_id=f"{scene.surrey.uri('nobody')}#key"))
