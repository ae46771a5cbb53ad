"""Who tries to have an answer accepted, or not, that is not theirs to say."""

from typing import Any

from storage import answers, asks, posts
from storage.actors import Actor
from storage.asks import NewAsk
from storage.posts import NewPost
from storage.visible import SYSTEM
from tests.storage import written
from tests.support.attacked import Scene


async def in_planning(scene: Scene, *, audience: str = "public") -> tuple[NewPost, NewPost]:
    """Give an ask of sam's in the community of the lemmy server, with an answer of ada's."""
    planning = await scene.joins_planning()
    await scene.send(scene.surrey, follow(scene, scene.sam))
    sam = await scene.known(scene.sam)
    place = {"community_id": planning.id, "audience": audience}
    store = scene.kent.node.store
    ask = await written.add(store, sam.id, host="surrey.example", type="Page", ask=NewAsk(), **place)
    reply = await written.answer(store, scene.ada.id, ask, audience=audience)
    return ask, reply


def follow(scene: Scene, who: str) -> dict[str, Any]:
    return {"id": f"{who}/follow", "type": "Follow", "actor": who, "object": scene.makers.uri}


def choice(scene: Scene, reply: NewPost, number: int = 1) -> dict[str, Any]:
    """Give sam's ChooseAnswer."""
    return {
        "id": f"{scene.sam}/choices/{number}",
        "type": "ChooseAnswer",
        "actor": scene.sam,
        "object": reply.uri,
    }


async def passed_on(scene: Scene, inner: dict[str, Any], number: int, by: str = "planning") -> None:
    uri = scene.lemmy.uri(by)
    announce = {
        "id": f"{uri}/announces/{number}",
        "type": "Announce",
        "actor": uri,
        "to": ["as:Public"],
        "object": inner,
    }
    await scene.send(scene.lemmy, announce)


async def accepted(scene: Scene, reply: NewPost) -> bool:
    return await scene.kent.node.store.read(answers.find, SYSTEM, reply.id) is not None


async def test_a_word_that_was_taken_back_counts_never_again_however_well_it_is_proved(scene: Scene) -> None:
    ask, reply = await in_planning(scene)
    chosen = scene.proved(choice(scene, reply))
    await passed_on(scene, chosen, 1)
    assert await accepted(scene, reply)
    undo = {"id": f"{scene.sam}/undo", "type": "Undo", "actor": scene.sam, "object": choice(scene, reply)}
    await passed_on(scene, scene.proved(undo), 2)
    assert not await accepted(scene, reply)
    await passed_on(scene, chosen, 3)
    assert not await accepted(scene, reply)
    found = await scene.kent.node.store.read(asks.find, SYSTEM, ask.id)
    assert found is not None
    assert found.state == "answered"


async def test_what_only_members_read_is_accepted_by_the_word_of_their_community_only(scene: Scene) -> None:
    scene.lemmy.person("planning", type="Group", manuallyApprovesFollowers=True)
    planning = await scene.joins_planning()
    await close(scene, planning)
    await scene.send(scene.surrey, follow(scene, scene.sam))
    sam = await scene.known(scene.sam)
    place = {"community_id": planning.id, "audience": "members"}
    store = scene.kent.node.store
    ask = await written.add(store, sam.id, host="surrey.example", type="Page", ask=NewAsk(), **place)
    reply = await written.answer(store, scene.ada.id, ask, audience="members")
    await scene.send(scene.surrey, choice(scene, reply))
    assert not await accepted(scene, reply), "its asker said so to us, and to the community perhaps never"
    await passed_on(scene, choice(scene, reply, 2), 1)
    assert await accepted(scene, reply)


async def close(scene: Scene, community: Actor) -> None:
    """Let only its members read a community elsewhere."""

    async def change(tx: Any) -> None:
        await tx.execute("UPDATE actors SET approves = 1 WHERE id = :id", id=community.id)

    await scene.kent.node.store.write(change)


async def test_no_community_accepts_for_another_whoever_vouches(scene: Scene) -> None:
    await scene.joins_planning()
    thread = await scene.kent.publish(scene.ada, "@makers Which glue?")
    reply_id = await scene.kent.publish(scene.ada, "Bone.", in_reply_to=thread)
    await scene.network.settle()
    reply = await scene.kent.node.store.read(posts.find, SYSTEM, reply_id)
    assert reply is not None
    planning = scene.lemmy.uri("planning")
    for number, actor in enumerate((planning, scene.ada.uri, scene.makers.uri, scene.sam)):
        forged = {
            "id": f"{planning}/choices/{number}",
            "type": "ChooseAnswer",
            "actor": actor,
            "object": reply.uri,
        }
        await passed_on(scene, forged, number)
        await scene.send(scene.lemmy, forged)
    assert await scene.kent.node.store.read(answers.find, SYSTEM, reply_id) is None


async def test_a_post_of_a_peer_asks_for_nothing_but_what_it_may(scene: Scene) -> None:
    await scene.send(scene.surrey, follow(scene, scene.sam))
    page = {
        "id": f"{scene.surrey.base}/notes/1",
        "type": "Page",
        "name": "Glue",
        "attributedTo": scene.sam,
        "to": ["as:Public", scene.makers.uri],
        "cc": [],
        "audience": scene.makers.uri,
        "content": "<p>Which?</p>",
        "ask": {
            "need": "<script>alert(1)</script>" + "n" * 9_000,
            "tried": {"x": 1},
            "byWhen": "1066-10-14",
            "services": ["http://id.esd.org.uk/function/999999", "javascript:alert(1)"] * 50,
            "withdrawn": "never",
            "state": "resolved",
            "accepted": [f"{scene.surrey.base}/notes/2"],
        },
    }
    create = {"id": f"{page['id']}/c", "type": "Create", "actor": scene.sam, "to": page["to"], "object": page}
    await scene.send(scene.surrey, create)
    held = await scene.kent.post(str(page["id"]))
    assert held is not None
    ask = await scene.kent.node.store.read(asks.find, SYSTEM, held.id)
    assert ask is not None
    assert (ask.state, ask.services, ask.tried, len(ask.need)) == ("open", (), "", 2_000)
    assert (str(ask.by_when), ask.withdrawn_at) == ("1066-10-14", None)
