"""What is recorded though nothing is decided."""

from datetime import timedelta
from typing import Any

import msgspec

from fedcop.actions import community, oversight
from fedcop.clock import SetClock
from storage import audit
from storage.actors import Actor
from storage.audit import Entry
from tests.fedcop.actions.scene import Scene


async def _entries(scene: Scene, verb: str) -> list[Entry]:
    return [one for one in await scene.node.store.read(audit.latest, 50) if one.verb == verb]


async def test_reading_what_is_for_others_stands_in_the_record(scene: Scene, ada: Actor, ben: Actor) -> None:
    open_, direct = await scene.write(ben), await scene.write(ben, "@cat Between us", audience="direct")
    await oversight.note_reading(scene.node, ada.id, [open_.id, direct.id])
    (entry,) = await _entries(scene, "read closed")
    assert (entry.by_name, entry.object) == ("ada", direct.uri)


async def test_what_only_members_read_is_closed_to_an_admin_too(scene: Scene, ada: Actor, ben: Actor) -> None:
    closed = await community.open_community(
        scene.node, "quiet", name="Quiet", summary="", facilitator=ben, visibility="members"
    )
    post = await scene.write(ben, f"@{closed.handle} Within these walls")
    assert post.audience == "members"
    await oversight.note_reading(scene.node, ben.id, [post.id])
    assert await _entries(scene, "read closed") == [], "a member reads as members do"
    await oversight.note_reading(scene.node, ada.id, [post.id])
    assert [entry.object for entry in await _entries(scene, "read closed")] == [post.uri]


async def test_a_page_that_is_loaded_again_is_one_reading(scene: Scene, ada: Actor, ben: Actor) -> None:
    direct = await scene.write(ben, "@cat Between us", audience="direct")
    await oversight.note_reading(scene.node, ada.id, [direct.id])
    assert isinstance(scene.node.clock, SetClock)
    scene.node.clock.move(timedelta(minutes=59))
    await oversight.note_reading(scene.node, ada.id, [direct.id])
    assert len(await _entries(scene, "read closed")) == 1
    scene.node.clock.move(timedelta(minutes=2))
    await oversight.note_reading(scene.node, ada.id, [direct.id])
    assert len(await _entries(scene, "read closed")) == 2


def _with(scene: Scene, section: str, **changed: Any) -> None:
    held = getattr(scene.node.config, section)
    scene.node.config = msgspec.structs.replace(
        scene.node.config, **{section: msgspec.structs.replace(held, **changed)}
    )


async def test_a_changed_configuration_is_named_by_its_keys_and_never_by_its_values(scene: Scene) -> None:
    await oversight.note_configuration(scene.node)
    await oversight.note_configuration(scene.node)
    (first,) = await _entries(scene, "configuration")
    assert (first.by_name, first.changed) == ("node", "")
    assert await _entries(scene, "configuration change") == []

    _with(scene, "outbound", proxy="http://user:secret@proxy.example:3128")
    _with(scene, "log", level="debug")
    await oversight.note_configuration(scene.node)
    await oversight.note_configuration(scene.node)
    (change,) = await _entries(scene, "configuration change")
    assert change.changed == "log.level,outbound.proxy"
    assert change.before != change.after
    assert "secret" not in repr(change) + repr(await scene.rows("SELECT value FROM facts"))
