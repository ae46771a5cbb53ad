from typing import Any

import pytest

from storage import actors, communities, media, posts
from storage.visible import STRANGER, SYSTEM
from tests.fedcop.receive.conftest import Scene, act, create, note
from tests.support.network import titles


def mention(uri: str) -> dict[str, str]:
    return {"type": "Mention", "href": uri, "name": "@somebody"}


def for_makers(scene: Scene, number: int = 1, text: str = "Which glue?", **more: Any) -> dict[str, Any]:
    """Give a note as Mastodon sends it to a community: a mention, no title, no audience."""
    return note(scene.surrey, number, text, cc=[scene.makers.uri], tag=[mention(scene.makers.uri)], **more)


async def test_a_note_that_mentions_a_community_begins_a_thread_and_is_announced(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    await scene.join(scene.surrey, "bea")
    found = for_makers(scene, text="Which glue?</p><p>For wood.")
    await scene.arrives(scene.surrey, create(found))

    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.title == "Which glue?"
    assert held.community_id == scene.makers.id
    assert titles(await scene.kent.home(scene.fin)) == ["Which glue?"]
    # Design 5: the whole activity to who understands it, the mere id to Mastodon, each once.
    (whole,) = scene.lemmy.sent("Announce")
    assert whole["object"] == {"@context": "https://www.w3.org/ns/activitystreams"} | create(found)
    (plain,) = scene.surrey.sent("Announce")
    assert plain["object"] == found["id"]


async def test_a_reply_is_passed_on_to_those_who_thread_it_only(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    await scene.join(scene.surrey, "bea")
    found = for_makers(scene)
    await scene.arrives(scene.surrey, create(found))
    # It names no community at all: what it answers decides.
    reply = note(scene.surrey, 2, "The white one.", inReplyTo=found["id"])
    await scene.arrives(scene.surrey, create(reply))

    held = await scene.kent.post(reply["id"])
    assert held is not None
    assert held.community_id == scene.makers.id
    assert [one["object"]["object"]["id"] for one in scene.lemmy.sent("Announce")] == [
        found["id"],
        reply["id"],
    ]
    assert [one["object"] for one in scene.surrey.sent("Announce")] == [found["id"]]


@pytest.mark.parametrize(
    ("to", "audience"),
    [(["https://surrey.example/users/sam/followers"], "followers"), ([], "direct")],
)
async def test_what_is_not_public_is_never_announced(scene: Scene, to: list[str], audience: str) -> None:
    await scene.join(scene.lemmy, "cal")
    found = for_makers(scene) | {"to": to}
    await scene.arrives(scene.surrey, create(found))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.audience == audience
    assert held.community_id is None
    assert scene.lemmy.sent("Announce") == []
    assert await scene.kent.node.store.read(posts.find, STRANGER, held.id) is None


async def test_where_joining_needs_a_decision_a_strangers_post_is_rejected(scene: Scene) -> None:
    closed = await scene.kent.community("closed", scene.fin, join_mode="approval")
    found = note(scene.surrey, 1, "Hello", cc=[closed.uri], tag=[mention(closed.uri)])
    await scene.arrives(scene.surrey, create(found))
    assert await scene.kent.post(found["id"]) is None
    (answer,) = scene.surrey.sent("Reject")
    assert answer["actor"] == closed.uri
    assert answer["object"]["id"] == create(found)["id"]


async def test_a_reply_to_a_locked_thread_is_rejected(scene: Scene) -> None:
    found = for_makers(scene)
    await scene.arrives(scene.surrey, create(found))
    held = await scene.kent.post(found["id"])
    assert held is not None
    await scene.kent.node.store.write(posts.set_locked, held.id, locked=True)
    reply = note(scene.surrey, 2, "Too late", inReplyTo=found["id"])
    await scene.arrives(scene.surrey, create(reply))
    assert await scene.kent.post(reply["id"]) is None
    assert len(scene.surrey.sent("Reject")) == 1


async def test_a_post_that_comes_twice_is_one(scene: Scene) -> None:
    await scene.join(scene.lemmy, "cal")
    found = for_makers(scene)
    await scene.arrives(scene.surrey, create(found))
    await scene.arrives(scene.surrey, create(found) | {"id": "https://surrey.example/other"})
    assert len(scene.lemmy.sent("Announce")) == 1
    assert len(await scene.kent.home(scene.fin)) == 1


async def test_a_create_after_its_delete_stays_dead(scene: Scene) -> None:
    found = for_makers(scene)
    # Somebody known: of a stranger's Delete nothing is kept.
    await scene.arrives(scene.surrey, create(for_makers(scene, 9)))
    await scene.arrives(scene.surrey, act(scene.surrey, "Delete", 1, found["id"]))
    await scene.arrives(scene.surrey, create(found))
    assert await scene.kent.post(found["id"]) is None


async def test_whom_a_note_names_is_told_and_sees_it(scene: Scene) -> None:
    found = note(scene.surrey, 1, "Hello ada", to=[scene.ada.uri], tag=[mention(scene.ada.uri)])
    await scene.arrives(scene.surrey, create(found))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.audience == "direct"
    assert await scene.kent.told(scene.ada) == ["mention"]


async def test_a_note_that_concerns_nobody_here_is_not_kept(scene: Scene) -> None:
    found = note(scene.surrey, 1, "Into the void")
    await scene.arrives(scene.surrey, create(found))
    assert await scene.kent.post(found["id"]) is None
    assert await scene.outcomes() == {"ignored": 1}


async def test_a_parent_that_is_not_held_is_fetched_first(scene: Scene) -> None:
    first = note(scene.surrey, 1, "First")
    second = note(scene.surrey, 2, "Second", inReplyTo=first["id"])
    scene.surrey.put("/notes/1", first)
    scene.surrey.put("/notes/2", second)
    third = note(
        scene.surrey, 3, "Third", inReplyTo=second["id"], cc=[scene.ada.uri], tag=[mention(scene.ada.uri)]
    )
    scene.network.router.take()
    await scene.arrives(scene.surrey, create(third))
    root, reply = await scene.kent.post(first["id"]), await scene.kent.post(third["id"])
    assert root is not None
    assert reply is not None
    assert reply.root_id == root.id
    wanted = [line for line in scene.network.router.take() if "/notes/" in line]
    assert wanted == [f"GET {second['id']}", f"GET {first['id']}"]


async def test_pictures_keep_their_descriptions(scene: Scene) -> None:
    picture = {
        "type": "Document",
        "mediaType": "image/png",
        "url": "https://surrey.example/a.png",
        "name": "A clamp",
        "width": 30,
        "height": 20,
        "focalPoint": [0.5, -1],
    }
    found = for_makers(scene, attachment=[picture])
    await scene.arrives(scene.surrey, create(found))
    held = await scene.kent.post(found["id"])
    assert held is not None
    (kept,) = await scene.kent.node.store.read(media.of_post, SYSTEM, held.id)
    assert (kept.description, kept.remote_url, kept.width) == ("A clamp", "https://surrey.example/a.png", 30)
    assert (kept.focus_x, kept.focus_y) == (0.5, -1.0)


async def test_nobody_posts_in_anothers_name(scene: Scene) -> None:
    found = for_makers(scene, attributedTo=scene.surrey.uri("bea"))
    forged = create(found) | {"actor": scene.surrey.uri("sam")}
    await scene.arrives(scene.surrey, forged)
    assert await scene.kent.post(found["id"]) is None
    assert (await scene.outcomes())["refused"] == 1


async def test_a_post_of_another_host_is_not_taken_from_its_actor(scene: Scene) -> None:
    found = for_makers(scene) | {"id": "https://lemmy.example/notes/1"}
    forged = create(found) | {"id": "https://surrey.example/activities/1"}
    await scene.arrives(scene.surrey, forged)
    assert await scene.kent.post(found["id"]) is None


async def test_a_vote_is_no_post(scene: Scene) -> None:
    found = for_makers(scene)
    await scene.arrives(scene.surrey, create(found))
    vote = {
        "id": "https://surrey.example/votes/1",
        "type": "Note",
        "name": "Yes",
        "attributedTo": scene.surrey.uri("sam"),
        "inReplyTo": found["id"],
        "to": [scene.ada.uri],
        "cc": [],
    }
    await scene.arrives(scene.surrey, create(vote))
    assert await scene.kent.post(vote["id"]) is None


async def test_who_is_banned_may_not_post(scene: Scene) -> None:
    await scene.join(scene.surrey, "sam")
    sam = await scene.kent.node.store.read(_by_uri, scene.surrey.uri("sam"))
    await scene.kent.node.store.write(
        communities.ban,
        scene.makers.id,
        sam,
        by_actor=scene.fin.id,
        reason="",
        until=None,
        now=scene.network.clock.now(),
    )
    found = for_makers(scene)
    await scene.arrives(scene.surrey, create(found))
    assert await scene.kent.post(found["id"]) is None


async def _by_uri(read: Any, uri: str) -> Any:
    found = await actors.find_by_uri(read, SYSTEM, uri)
    assert found is not None
    return found.id
