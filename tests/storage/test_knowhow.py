"""What know-how says beside its text, who stands behind it, who used it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from storage import actors, holds, knowhow, posts, sealed, visible
from storage.engine import Store
from storage.ids import ActorId, PostId
from storage.knowhow import NewKnowHow, NewPart
from storage.pages import Page
from storage.posts import NewPost
from storage.visible import STRANGER, SYSTEM
from tests.storage import people, written
from tests.storage.people import HOME, NOON, new_id
from tests.storage.test_holds import on

LATER = NOON + timedelta(days=400)
YORK = "york.example"


def uri_of(name: str, host: str = HOME) -> str:
    return f"https://{host}/people/{name}"


def part(post: NewPost, **more: Any) -> NewPart:
    given = {"role": "answer", "content": "<p>words</p>"} | more
    return NewPart(uri=post.uri, post_id=post.id, author_id=post.author_id, **given)


async def note(
    store: Store, author: ActorId, *sources: NewPost, who: tuple[str, ...] = (), **more: Any
) -> PostId:
    new = NewKnowHow(
        licence="urn:x", review_at=LATER, parts=tuple(part(one) for one in sources),
        people=who,
    )  # fmt: skip
    return (await written.add(store, author, **({"type": "Article", "know_how": new} | more))).id


async def handles(store: Store, post_id: PostId) -> list[str]:
    return [one.handle for one in await store.read(knowhow.people, SYSTEM, post_id)]


async def test_a_note_is_kept_with_its_post_and_goes_with_it(store: Store) -> None:
    ada, ben = await people.add(store, "ada"), await people.add(store, "ben")
    said = await written.add(store, ben, title="How?")
    post_id = await note(store, ada, said, who=(uri_of("ben"),))
    held = await store.read(knowhow.find, STRANGER, post_id)
    assert held is not None
    assert (held.licence, held.review_at, held.uses_count) == ("urn:x", LATER, 0)
    assert await handles(store, post_id) == ["ben"]
    (source,) = await store.read(knowhow.sources, STRANGER, post_id)
    assert (source.post_id, source.title, source.author_name) == (said.id, "How?", "Ben")
    assert await store.read(knowhow.named, STRANGER, post_id) == ([said.uri], [uri_of("ben")])
    assert await store.read(knowhow.named_count, STRANGER, post_id) == 1
    assert [one.content for one in await store.read(knowhow.parts, STRANGER, post_id)] == ["<p>words</p>"]
    await store.write(posts.remove, post_id, NOON, ada, "")
    assert await store.read(knowhow.find, SYSTEM, post_id) is None
    assert await store.read(knowhow.parts, SYSTEM, post_id) == []


async def test_nobody_reads_of_a_note_that_they_may_not_see(store: Store) -> None:
    ada, ben = await people.add(store, "ada"), await people.add(store, "ben")
    floods = await people.add(store, "floods", kind="Group", approves=True)
    said = await written.add(store, ben)
    post_id = await note(store, ada, said, who=(uri_of("ben"),), audience="members", community_id=floods)
    for viewer in (STRANGER, visible.person(ben)):
        assert await store.read(knowhow.find, viewer, post_id) is None
        assert await store.read(knowhow.people, viewer, post_id) == []
        assert await store.read(knowhow.sources, viewer, post_id) == []
        assert await store.read(knowhow.parts, viewer, post_id) == []
        assert await store.read(knowhow.named, viewer, post_id) == ([], [])
        assert await store.read(knowhow.named_count, viewer, post_id) == 0
        assert await store.read(knowhow.in_community, viewer, floods, Page()) == []
    assert await store.read(knowhow.in_community, SYSTEM, floods, Page()) == [post_id]


async def test_whom_a_peer_names_is_shown_only_for_a_reason(store: Store) -> None:
    yan = await people.add(store, "yan", YORK)
    await people.add(store, "yip", YORK)
    ben = await people.add(store, "ben")
    await people.add(store, "ada")
    floods = await people.add(store, "floods", YORK, kind="Group")
    said = await written.add(store, ben)
    given = [uri_of("yip", YORK), uri_of("ben"), uri_of("ada"), uri_of("floods", YORK), uri_of("zoe", YORK)]
    post_id = await note(store, yan, said, who=tuple(given), host=YORK, local=False, community_id=floods)
    # Of their own node, or the author of a post that it was made from; ada is somebody's claim.
    assert await handles(store, post_id) == ["yip", "ben"]
    assert await store.read(knowhow.named_count, SYSTEM, post_id) == 5


async def test_whose_post_is_taken_away_leaves_every_note(store: Store) -> None:
    ada, ben, cat = [await people.add(store, name) for name in ("ada", "ben", "cat")]
    floods = await people.add(store, "floods", kind="Group")
    mine, yours = await written.add(store, ben), await written.add(store, cat, community_id=floods)
    post_id = await note(store, ada, mine, yours)
    await store.write(posts.remove, mine.id, NOON, None, "")
    assert await store.read(knowhow.due, NOON, 9) == [], "what had its time stays"
    await store.write(knowhow.leave_out, yours.id, floods, NOON)
    assert await store.read(knowhow.due, NOON, 9) == [], "and what its community disposes of"
    await store.write(posts.remove, yours.id, NOON, cat, "")
    assert await store.read(knowhow.due, NOON, 9) == [post_id]
    assert [one.author_id for one in await store.read(knowhow.parts, SYSTEM, post_id)] == [ben]
    await store.write(knowhow.put_off, post_id, LATER)
    assert await store.read(knowhow.due, NOON, 9) == []
    assert await store.write(knowhow.leave_out_author, post_id, ben, NOON)
    assert not await store.write(knowhow.leave_out_author, post_id, ben, NOON)
    assert await store.read(knowhow.due, NOON, 9) == [post_id]


@pytest.mark.parametrize("gone", ["person", "post", "word", "nothing"])
async def test_a_version_that_lacks_what_was_in_it_ends_those_before(store: Store, gone: str) -> None:
    ada, ben, cat = [await people.add(store, name) for name in ("ada", "ben", "cat")]
    first, last = await written.add(store, ben), await written.add(store, cat)
    post_id = await note(store, ada, first, last, who=(uri_of("ben"), uri_of("cat")))
    await store.write(
        posts.edit, post_id, title="", content="new", source="", summary="", sensitive=False,
        language=None, tags=(), edited_at=NOON + timedelta(1), revision_id=new_id(),
    )  # fmt: skip
    new = NewKnowHow(parts=(part(first), part(last)), people=(uri_of("ben"), uri_of("cat")))
    if gone == "word":
        await store.write(knowhow.leave_out, first.id, ben, NOON)
    change = {"person": {"people": (uri_of("cat"),)}, "post": {"parts": (part(first),)}}.get(gone, {})
    await store.write(knowhow.put, post_id, msgspec.structs.replace(new, **change), NOON)
    assert len(await store.read(posts.revisions, SYSTEM, post_id)) == (2 if gone == "nothing" else 1)
    assert await store.read(knowhow.due, LATER, 9) == []


async def test_notes_of_a_community_come_latest_first(store: Store) -> None:
    ada = await people.add(store, "ada")
    floods = await people.add(store, "floods", kind="Group")
    said = await written.add(store, ada, community_id=floods)
    await written.add(store, ada, community_id=floods, type="Article")
    one, two, three = [await note(store, ada, said, community_id=floods) for _ in range(3)]
    assert await store.read(knowhow.in_community, STRANGER, floods, Page(limit=2)) == [three, two]
    assert await store.read(knowhow.in_community, STRANGER, floods, Page(max_id=two)) == [one]


async def test_each_uses_a_note_once(store: Store) -> None:
    ada, ben = await people.add(store, "ada"), await people.add(store, "ben")
    plain = await written.add(store, ada)
    post_id = await note(store, ada, plain)
    assert await store.write(knowhow.use, post_id, ben, NOON)
    assert not await store.write(knowhow.use, post_id, ben, NOON)
    assert not await store.write(knowhow.use, plain.id, ben, NOON)
    assert await store.read(knowhow.has_used, post_id, ben)
    assert await store.read(knowhow.used_by, ben, limit=9) == [post_id]
    held = await store.read(knowhow.find, SYSTEM, post_id)
    assert held is not None
    assert held.uses_count == 1
    assert await store.write(knowhow.unuse, post_id, ben)
    assert not await store.write(knowhow.unuse, post_id, ben)
    assert not await store.read(knowhow.has_used, post_id, ben)
    held = await store.read(knowhow.find, SYSTEM, post_id)
    assert held is not None
    assert held.uses_count == 0


async def test_a_note_of_ours_is_to_be_looked_at_once(store: Store) -> None:
    ada, yan = await people.add(store, "ada"), await people.add(store, "yan", YORK)
    said = await written.add(store, ada)
    post_id = await note(store, ada, said)
    await note(store, yan, said, host=YORK, local=False)
    assert await store.read(knowhow.to_review, NOON, 9) == []
    assert await store.read(knowhow.to_review, LATER, 9) == [post_id]
    assert await store.write(knowhow.reminded, post_id, LATER)
    assert not await store.write(knowhow.reminded, post_id, LATER)
    assert await store.read(knowhow.to_review, LATER, 9) == []
    again = NewKnowHow(review_at=LATER + timedelta(days=1))
    await store.write(knowhow.put, post_id, again, NOON)
    assert await store.read(knowhow.to_review, LATER + timedelta(days=2), 9) == [post_id]


async def test_a_note_may_go_on_as_another(store: Store) -> None:
    ada, ben = await people.add(store, "ada"), await people.add(store, "ben")
    said = await written.add(store, ben)
    old, new = await note(store, ada, said), await note(store, ben, said)
    assert await store.read(knowhow.owned, ada, limit=9) == [old]
    assert await store.read(knowhow.heir, old) is None
    await store.write(knowhow.put_heir, old, new)
    await store.write(knowhow.put_heir, old, old)
    assert await store.read(knowhow.heir, old) == new
    assert await store.read(knowhow.owned, ada, limit=9) == []
    await store.write(knowhow.put_heir, new, new)
    assert await store.read(knowhow.owned, ben, limit=9) == []
    assert await store.read(knowhow.heir, new) is None, "it goes on nowhere"


async def test_who_is_gone_stands_behind_nothing(store: Store) -> None:
    ada, ben = await people.add(store, "ada"), await people.add(store, "ben")
    post_id = await note(store, ada, await written.add(store, ben), who=(uri_of("ben"),))
    await store.write(actors.mark_deleted, ben, NOON)
    assert await handles(store, post_id) == []


async def test_versions_that_end_are_sealed_while_on_hold(store: Store) -> None:
    ada, cat = await people.add(store, "ada"), await people.add(store, "cat")
    said = await written.add(store, cat)
    post_id = await note(store, ada, said, content="<p>cat: twice</p>", who=(uri_of("cat"),))
    await store.write(holds.place, on("thread", post_id))
    await store.write(
        posts.edit, post_id, title="", content="<p>new</p>", source="", summary="", sensitive=False,
        language=None, tags=(), edited_at=NOON + timedelta(1), revision_id=new_id(),
    )  # fmt: skip
    assert await store.write(knowhow.put, post_id, NewKnowHow(), NOON)
    assert len(await store.read(posts.revisions, SYSTEM, post_id)) == 1
    ((_, body),) = await store.read(sealed.deleted, "thread", post_id, after=0, limit=9)
    assert "cat: twice" in body
