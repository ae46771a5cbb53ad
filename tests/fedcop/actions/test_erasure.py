"""What is said of an erasure, and who may ask for one."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from fedcop.actions import account, erasure, leave, schedule, upload
from fedcop.actions.draft import Draft
from fedcop.clock import SetClock
from fedcop.errors import NotFound, NotSignedIn
from storage import actors, audit, copies, erasures, keys
from storage.actors import Actor
from storage.engine import Reader
from tests.fedcop.actions.scene import Scene
from tests.support.pictures import png


async def test_each_host_that_holds_something_is_named_with_what_came_of_it(scene: Scene, ben: Actor) -> None:
    held = [
        ("devon.example", "https://devon.example/inbox"),
        ("york.example", "https://york.example/inbox"),
        ("fetched.example", None),
    ]
    for host, inbox in held:
        if inbox is None:
            await scene.node.store.write(copies.fetched, ben.uri, host)
        else:
            await scene.node.store.write(copies.add, ben.uri, [(host, inbox)])
    await leave.delete_person(scene.node, "ben", by="test")
    told = await erasure.report(scene.node, "@Ben")
    assert {one.host: (one.state, one.answer) for one in told.hosts} == {
        "devon.example": ("waiting", ""),
        "fetched.example": ("failed", "not on the federation list"),
        "york.example": ("failed", "not on the federation list"),
    }
    assert (told.name, told.state, told.waiting, told.failed) == ("ben", "under way", 1, 2)
    assert told.until == scene.node.clock.now() + timedelta(days=30)
    assert any("cannot be called back" in line for line in told.limits)


async def test_a_host_of_which_no_inbox_is_known_is_said_to_be_out_of_reach(scene: Scene, ben: Actor) -> None:
    await scene.node.store.write(copies.fetched, ben.uri, "devon.example")
    await leave.delete_person(scene.node, "ben", by="test")
    told = await erasure.report(scene.node, "ben")
    assert [(one.state, one.answer) for one in told.hosts] == [("unreachable", "no inbox is known there")]
    assert told.state == "ended"


async def test_who_was_held_nowhere_is_erased_at_once_with_the_keys(scene: Scene, ben: Actor) -> None:
    assert await scene.node.store.read(keys.find_private, ben.id, "rsa") is not None
    await leave.delete_person(scene.node, "ben", by="test")
    told = await erasure.report(scene.node, "ben")
    assert (told.state, told.hosts, told.until) == ("ended", [], None)
    assert await scene.node.store.read(keys.find_private, ben.id, "rsa") is None
    for name in ("ada", "nobody"):
        with pytest.raises(NotFound, match="nobody called"):
            await erasure.report(scene.node, name)


async def test_nothing_of_a_person_is_left_but_the_handle(scene: Scene, ben: Actor) -> None:
    name = await upload.picture(scene.node, png())
    profile = msgspec.structs.replace(actors.profile_of(ben), icon=name, summary="<p>Rosebud</p>")
    await scene.node.store.write(actors.set_profile, ben.id, profile, scene.node.clock.now())
    await scene.write(ben, "Rosebud, said ben@kent.example")
    later = scene.node.clock.now() + timedelta(hours=1)
    await schedule.schedule(scene.node, ben, Draft(text="Rosebud later"), later)
    await leave.delete_person(scene.node, "ben", by="test")
    assert not (Path(scene.node.config.media.folder) / name).exists()
    everything = await scene.node.store.read(_dump)
    assert "Rosebud" not in everything
    assert "ben@kent.example" not in everything


# Every column in which a word of somebody may stand.
WORDS = {
    "accounts": ("email", "password"),
    "activities": ("body",),
    "actors": ("display_name", "summary", "summary_source", "icon", "fields"),
    "bodies": ("body",),
    "posts": ("title", "content", "source", "summary"),
    "revisions": ("title", "content", "source"),
    "scheduled": ("draft",),
    "withheld": ("body",),
}


async def _dump(read: Reader) -> str:
    columns = [(table, column) for table, names in WORDS.items() for column in names]
    return repr([await read.values(f"SELECT {column} FROM {table}") for table, column in columns])


async def test_what_waited_to_be_sent_is_not_sent_before_the_delete(scene: Scene, ben: Actor) -> None:
    follower = await scene.remote("cleo", "devon.example")
    await scene.joined(follower, ben)
    await scene.write(ben, "Rosebud")
    assert [form for _, form in await scene.forms()] == ["Create Note"]
    await leave.delete_person(scene.node, "ben", by="test")
    rows = await scene.rows("SELECT b.type FROM deliveries AS d JOIN bodies AS b ON b.id = d.body_id")
    assert rows == ["Delete"]


async def test_a_person_deletes_themself_with_the_password(scene: Scene, ben: Actor) -> None:
    await account.set_password(scene.node, ben.id, "correct horse")
    with pytest.raises(NotSignedIn):
        await leave.delete_oneself(scene.node, ben, "wrong horse")
    assert (await scene.actor(ben.id)).state == "active"
    await leave.delete_oneself(scene.node, ben, "correct horse")
    assert (await scene.actor(ben.id)).state == "deleted"
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.by_name) == ("person delete", "ben")


async def test_an_erasure_cut_short_is_brought_to_its_end(scene: Scene, ben: Actor) -> None:
    written = await scene.write(ben, "Rosebud")
    await leave.suspend(scene.node, "ben", by="test")
    await scene.node.store.write(erasures.begin, ben.id, "ben", scene.node.clock.now())
    assert (await erasure.report(scene.node, "ben")).state == "erasing"
    assert await leave.go_on(scene.node) == 0, "whoever began it may go on with it"
    assert isinstance(scene.node.clock, SetClock)
    scene.node.clock.move(leave.CUT_SHORT_AFTER + timedelta(seconds=1))
    assert await leave.go_on(scene.node) == 1
    assert (await scene.actor(ben.id)).state == "deleted"
    assert (await scene.held(written.id)).content == ""
    assert await leave.go_on(scene.node) == 0
    assert (await erasure.report(scene.node, "ben")).state == "ended"
