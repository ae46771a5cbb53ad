"""One row for each post, person and community, and who finds it."""

from typing import Any

import msgspec
import pytest

from storage import actors, deletions, follows, posts, search_rows, search_words, withheld
from storage.asks import NewAsk
from storage.engine import Reader, Store
from storage.ids import ActorId, PostId
from tests.storage import people, written
from tests.storage.people import HOME, NOON

HOST = search_words.number_of(HOME)


async def row(store: Store, post_id: int) -> list[str] | None:
    """Give a post's row: its title and text, those that are not for everybody, and its marks."""

    async def fetch(read: Reader) -> list[tuple[Any, ...]]:
        columns = "title, text, closed_title, closed_text, marks"
        sql = f"SELECT {columns} FROM search_posts WHERE rowid = :id"
        return await read.all(tuple[str, str, str, str, str], sql, id=post_id)

    rows = await store.read(fetch)
    return list(rows[0]) if rows else None


async def marks(store: Store, actor_id: int) -> set[str] | None:
    async def fetch(read: Reader) -> Any:
        return await read.value("SELECT marks FROM search_names WHERE rowid = :id", id=actor_id)

    found = await store.read(fetch)
    return None if found is None else set(found.split())


async def test_a_post_for_everybody_stands_apart_from_the_rest(store: Store) -> None:
    ada, ben = await people.add(store, "ada", indexable=True), await people.add(store, "ben")
    floods = await people.add(store, "floods", kind="Group")
    given = {"title": "Ash", "content": "<p>Trees #Felling</p>", "tags": (("felling", "Felling"),)}
    post = await written.add(store, ada, community_id=floods, type="Article", **given)
    assert await row(store, post.id) == [
        *("ash", "trees felling felling", "", ""),
        f"by{ada} {HOST} all0 in{floods} m{floods} note0",
    ]
    post = await written.add(store, ben, mentions=((ada, True),), summary="Ash", content="")
    assert await row(store, post.id) == ["", "", "", "ash", f"by{ben} {HOST} p{ben} p{ada}"]
    post = await written.add(store, ada, community_id=floods, audience="members", content="x")
    assert await row(store, post.id) == ["", "", "", "x", f"by{ada} {HOST} p{ada} in{floods} m{floods}"]
    post = await written.add(store, ada, community_id=floods, audience="direct", content="x")
    assert await row(store, post.id) == ["", "", "", "x", f"by{ada} {HOST} p{ada} in{floods}"]


async def test_what_an_ask_is_about_is_found_by_the_words_of_the_service_list(store: Store) -> None:
    ada, floods = await people.add(store, "ada"), await people.add(store, "floods", kind="Group")
    post = await written.add(
        store, ada, content="x", community_id=floods, ask=NewAsk(services=("function/110",))
    )
    found = await row(store, post.id)
    assert found is not None
    assert "parking" in found[3].split()


async def test_what_is_deleted_without_a_trace_has_no_row(store: Store) -> None:
    post = await written.add(store, await people.add(store, "ada"))
    await store.write(deletions.of_posts, [PostId(post.id)])
    assert await row(store, post.id) is None


async def test_what_is_put_back_has_its_row_again(store: Store) -> None:
    ada, ben = await people.add(store, "ada", indexable=True), await people.add(store, "ben")
    post = await written.add(store, ada, content="x")
    await store.write(posts.remove, PostId(post.id), NOON, ben, "")
    assert await row(store, post.id) is None
    await store.write(withheld.restore, post)
    assert await row(store, post.id) == ["", "x", "", "", f"by{ada} {HOST} all0"]


async def test_a_reply_that_waited_is_found_where_its_thread_is(store: Store) -> None:
    ada, floods = await people.add(store, "ada"), await people.add(store, "floods", kind="Group")
    uri = "https://devon.example/posts/1"
    reply = await written.add(store, ada, in_reply_to=uri, content="x")
    await written.add(store, ada, uri=uri, community_id=floods)
    found = await row(store, reply.id)
    assert found is not None
    assert f"in{floods} m{floods}" in found[-1]


@pytest.mark.parametrize(
    ("level", "local", "expected"),
    [
        ("hidden", True, set()),
        ("hidden", False, {"named0"}),
        ("council", True, {"named0", "here0"}),
        ("council", False, {"named0"}),
        ("nodes", False, {"named0", "here0"}),
        ("public", True, {"named0", "here0", "all0"}),
    ],
)
async def test_a_person_is_marked_as_they_chose(
    store: Store, level: str, local: bool, expected: set[str]
) -> None:
    host = HOME if local else "devon.example"
    ada = await people.add(store, "ada", host, findable=level)
    own = {f"by{ada}", f"p{ada}", "person0", search_words.number_of(host)}
    assert await marks(store, ada) == own | expected


async def test_fellow_members_come_and_go(store: Store) -> None:
    ada, ben = await people.add(store, "ada"), await people.add(store, "ben")
    floods = await people.add(store, "floods", kind="Group")

    async def fellows(actor_id: ActorId) -> bool:
        return f"m{floods}" in (await marks(store, actor_id) or ())

    await people.follow(store, ada, floods, accepted=False)
    assert not await fellows(ada)
    await store.write(follows.accept, ada, floods, NOON)
    await people.follow(store, ben, ada)
    assert (await fellows(ada), await fellows(ben)) == (True, False)
    await store.write(follows.remove, ada, floods)
    assert not await fellows(ada)
    far = await people.add(store, "far", "devon.example", kind="Group")
    await people.follow(store, ada, far)
    await store.write(follows.end_with_hosts, ["devon.example"])
    assert f"m{far}" not in (await marks(store, ada) or ())


async def test_an_actor_that_lost_its_handle_is_found_no_more(store: Store) -> None:
    old = await people.add(store, "ada", "devon.example")
    new = msgspec.structs.replace(people.new_actor("ada", "devon.example"), uri="https://devon.example/new")
    await store.write(actors.upsert, new, actor_id=ActorId(people.new_id()))
    assert await marks(store, old) is None


async def test_rows_are_made_anew_in_steps(store: Store) -> None:
    ada = await people.add(store, "ada", indexable=True)
    ids = [(await written.add(store, ada)).id for _ in range(5)]
    await store.write(search_rows.remove_posts, ids)
    await store.write(search_rows.note_all_due)
    assert await store.read(search_rows.is_due)
    assert await store.bulk(search_rows.walk, 3) == 4
    assert [await row(store, one) is not None for one in ids] == [True, True, True, False, False]
    assert await store.bulk(search_rows.walk, 3) == 3
    assert all([await row(store, one) for one in ids])
    assert not await store.read(search_rows.is_due)
    assert await store.bulk(search_rows.walk, 3) == 0
