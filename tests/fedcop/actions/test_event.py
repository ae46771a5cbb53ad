"""Telling of a meeting."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from fedcop.actions import event, post
from fedcop.errors import Invalid
from storage import activities, events, posts
from storage.actors import Actor
from storage.ids import PostId
from storage.visible import SYSTEM
from tests.fedcop.actions.scene import Scene
from tests.support.clock import NOON

DRILL = event.Draft(
    title="Flood drill",
    starts_at=NOON + timedelta(days=9),
    ends_at=NOON + timedelta(days=9, hours=2),
    text="Bring boots.",
    place="Depot",
    online_url="https://kent.example/meet",
)


async def last_document(scene: Scene, post_id: PostId) -> dict[str, Any]:
    kept = await scene.node.store.read(activities.of_post, post_id)
    whole: dict[str, Any] = msgspec.json.decode(kept[-1].body)
    document: dict[str, Any] = whole["object"]
    return document


async def test_a_meeting_in_a_community_is_a_thread_of_type_event(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    post_id = await event.publish(scene.node, ada, msgspec.structs.replace(DRILL, community="@roads"))
    held = await scene.node.store.read(posts.find, SYSTEM, post_id)
    assert held is not None
    assert (held.type, held.title, held.community_id) == ("Event", "Flood drill", roads.id)
    document = await last_document(scene, post_id)
    assert (document["type"], document["name"]) == ("Event", "Flood drill")
    assert document["startTime"] == "2026-03-11T12:00:00Z"
    assert document["summary"].startswith("Wednesday 11 March 2026, 12:00 to 14:00 (Europe/London)")
    assert (document["to"][0], document["audience"]) == (roads.uri, roads.uri)


async def test_outside_a_community_its_name_is_no_content_warning(scene: Scene, ada: Actor) -> None:
    held = await scene.node.store.read(posts.find, SYSTEM, await event.publish(scene.node, ada, DRILL))
    assert held is not None
    assert (held.title, held.summary, held.sensitive) == ("Flood drill", "", False)
    assert held.content == "<p>Bring boots.</p>"


async def test_a_meeting_may_be_moved_or_called_off(scene: Scene, ada: Actor) -> None:
    post_id = await event.publish(scene.node, ada, DRILL)
    await event.change(scene.node, ada, post_id, msgspec.structs.replace(DRILL, place="Hall", cancelled=True))
    held = await scene.node.store.read(events.find, SYSTEM, post_id)
    assert held is not None
    assert (held.place, held.state) == ("Hall", "cancelled")
    document = await last_document(scene, post_id)
    assert document["ical:status"] == "CANCELLED"
    assert document["summary"].startswith("Cancelled: ")


async def test_an_edit_of_the_text_keeps_the_meeting(scene: Scene, ada: Actor) -> None:
    post_id = await event.publish(scene.node, ada, DRILL)
    await post.edit(scene.node, ada, post_id, post.Draft(text="Bring a spade."))
    document = await last_document(scene, post_id)
    assert (document["type"], document["name"]) == ("Event", "Flood drill")
    assert document["location"][0]["name"] == "Depot"
    held = await scene.node.store.read(events.find, SYSTEM, post_id)
    assert held is not None
    assert held.place == "Depot"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"ends_at": DRILL.starts_at}, "ends_at"),
        ({"timezone": "Nowhere/Land"}, "timezone"),
        ({"place": "x" * 256}, "place"),
        ({"address": "x" * 256}, "address"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"online_url": "https://[::1"}, "online_url"),
        ({"join_url": "kent.example"}, "join_url"),
        ({"join_mode": "maybe"}, "join_mode"),
    ],
)
async def test_a_meeting_that_cannot_be_is_refused(
    scene: Scene, ada: Actor, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await event.publish(scene.node, ada, msgspec.structs.replace(DRILL, **wrong))
    assert list(refused.value.fields) == [field]


async def test_the_terms_of_an_event_are_explained_where_they_stand(scene: Scene, ada: Actor) -> None:
    kept = await scene.node.store.read(activities.of_post, await event.publish(scene.node, ada, DRILL))
    context = msgspec.json.decode(kept[0].body)["@context"]
    assert context[-1]["timezone"] == "mz:timezone"
    assert "canQuote" in context[-2]
