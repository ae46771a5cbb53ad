"""Boosts: one for each person and post, told to followers and author, and taken back with its own id."""

import asyncio

import pytest

from activitypub.shape import PUBLIC
from fedcop.actions import boost
from fedcop.errors import Invalid, NotFound
from storage import entries
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene

LEMMY = "https://lemmy.example/inbox"
MASTODON = "https://mastodon.example/inbox"
BEN = "ben"


async def test_a_boost_goes_to_followers_and_to_the_author(scene: Scene, ada: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    post = await scene.theirs(await scene.remote("eve", "mastodon.example"))
    entry_id = await boost.boost(scene.node, ada, post.id)

    sent = await scene.sent()
    assert sorted((one.inbox, one.form) for one in sent) == [(LEMMY, "Announce"), (MASTODON, "Announce")]
    assert sent[0].document["object"] == post.uri
    entry = await scene.node.store.read(entries.find, ada.id, post.id)
    assert entry is not None
    assert (entry.id, entry.kind, entry.uri) == (entry_id, "boost", sent[0].document["id"])
    assert (await scene.held(post.id)).boosts_count == 1


async def test_a_second_boost_changes_nothing(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ben, "Hello")
    first = await boost.boost(scene.node, ada, held.id)

    assert await boost.boost(scene.node, ada, held.id) == first
    assert (await scene.held(held.id)).boosts_count == 1
    assert [one.type for one in await scene.notices(ben)] == ["boost"]


async def test_ones_own_post_can_be_boosted(scene: Scene, ada: Actor) -> None:
    held = await scene.write(ada, "Hello")
    entry_id = await boost.boost(scene.node, ada, held.id)

    assert entry_id != held.id
    assert (await scene.held(held.id)).boosts_count == 1
    assert await scene.notices(ada) == []


async def test_a_boost_is_taken_back_by_its_own_id(scene: Scene, ada: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    held = await scene.write(ada, "Hello")
    await boost.boost(scene.node, ada, held.id)
    announce = (await scene.sent())[-1].document
    await boost.unboost(scene.node, ada, held.id)

    (sent,) = await scene.sent()
    assert (sent.inbox, sent.form) == (LEMMY, "Undo Announce")
    assert sent.document["object"]["id"] == announce["id"]
    assert (await scene.held(held.id)).boosts_count == 0


async def test_without_a_boost_nothing_is_taken_back(scene: Scene, ada: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    held = await scene.write(ada, "Hello")
    await scene.sent()
    await boost.unboost(scene.node, ada, held.id)

    assert await scene.sent() == []


async def test_what_was_not_meant_for_all_is_not_boosted(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ada, "@ben psst", audience="direct")

    with pytest.raises(Invalid):
        await boost.boost(scene.node, ben, held.id)


async def test_what_cannot_be_seen_is_not_there(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ada, "psst", audience="direct")

    with pytest.raises(NotFound):
        await boost.boost(scene.node, ben, held.id)


async def test_two_boosts_at_once_are_one(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ben, "Hello")
    first, second = await asyncio.gather(
        boost.boost(scene.node, ada, held.id), boost.boost(scene.node, ada, held.id)
    )

    assert first == second
    assert (await scene.held(held.id)).boosts_count == 1


async def test_a_boost_taken_back_twice_at_once_is_told_once(scene: Scene, ada: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    held = await scene.write(ada, "Hello")
    await boost.boost(scene.node, ada, held.id)
    await scene.sent()
    await asyncio.gather(boost.unboost(scene.node, ada, held.id), boost.unboost(scene.node, ada, held.id))

    assert len(await scene.sent()) == 1


@pytest.mark.parametrize(
    ("audience", "to", "cc"),
    [
        ("unlisted", ["followers"], [BEN, PUBLIC]),
        ("followers", ["followers"], [BEN]),
    ],
)
async def test_a_boost_and_its_undo_are_addressed_to_whom_it_is_for(
    scene: Scene, ada: Actor, ben: Actor, audience: boost.Audience, to: list[str], cc: list[str]
) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    held = await scene.write(ben, "Hello")
    await boost.boost(scene.node, ada, held.id, audience)
    announce = (await scene.sent())[0].document
    await boost.unboost(scene.node, ada, held.id)

    full = {"followers": f"{ada.uri}/followers", BEN: ben.uri}
    assert announce["to"] == [full.get(one, one) for one in to]
    assert announce["cc"] == [full.get(one, one) for one in cc]
    undone = (await scene.sent())[-1].document["object"]
    assert (undone["to"], undone["cc"]) == (announce["to"], announce["cc"])
