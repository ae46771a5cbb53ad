import pytest

from fedcop.actions import moderate
from storage import actors
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import Scene, act, create, note
from tests.storage import written


@pytest.mark.parametrize("kind", ["Like", "EmojiReact"])
async def test_a_like_counts_once_and_its_author_is_told(scene: Scene, kind: str) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))
    for number in (1, 2):
        await scene.arrives(scene.surrey, act(scene.surrey, kind, number, uri))
    held = await scene.kent.post(uri)
    assert held is not None
    assert held.likes_count == 1
    assert await scene.kent.told(scene.ada) == ["like"]


async def test_what_somebody_may_not_see_they_cannot_like(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello", audience="followers"))
    await scene.arrives(scene.surrey, act(scene.surrey, "Like", 1, uri))
    held = await scene.kent.post(uri)
    assert held is not None
    assert held.likes_count == 0


async def test_a_like_of_something_not_held_is_ignored(scene: Scene) -> None:
    await scene.arrives(scene.surrey, act(scene.surrey, "Like", 1, "https://kent.example/posts/1"))
    assert await scene.outcomes() == {"ignored": 1}


async def test_a_community_passes_on_nothing_of_whom_it_banned(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    sam = await scene.join(scene.surrey, "sam")
    words = note(scene.surrey, 1, "Which glue?", cc=[scene.makers.uri])
    await scene.arrives(scene.surrey, create(words))
    found = await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, sam)
    assert found is not None
    makers = await scene.kent.known(scene.makers)
    await moderate.ban(scene.kent.node, scene.fin, makers, found, reason="Spam")
    await scene.network.settle()
    before = len(scene.lemmy.sent("Announce"))

    newer = words | {"content": "<p>Buy mine</p>", "updated": "2026-03-02T11:30:00Z"}
    await scene.arrives(scene.surrey, act(scene.surrey, "Update", 1, newer))
    await scene.arrives(scene.surrey, act(scene.surrey, "Like", 2, words["id"]))
    held = await scene.kent.post(words["id"])
    assert held is not None
    assert (held.likes_count, held.content) == (0, "<p>Which glue?</p>")
    assert len(scene.lemmy.sent("Announce")) == before


async def test_a_member_elsewhere_likes_what_is_for_members_once_their_communitys_node_says_so(
    scene: Scene,
) -> None:
    scene.lemmy.documents["/users/planning"]["manuallyApprovesFollowers"] = True
    planning = await scene.planning()
    found = await written.add(
        scene.kent.node.store, scene.ada.id, community_id=planning.id, audience="members"
    )
    sam, bea = [scene.surrey.uri(name) for name in ("sam", "bea")]
    scene.lemmy.put(f"/users/planning/followers?is_follower={sam}", {})
    for number, (name, likes) in enumerate((("bea", 0), ("sam", 1), ("bea", 1))):
        await scene.arrives(scene.surrey, act(scene.surrey, "Like", number, found.uri, by=name))
        held = await scene.kent.post(found.uri)
        assert held is not None
        assert held.likes_count == likes, name
    questions = [line for line in scene.network.fetches() if "is_follower" in line]
    assert questions == [f"GET {planning.uri}/followers?is_follower={who}" for who in (bea, sam, bea)]


async def test_of_what_is_not_for_members_nobody_is_asked(scene: Scene) -> None:
    await scene.planning()
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello", audience="followers"))
    await scene.arrives(scene.surrey, act(scene.surrey, "Like", 1, uri))
    assert [line for line in scene.network.fetches() if "is_follower" in line] == []
