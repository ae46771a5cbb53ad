"""What is deleted while it is on hold is kept as it was, until the hold is lifted."""

import json
from datetime import timedelta
from typing import Any

from storage import actors, deletions, holds, media, posts, sealed
from storage.engine import Store
from storage.ids import MediaId, PostId
from storage.media import NewMedia
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON
from tests.storage.test_holds import on

LATER = NOON + timedelta(days=3)


async def kept(store: Store, kind: str, target: int) -> list[dict[str, Any]]:
    rows = await store.read(sealed.deleted, kind, target, after=0, limit=9)
    return [json.loads(text) for _, text in rows]


async def test_a_post_on_hold_is_sealed_with_what_belongs_to_it_before_it_is_emptied(store: Store) -> None:
    ada, bea = await people.add(store, "ada"), await people.add(store, "bea")
    file = NewMedia(
        id=MediaId(people.new_id()), owner_id=ada, type="image", media_type="image/png", name="a.png",
        created_at=NOON, description="A drain",
    )  # fmt: skip
    post = await written.add(
        store, ada, title="Drains", content="<p>Old</p>", media=(file,), mentions=((bea, True),)
    )
    await store.write(
        posts.edit, post.id, title="Drains", content="<p>New</p>", source="New", summary="", sensitive=False,
        language="en", tags=(), edited_at=LATER, revision_id=people.new_id(),
    )  # fmt: skip
    await store.write(holds.place, on("person", ada))
    assert await store.write(posts.remove, post.id, LATER, ada, "")

    emptied = await store.read(posts.find, SYSTEM, post.id)
    assert emptied is not None
    assert (emptied.content, emptied.title) == ("", "")
    (found,) = await kept(store, "person", ada)
    assert (found["title"], found["content"], found["source"]) == ("Drains", "<p>New</p>", "New")
    assert [one["content"] for one in found["earlier"]] == ["<p>Old</p>"]
    assert [(one["name"], one["description"]) for one in found["files"]] == [("a.png", "A drain")]
    assert found["addressed"] == [f"https://{people.HOME}/people/bea"]


async def test_what_is_on_no_hold_is_not_sealed(store: Store) -> None:
    ada = await people.add(store, "ada")
    post = await written.add(store, ada)
    await store.write(posts.remove, post.id, NOON, ada, "")
    assert await kept(store, "person", ada) == []


async def test_files_of_what_is_sealed_stay_until_the_hold_is_lifted(store: Store) -> None:
    ada = await people.add(store, "ada")
    file = NewMedia(
        id=MediaId(people.new_id()), owner_id=ada, type="image", media_type="image/png", name="a.png",
        created_at=NOON,
    )  # fmt: skip
    post = await written.add(store, ada, media=(file,))
    await store.write(holds.place, on("thread", post.id))
    await store.write(posts.remove, post.id, NOON, ada, "")
    assert await store.bulk(media.remove_unattached, LATER, 9) == []
    assert await store.write(media.remove, ada, [file.id]) == [], "nor does their owner take them away"
    assert await store.bulk(sealed.forget, 9) == 0
    await store.write(holds.lift, "thread", post.id)
    assert await store.bulk(sealed.forget, 9) == 2
    assert await store.bulk(sealed.forget, 9) == 0
    assert await kept(store, "thread", post.id) == []
    assert [one.name for one in await store.bulk(media.remove_unattached, LATER, 9)] == ["a.png"]


async def test_uploads_of_a_person_on_hold_stay(store: Store) -> None:
    ada = await people.add(store, "ada")
    file = NewMedia(
        id=MediaId(people.new_id()), owner_id=ada, type="image", media_type="image/png", name="a.png",
        created_at=NOON,
    )  # fmt: skip
    await store.write(media.add, file)
    await store.write(holds.place, on("person", ada))
    assert await store.bulk(media.remove_unattached, LATER, 9) == []
    assert await store.write(media.remove, ada, [file.id]) == []


async def test_files_that_an_edit_takes_out_of_a_post_on_hold_stay(store: Store) -> None:
    ada = await people.add(store, "ada")
    file = NewMedia(
        id=MediaId(people.new_id()), owner_id=ada, type="image", media_type="image/png", name="a.png",
        created_at=NOON,
    )  # fmt: skip
    post = await written.add(store, ada, media=(file,))
    await store.write(holds.place, on("thread", post.id))
    await store.write(
        posts.edit, post.id, title="", content="<p>New</p>", source="New", summary="", sensitive=False,
        language="en", tags=(), files=(), edited_at=LATER, revision_id=people.new_id(),
    )  # fmt: skip
    assert await store.bulk(media.remove_unattached, LATER + timedelta(days=9), 9) == []
    await store.write(holds.lift, "thread", post.id)
    assert await store.bulk(sealed.forget, 9) == 1
    gone = await store.bulk(media.remove_unattached, LATER + timedelta(days=9), 9)
    assert [one.name for one in gone] == ["a.png"]


async def test_the_profile_of_somebody_on_hold_is_sealed_when_they_are_forgotten(store: Store) -> None:
    dan = await people.add(store, "dan", "devon.example", summary="<p>Drains</p>")
    await store.write(holds.place, on("person", dan))
    await store.write(actors.mark_deleted, dan, NOON)
    (found,) = await kept(store, "person", dan)
    assert (found["handle"], found["display_name"], found["summary"]) == ("dan", "Dan", "<p>Drains</p>")
    await store.write(holds.lift, "person", dan)
    assert await store.bulk(sealed.forget, 9) == 1


async def test_what_stands_is_given_page_by_page(store: Store) -> None:
    ada = await people.add(store, "ada")
    made = [(await written.add(store, ada, title=f"t{n}")).id for n in range(3)]
    pages, after = [], PostId(0)
    while rows := await store.read(sealed.standing, "person", ada, after=after, limit=2):
        pages.append([json.loads(text)["title"] for _, text in rows])
        after = PostId(rows[-1][0])
    assert pages == [["t0", "t1"], ["t2"]]
    assert [row for row, _ in await store.read(sealed.standing, "thread", made[0], after=0, limit=9)] == made[
        :1
    ]


async def test_a_row_that_is_gone_is_held_by_nothing(store: Store) -> None:
    dan = await people.add(store, "dan", "devon.example")
    post = await written.add(store, dan, host="devon.example")
    await store.write(holds.place, on("thread", post.id))
    await store.write(posts.remove, post.id, NOON, dan, "")
    await store.write(deletions.of_posts, [post.id])
    assert await store.bulk(sealed.forget, 9) == 1


async def test_what_was_sealed_before_stays_within(store: Store) -> None:
    ada = await people.add(store, "ada")
    post = await written.add(store, ada, content="<p>First</p>")
    await store.write(holds.place, on("person", ada))
    await store.write(sealed.keep_post, post.id, NOON)
    await store.write(
        posts.edit, post.id, title="", content="<p>Last</p>", source="", summary="", sensitive=False,
        language=None, tags=(), edited_at=LATER, revision_id=people.new_id(),
    )  # fmt: skip
    assert await store.write(posts.remove, post.id, LATER, ada, "")
    (last,) = await kept(store, "person", ada)
    assert (last["content"], last["before"]["content"]) == ("<p>Last</p>", "<p>First</p>")
