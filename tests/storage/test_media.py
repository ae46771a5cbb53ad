"""Files: uploaded, attached, described, detached, cleared up."""

from datetime import timedelta

import msgspec
import pytest

from storage import activities, media, posts, scheduled, visible, withheld
from storage.engine import Store
from storage.ids import MediaId, RowId
from storage.media import Kept, NewMedia, Preview
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON


async def test_an_upload_is_its_owners_until_it_is_in_a_post(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    file = written.new_file(ada, name="a.png", width=4, height=3, focus_x=0.5, focus_y=-0.5)
    await store.write(media.add, file)
    found = await store.read(media.find, visible.person(ada), file.id)
    assert found is not None
    for name in NewMedia.__struct_fields__:
        assert getattr(found, name) == getattr(file, name), name
    for viewer in (visible.person(bea), STRANGER, visible.node("york.example")):
        assert await store.read(media.find, viewer, file.id) is None
    await written.add(store, ada, media=(file.id,))
    assert await store.read(media.find, STRANGER, file.id) is not None


async def test_only_an_upload_of_the_author_that_is_free_is_attached(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    mine, theirs = written.new_file(ada), written.new_file(bea)
    for file in (mine, theirs):
        await store.write(media.add, file)
    first = await written.add(store, ada, media=(theirs.id, mine.id))
    second = await written.add(store, ada, media=(mine.id,))
    assert [file.id for file in await store.read(media.of_post, SYSTEM, first.id)] == [mine.id]
    assert await store.read(media.of_post, SYSTEM, second.id) == []


async def test_what_a_file_shows_can_be_told_later(store: Store) -> None:
    file = written.new_file(await people.add(store, "ada"))
    await store.write(media.add, file)
    before = await store.read(media.find, SYSTEM, file.id)
    assert before is not None
    told = msgspec.structs.replace(before, description="a bridge", focus_x=0.25, focus_y=0.5)
    await store.write(media.describe, told)
    assert await store.read(media.find, SYSTEM, file.id) == told


@pytest.mark.parametrize(
    ("kind", "small"),
    [("image", Preview(preview="b.webp", preview_width=2, preview_height=1, blurhash="h")), ("video", None)],
)
async def test_a_file_of_a_peer_is_kept_once(store: Store, kind: str, small: Preview | None) -> None:
    ida = await people.add(store, "ida", "york.example")
    file = written.new_file(ida, type="unknown", remote_url="https://york.example/a.png", description="x")
    await written.add(store, ida, host="york.example", media=(file,))
    fetched = Kept(type=kind, media_type="image/png", name="a.png", width=4, height=3, small=small)
    kept = await store.write(media.keep, file.id, fetched)
    assert kept is not None
    assert kept == await store.read(media.find, STRANGER, file.id)
    wanted = (kind, "image/png", "a.png", 4, 3, small.preview if small else None)
    assert (kept.type, kept.media_type, kept.name, kept.width, kept.height, kept.preview) == wanted
    assert (kept.preview_width, kept.blurhash) == ((2, "h") if small else (None, None))
    assert (kept.remote_url, kept.description) == ("https://york.example/a.png", "x")
    assert await store.write(media.keep, file.id, msgspec.structs.replace(fetched, name="c.png")) == kept
    assert await store.write(media.keep, MediaId(5), fetched) is None


async def test_what_is_in_no_post_is_cleared_up_when_it_is_old(store: Store) -> None:
    ada = await people.add(store, "ada")
    kept, freed = written.new_file(ada, name="kept.png"), written.new_file(ada, name="a.png", preview="b.png")
    young = written.new_file(ada, created_at=NOON + timedelta(hours=2))
    await written.add(store, ada, media=(kept,))
    post = await written.add(store, ada, media=(freed,))
    await store.write(media.add, young)
    later = NOON + timedelta(hours=1)
    assert await store.write(media.remove_unattached, later, 10) == []
    await store.write(posts.remove, post.id, NOON, ada, "")
    gone = await store.write(media.remove_unattached, later, 10)
    assert [(files.name, files.preview) for files in gone] == [("a.png", "b.png")]
    assert await store.read(media.find, SYSTEM, young.id) is not None
    assert await store.read(media.find, SYSTEM, kept.id) is not None


async def test_what_was_taken_out_of_a_post_is_kept_from_that_moment_on(store: Store) -> None:
    ada = await people.add(store, "ada")
    post = await written.add(store, ada, media=(written.new_file(ada, name="a.png"),))
    taken_out = NOON + timedelta(hours=5)
    await store.write(posts.remove, post.id, taken_out, ada, "")
    assert await store.write(media.remove_unattached, taken_out, 10) == []
    assert len(await store.write(media.remove_unattached, taken_out + timedelta(seconds=1), 10)) == 1


async def test_files_of_what_is_yet_to_come_or_may_come_back_are_kept(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    later = NOON + timedelta(days=2)
    for owner in (ada, bea):
        await store.write(media.add, written.new_file(owner, name=f"{owner}.png"))
    await store.write(scheduled.add, RowId(people.new_id()), ada, later, "{}", most=1)
    post = await written.add(store, bea)
    kept = activities.NewKept(
        uri="https://kent.example/activities/1",
        type="Create",
        actor_id=bea,
        community_id=None,
        post_id=post.id,
        object_uri=post.uri,
        wrapped_by=None,
        plain_by=None,
        audience="public",
        body=b"{}",
        at=NOON,
    )
    await store.write(activities.keep, kept)
    await store.write(withheld.keep, post.id, NOON)
    assert await store.write(media.remove_unattached, later, 10) == []
    await store.write(withheld.forget, post.id)
    assert [one.name for one in await store.write(media.remove_unattached, later, 10)] == [f"{bea}.png"]


async def test_a_film_waits_until_something_or_nothing_comes_of_it(store: Store) -> None:
    ada = await people.add(store, "ada")
    first, second, third = [
        written.new_file(ada, raw=f"{n}.raw", preview="mine.png" if n == 1 else None) for n in range(3)
    ]
    for file in (first, second, third):
        await store.write(media.add, file)
    assert [row.id for row in await store.read(media.raw, SYSTEM, 2)] == [first.id, second.id]
    small = Preview(preview="s.webp", preview_width=2, preview_height=1, blurhash="h")
    made = Kept(
        type="video", media_type="video/mp4", name="a.mp4", width=4, height=3, duration=5.5, small=small
    )
    assert not await store.write(media.finish, first.id, "other.raw", made)
    for file, came in ((first, made), (second, made), (third, msgspec.structs.replace(made, name=None))):
        assert file.raw is not None
        assert await store.write(media.finish, file.id, file.raw, came)
        assert not await store.write(media.finish, file.id, file.raw, came)
    rows = [await store.read(media.find, SYSTEM, file.id) for file in (first, second, third)]
    assert [(row.name, row.preview, row.duration, row.there) for row in rows if row] == [
        ("a.mp4", "s.webp", 5.5, True),
        ("a.mp4", "mine.png", 5.5, True),
        (None, "s.webp", 5.5, False),
    ]
    assert await store.read(media.raw, SYSTEM, 9) == []
