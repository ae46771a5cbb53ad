"""Search: who finds which post, person and community, and by which words."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from storage import actors, blocks, communities, follows, muted_hosts, peers, posts, search, search_words
from storage.actors import profile_of
from storage.engine import Store
from storage.ids import ActorId, PostId
from storage.visible import STRANGER, SYSTEM, Viewer, person
from tests.storage import people, written
from tests.storage.people import HOME, NOON


async def look(store: Store, viewer: Viewer, text: str, **given: Any) -> search.Found:
    return await store.scan(search.look, viewer, search_words.read(text), NOON, home=HOME, **given)


async def found(store: Store, viewer: Viewer, text: str, **given: Any) -> list[int]:
    """Give the posts that are found and may be opened."""
    ids = [post.facts.id for post in (await look(store, viewer, text, **given)).posts]
    return list(await store.read(search.opened, viewer, ids))


async def met(store: Store, viewer: Viewer, text: str, **given: Any) -> set[int]:
    """Give the people and communities that are found."""
    all_of_it = await look(store, viewer, text, **given)
    return {one.facts.id for one in (*all_of_it.people, *all_of_it.communities)}


async def author(store: Store, handle: str, host: str = HOME, **given: Any) -> ActorId:
    return await people.add(store, handle, host, **({"indexable": True} | given))


@pytest.fixture
async def ada(store: Store) -> ActorId:
    return await author(store, "ada")


@pytest.fixture
async def ben(store: Store) -> ActorId:
    return await people.add(store, "ben")


@pytest.mark.parametrize(
    "text",
    [
        *("gully", "GULLIES", "emptying", "emptied", "cafe", "Café", '"café roads"', "net-zero", "gul*"),
        *("o'brien", "depots gully", "from:ada gully", "from:@ada@kent.example", "depots++ gully"),
    ],
)
async def test_a_post_is_found_by_stems_folded_words_phrases_and_beginnings(
    store: Store, ada: ActorId, ben: ActorId, text: str
) -> None:
    post = await written.add(
        store, ada, title="Emptying gullies", content="<p>Caf\u00e9 roads: net-zero depots, O&#39;Brien</p>"
    )
    assert await found(store, person(ben), text) == [post.id]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            '"',
            "()",
            "-",
            "*",
            "roads*gully",
            '"roads cafe"',
            "bins",
            "from:nobody gully",
            "from:ben gully",
        ),
        *("has:answer gully", "is:note gully", "council:devon gully", "in:nowhere gully", "gul", "br"),
        *(
            "after:2020-01-01 gully",
            "title:gully",
            "NOT",
            "gully AND bins",
            "marks:all0",
            "all0",
            "NEAR(gully)",
        ),
    ],
)
async def test_nothing_that_is_typed_is_syntax_of_the_engine(
    store: Store, ada: ActorId, ben: ActorId, text: str
) -> None:
    await written.add(store, ada, title="Emptying gullies", content="<p>Café roads</p>")
    assert await found(store, person(ben), text) == []


async def test_what_the_author_does_not_let_others_look_up_only_they_and_those_named_find(
    store: Store, ben: ActorId
) -> None:
    cai = await people.add(store, "cai")
    dee = await people.add(store, "dee")
    post = await written.add(store, cai, content="<p>gully</p>", mentions=((dee, True),))
    assert [await found(store, person(one), "gully") for one in (cai, dee, ben)] == [[post.id], [post.id], []]
    assert await found(store, STRANGER, "gully") == []


@pytest.mark.parametrize("audience", ["public", "unlisted", "members"])
async def test_a_community_finds_what_was_said_in_it(store: Store, ben: ActorId, audience: str) -> None:
    cai, floods = await people.add(store, "cai"), await people.add(store, "floods", kind="Group")
    member = await people.add(store, "member")
    await people.follow(store, member, floods)
    await people.follow(store, ben, floods, accepted=False)
    post = await written.add(store, cai, content="<p>gully</p>", community_id=floods, audience=audience)
    assert await found(store, person(member), "gully in:floods") == [post.id]
    assert await found(store, person(ben), "gully") == []
    await store.write(follows.remove, member, floods)
    assert await found(store, person(member), "gully") == []


@pytest.mark.parametrize("audience", ["direct", "followers"])
async def test_what_is_for_some_is_found_by_its_author_and_those_named(
    store: Store, ada: ActorId, ben: ActorId, audience: str
) -> None:
    follower = await people.add(store, "cai")
    await people.follow(store, follower, ada)
    post = await written.add(store, ada, content="<p>gully</p>", audience=audience, mentions=((ben, True),))
    viewers = (ada, ben, follower)
    assert [await found(store, person(one), "gully") for one in viewers] == [[post.id], [post.id], []]
    assert await found(store, STRANGER, "gully") == []


async def test_an_edit_a_removal_and_its_end_change_what_is_found(store: Store, ada: ActorId) -> None:
    post = await written.add(store, ada, content="<p>gully</p>")
    await store.write(
        posts.edit, PostId(post.id), title="", content="<p>verge</p>", source="", summary="", sensitive=False,
        language=None, tags=(), edited_at=NOON + timedelta(hours=1), revision_id=people.new_id(),
    )  # fmt: skip
    assert await found(store, STRANGER, "gully") == []
    assert await found(store, STRANGER, "verge") == [post.id]
    await store.write(posts.remove, PostId(post.id), NOON, ada, "")
    assert await found(store, SYSTEM, "verge") == []


async def test_who_is_blocked_muted_or_hidden_is_not_found(store: Store, ada: ActorId, ben: ActorId) -> None:
    far = await author(store, "far", "devon.example", findable="public")
    near, away = await author(store, "near", findable="public"), await author(store, "away", "york.example")
    for one, host in ((far, "devon.example"), (near, HOME), (away, "york.example")):
        await written.add(store, one, content="<p>gully</p>", host=host)
    await store.write(blocks.block, people.new_id(), near, ben, None)
    await store.write(muted_hosts.mute, people.new_id(), ben, "york.example")
    assert [p.facts.author_id for p in (await look(store, person(ben), "gully")).posts] == [far]
    await store.write(blocks.mute, people.new_id(), ben, far, notifications=True, until=None)
    assert await found(store, person(ben), "gully") == []
    assert await met(store, person(ben), "far") == set()
    assert len(await found(store, person(ada), "gully")) == 3
    await store.write(peers.hide, "devon.example", NOON)
    assert await met(store, person(ada), "far") == set()


async def test_has_answer_and_days_narrow(store: Store, ada: ActorId, ben: ActorId) -> None:
    asked = await written.add(store, ada, content="<p>gully</p>")
    await written.answer(store, ben, asked)
    await written.add(store, ada, content="<p>gully</p>")
    assert await found(store, person(ben), "gully has:answer") == [asked.id]
    assert len(await found(store, person(ben), "gully before:2026-03-03")) == 2


async def test_any_of_the_terms_is_enough_when_that_is_asked(store: Store, ada: ActorId) -> None:
    one = await written.add(store, ada, title="Gullies", content="<p>verge</p>")
    two = await written.add(store, ada, content="<p>gully</p>")
    both = (await look(store, STRANGER, "gully verge bins", any_of=True)).posts
    assert [(post.facts.id, post.where) for post in both] == [
        (two.id, {"text": frozenset({0})}),
        (one.id, {"title": frozenset({0}), "text": frozenset({1})}),
    ]
    assert await found(store, STRANGER, "gully verge") == [one.id]


LEVELS = {
    "hidden": (False, False, False),
    "council": (True, True, False),
    "members": (False, True, False),
    "nodes": (True, True, False),
    "public": (True, True, True),
}


@pytest.mark.parametrize("level", LEVELS)
async def test_a_person_is_found_by_what_they_say_as_they_chose(
    store: Store, ben: ActorId, level: str
) -> None:
    fellow, floods = await people.add(store, "fellow"), await people.add(store, "floods", kind="Group")
    gwen = await people.add(store, "gwen", findable=level, summary="<p>Composting</p>")
    for one in (fellow, gwen):
        await people.follow(store, one, floods)
    seen = [gwen in await met(store, who, "compost") for who in (person(ben), person(fellow), STRANGER)]
    assert tuple(seen) == LEVELS[level]
    by_name = [gwen in await met(store, who, "gwe") for who in (person(ben), person(fellow), STRANGER)]
    assert by_name == [level != "hidden", level != "hidden", level == "public"]
    assert gwen in await met(store, person(gwen), "compost")
    await store.write(follows.remove, gwen, floods)
    if level == "members":
        assert await met(store, person(fellow), "compost") == set()


async def test_people_are_found_by_how_a_name_handle_or_address_begins(store: Store, ben: ActorId) -> None:
    ada = await people.add(store, "a_king", "devon.example", display_name="Adaptation Kingsley")
    for text in ("ada", "adaptatio", "kingsley", "king", "@a_king@dev", "Adaptation K", "a_k"):
        assert await met(store, person(ben), text) == {ada}
    for text in ("aptation", "kin ada"):
        assert await met(store, person(ben), text) == set()


async def test_a_community_is_found_by_what_it_is_about_unless_only_members_read_it(
    store: Store, ben: ActorId
) -> None:
    open_one = await people.add(store, "waste", kind="Group", findable="public", display_name="Recycling")
    shut = await people.add(store, "w2", kind="Group", approves=True, summary="<p>Recycled</p>")
    await people.follow(store, ben, shut)
    other = await people.add(store, "other")
    assert await met(store, person(ben), "recycle") == {open_one, shut}
    assert await met(store, person(other), "recycle") == {open_one}
    assert await met(store, STRANGER, "recycle") == {open_one}
    await store.write(communities.add, open_one, join_mode="open", visibility="public")
    await store.write(communities.close, open_one, NOON)
    assert await met(store, person(other), "recycle") == set()


async def test_a_profile_that_changes_or_ends_changes_what_is_found(store: Store, ben: ActorId) -> None:
    gwen = await people.add(store, "gwen", findable="nodes", summary="<p>Composting</p>")
    row = await store.read(actors.find, SYSTEM, gwen)
    assert row is not None
    new = msgspec.structs.replace(profile_of(row), summary="<p>Trees</p>", display_name="G")
    await store.write(actors.set_profile, gwen, new, NOON)
    assert await met(store, person(ben), "compost") == set()
    assert await met(store, person(ben), "tree") == {gwen}
    await store.write(actors.set_state, gwen, "suspended", NOON)
    assert await met(store, person(ben), "tree") == set()


async def test_whoever_lets_nobody_look_their_posts_up_any_more_is_found_no_more_at_once(
    store: Store, ada: ActorId, ben: ActorId
) -> None:
    await written.add(store, ada, content="<p>gully</p>")
    row = await store.read(actors.find, SYSTEM, ada)
    assert row is not None
    await store.write(
        actors.set_profile, ada, msgspec.structs.replace(profile_of(row), indexable=False), NOON
    )
    assert await found(store, person(ben), "gully") == []


async def test_two_councils_of_one_name_are_none(store: Store, ben: ActorId) -> None:
    for host in ("cop.leeds.example", "leeds.example"):
        await store.write(peers.met, host, NOON)
        await people.add(store, "cai", host)
    assert len(await met(store, person(ben), "cai council:leeds.example")) == 1
    assert await met(store, person(ben), "cai council:leeds") == set()
    assert len(await met(store, person(ben), "cai council:cop.leeds.example")) == 1
    assert len(await met(store, person(ben), "ben council:kent")) == 1
