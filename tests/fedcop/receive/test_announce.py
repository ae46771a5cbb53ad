from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.sig import keys, proof
from storage import entries, peers
from tests.fedcop.receive.conftest import Scene, act, announced, create, note
from tests.support.network import titles

PROOF_CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"]


def page(scene: Scene, number: int = 1, **more: Any) -> dict[str, Any]:
    """Give a thread by cal in the lemmy server's community planning."""
    planning = scene.lemmy.uri("planning")
    return note(
        scene.lemmy,
        number,
        "How do you plan?",
        type="Page",
        name="Plans",
        attributedTo=scene.lemmy.uri("cal"),
        to=[planning, "https://www.w3.org/ns/activitystreams#Public"],
        audience=planning,
        **more,
    )


def elsewhere(scene: Scene, number: int = 1) -> dict[str, Any]:
    """Give a thread in planning by somebody whose server is not the community's."""
    return page(scene, number) | {
        "id": f"{scene.surrey.base}/notes/{number}",
        "attributedTo": scene.surrey.uri("sam"),
    }


async def test_what_a_community_passes_on_of_its_own_origin_is_taken(scene: Scene) -> None:
    planning = await scene.planning()
    found = page(scene)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(found)))

    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.community_id == planning.id
    (shown,) = await scene.kent.home(scene.ada)
    assert shown.wrapper is not None
    assert shown.wrapper.by.uri == planning.uri
    # Its author is asked for, the post is not: it came whole.
    assert [line for line in scene.network.router.take() if "/notes/" in line] == []


async def test_a_community_of_which_nobody_is_a_member_is_not_listened_to(scene: Scene) -> None:
    found = page(scene)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(found)))
    assert await scene.kent.post(found["id"]) is None


async def test_words_put_into_somebodys_mouth_are_fetched_from_their_origin(scene: Scene) -> None:
    await scene.planning()
    found = elsewhere(scene)
    scene.surrey.put("/notes/1", found)
    forged = found | {"content": "<p>I never said this</p>"}
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(forged)))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.content == "<p>How do you plan?</p>"
    assert titles(await scene.kent.home(scene.ada)) == ["Plans"]


async def test_words_that_their_origin_does_not_give_are_not_believed(scene: Scene) -> None:
    await scene.planning()
    found = elsewhere(scene)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(found)))
    assert await scene.kent.post(found["id"]) is None


def proved(scene: Scene, activity: dict[str, Any], *, created: Any = None) -> dict[str, Any]:
    """Give an activity with the proof of sam, whose key stands in sam's actor document."""
    key = keys.PrivateKey(Ed25519PrivateKey.from_private_bytes(b"s" * 32))
    sam = scene.surrey.uri("sam")
    scene.surrey.documents["/users/sam"]["assertionMethod"] = [
        {
            "id": f"{sam}#ed25519-key",
            "type": "Multikey",
            "controller": sam,
            "publicKeyMultibase": key.public_text,
        }
    ]
    return proof.make(
        {"@context": PROOF_CONTEXT} | activity,
        key_id=f"{sam}#ed25519-key",
        created=created or scene.network.clock.now(),
        sign=key.sign,
    )


async def test_what_carries_its_authors_proof_is_believed_without_asking(scene: Scene) -> None:
    await scene.planning()
    found = elsewhere(scene)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, proved(scene, create(found))))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert [line for line in scene.network.router.take() if "/notes/" in line] == []


async def test_a_proof_over_other_words_is_not_believed(scene: Scene) -> None:
    await scene.planning()
    found = elsewhere(scene)
    forged = proved(scene, create(found))
    forged["object"] = found | {"content": "<p>I never said this</p>"}
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, forged))
    assert await scene.kent.post(found["id"]) is None


async def test_an_old_proof_alone_is_not_believed(scene: Scene) -> None:
    await scene.planning()
    found = elsewhere(scene)
    old = proved(scene, create(found), created=scene.network.clock.now() - timedelta(days=31))
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, old))
    assert await scene.kent.post(found["id"]) is None


async def test_an_author_whose_host_is_not_on_the_list_is_not_listened_to(scene: Scene) -> None:
    await scene.planning()
    rogue = scene.network.peer("rogue.example")
    found = page(scene) | {"id": "https://rogue.example/notes/1", "attributedTo": rogue.person("rex")}
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(found)))
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, found["id"]))
    assert await scene.kent.post(found["id"]) is None
    assert [line for line in scene.network.router.take() if "rogue.example" in line] == []


async def test_a_communitys_word_is_enough_for_a_like_of_its_own_posts(scene: Scene) -> None:
    await scene.planning()
    found = page(scene)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(found)))
    # Somebody who is known here, from a third server.
    await scene.join(scene.surrey, "sam")
    like = act(scene.surrey, "Like", 1, found["id"])
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, like))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.likes_count == 1

    undo = act(scene.surrey, "Undo", 2, like)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 3, undo))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.likes_count == 0


async def test_a_communitys_word_is_nothing_for_posts_elsewhere(scene: Scene) -> None:
    await scene.planning()
    await scene.join(scene.surrey, "sam")
    ours = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))
    like = act(scene.surrey, "Like", 1, ours)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, like))
    held = await scene.kent.post(ours)
    assert held is not None
    assert held.likes_count == 0


async def test_votes_by_people_not_known_here_fetch_nobody(scene: Scene) -> None:
    await scene.planning()
    found = page(scene)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(found)))
    scene.network.router.take()
    likes = [act(scene.surrey, "Like", number, found["id"]) for number in range(5)]
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, likes))
    assert scene.network.fetches() == []


async def test_a_facilitators_removal_is_taken_in_their_communitys_announce_only(scene: Scene) -> None:
    await scene.planning()
    found = elsewhere(scene)
    scene.surrey.put("/notes/1", found)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(found)))
    removal = act(scene.lemmy, "Delete", 5, found["id"], by="cal", summary="Off topic")

    await scene.arrives(scene.lemmy, removal)
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.removed_at is None

    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, removal))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.removed_at is not None
    assert held.removed_for == "Off topic"


async def test_a_facilitator_of_a_third_server_removes_a_post_of_ours(scene: Scene) -> None:
    await scene.planning()
    sam = await scene.join(scene.surrey, "sam")
    ours = await scene.kent.uri_of(
        await scene.kent.publish(scene.ada, "Plans\n\n@planning@lemmy.example How?")
    )
    removal = act(scene.surrey, "Delete", 5, ours, summary="Off topic")
    assert removal["actor"] == sam

    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, removal))
    held = await scene.kent.post(ours)
    assert held is not None
    assert held.removed_for == "Off topic"


async def test_an_authors_delete_without_a_proof_is_believed_when_the_post_is_gone(scene: Scene) -> None:
    await scene.planning()
    found = elsewhere(scene)
    scene.surrey.put("/notes/1", found)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(found)))
    delete = act(scene.surrey, "Delete", 5, found["id"])

    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, delete))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.removed_at is None, "it still stands at its own server"

    del scene.surrey.documents["/notes/1"]
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 3, delete))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.removed_at is not None


async def test_an_edit_is_fetched_from_its_origin(scene: Scene) -> None:
    await scene.planning()
    found = elsewhere(scene)
    scene.surrey.put("/notes/1", found)
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(found)))
    newer = found | {"content": "<p>Better words</p>", "updated": "2026-03-02T11:30:00Z"}
    scene.surrey.put("/notes/1", newer)
    update = act(scene.surrey, "Update", 5, newer | {"content": "<p>Forged words</p>"})
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 2, update))
    held = await scene.kent.post(found["id"])
    assert held is not None
    assert held.content == "<p>Better words</p>"


async def test_a_wrapped_activity_shows_that_a_peer_understands_communities(scene: Scene) -> None:
    await scene.planning()
    await scene.kent.node.store.write(peers.set_kind, "lemmy.example", "unknown")
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, create(page(scene))))
    peer = await scene.kent.node.store.read(peers.find, "lemmy.example")
    assert peer is not None
    assert peer.kind == "group"


async def test_a_person_boosts_a_post_of_ours(scene: Scene) -> None:
    ours = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))
    await scene.arrives(scene.surrey, act(scene.surrey, "Announce", 1, ours, to=["as:Public"]))
    held = await scene.kent.post(ours)
    assert held is not None
    assert held.boosts_count == 1
    assert await scene.kent.told(scene.ada) == ["boost"]


async def test_a_boost_by_whom_nobody_follows_fetches_nothing(scene: Scene) -> None:
    scene.surrey.put("/notes/1", note(scene.surrey, 1, "Hello"))
    await scene.arrives(scene.surrey, act(scene.surrey, "Announce", 1, f"{scene.surrey.base}/notes/1"))
    assert [line for line in scene.network.fetches() if "/notes/" in line] == []


async def test_a_plain_announce_by_a_community_fetches_the_post(scene: Scene) -> None:
    await scene.planning()
    found = elsewhere(scene)
    scene.surrey.put("/notes/1", found)
    for number in (1, 2):
        await scene.arrives(scene.lemmy, announced(scene.lemmy, number, found["id"]))
    assert titles(await scene.kent.home(scene.ada)) == ["Plans"]
    assert await scene.kent.told(scene.ada) == []


async def test_a_followers_only_post_is_not_spread(scene: Scene) -> None:
    ours = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello", audience="followers"))
    await scene.arrives(scene.surrey, act(scene.surrey, "Announce", 1, ours, to=["as:Public"]))
    held = await scene.kent.post(ours)
    assert held is not None
    assert held.boosts_count == 0


async def test_our_own_activity_coming_back_is_the_communitys_entry_only(scene: Scene) -> None:
    planning = await scene.planning()
    post_id = await scene.kent.publish(scene.ada, "Plans\n\n@planning@lemmy.example How?")
    await scene.network.settle()
    (sent,) = scene.lemmy.sent("Create")
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, sent))
    entry = await scene.kent.node.store.read(entries.find, planning.id, post_id)
    assert entry is not None
    assert len(await scene.kent.home(scene.ada)) == 1


async def test_activities_without_an_actor_of_their_origin_are_refused(scene: Scene) -> None:
    await scene.planning()
    found = page(scene)
    forged = create(found) | {"id": "https://surrey.example/activities/1"}
    await scene.arrives(scene.lemmy, announced(scene.lemmy, 1, forged))
    assert await scene.kent.post(found["id"]) is None
