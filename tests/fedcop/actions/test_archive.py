"""An archive is asked for, made, kept for a week, and never given to anybody else."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest

from fedcop.actions import archive, leave
from fedcop.clock import SetClock
from fedcop.errors import NotFound
from fedcop.workers import archive as worker
from storage import archives, audit
from storage.actors import Actor
from storage.archives import Archive
from tests.fedcop.actions.scene import Scene


def move(scene: Scene, **by: int) -> None:
    assert isinstance(scene.node.clock, SetClock)
    scene.node.clock.move(timedelta(**by))


async def held(scene: Scene, person: Actor) -> Archive | None:
    return await scene.node.store.read(archives.find, person.id)


async def test_who_asks_twice_within_a_day_gets_the_same(scene: Scene, ben: Actor) -> None:
    first = await archive.ask(scene.node, ben)
    assert await archive.ask(scene.node, ben) == first, "it waits"
    with pytest.raises(NotFound, match="in the making"):
        await archive.path_of(scene.node, ben.id)
    assert await worker.work(scene.node) == 1
    path = await archive.path_of(scene.node, ben.id)
    ready = await held(scene, ben)
    assert ready is not None
    assert (ready.bytes, ready.due_at) == (path.stat().st_size, None)
    with ZipFile(path) as opened:
        assert json.loads(opened.read("actor.json"))["id"] == ben.uri
    move(scene, hours=23)
    assert await archive.ask(scene.node, ben) == ready
    assert await worker.work(scene.node) == 0
    move(scene, hours=2)
    await archive.ask(scene.node, ben)
    assert await worker.work(scene.node) == 1
    assert await archive.path_of(scene.node, ben.id) != path


async def test_it_is_gone_after_a_week_and_so_is_what_no_row_names(scene: Scene, ben: Actor) -> None:
    await archive.ask(scene.node, ben)
    await worker.work(scene.node)
    path = await archive.path_of(scene.node, ben.id)
    stray = path.with_name("stray.zip")
    stray.write_bytes(b"half")
    move(scene, days=6)
    assert await archive.clear(scene.node) == 1
    assert path.exists()
    assert not stray.exists()
    move(scene, days=1)
    with pytest.raises(NotFound, match="kept for a week"):
        await archive.path_of(scene.node, ben.id)
    assert await archive.clear(scene.node) == 1
    assert not path.exists()
    assert await held(scene, ben) is None


async def test_who_leaves_meanwhile_gets_none(scene: Scene, ben: Actor) -> None:
    asked = await archive.ask(scene.node, ben)
    await leave.delete_person(scene.node, "ben", by="ada")
    assert await held(scene, ben) is None
    await archive.make(scene.node, asked)
    assert list(archive.folder_of(scene.node).glob("*")) == []


async def test_an_archive_that_was_made_goes_with_the_person(scene: Scene, ben: Actor) -> None:
    await archive.ask(scene.node, ben)
    await worker.work(scene.node)
    path = await archive.path_of(scene.node, ben.id)
    await leave.delete_person(scene.node, "ben", by="ada")
    await archive.clear(scene.node)
    assert not path.exists()


async def test_one_that_nobody_wants_any_more_leaves_no_file(scene: Scene, ben: Actor) -> None:
    asked = await archive.ask(scene.node, ben)
    await scene.node.store.write(archives.remove, ben.id)
    await archive.make(scene.node, asked)
    assert list(archive.folder_of(scene.node).glob("*")) == []


async def test_whoever_runs_the_node_writes_one_out_and_the_record_says_so(scene: Scene, ben: Actor) -> None:
    out = io.BytesIO()
    await archive.export(scene.node, "ben", out, by="ada")
    assert ZipFile(out).testzip() is None
    (entry,) = await scene.node.store.read(audit.latest, 1)
    assert (entry.verb, entry.object, entry.by_name) == ("person export", ben.uri, "ada")
    for name in ("nobody", "roads", "ask"):
        with pytest.raises(NotFound, match="found no person"):
            await archive.export(scene.node, name, io.BytesIO(), by="ada")
