"""What members-only communities elsewhere said goes when nobody here belongs to them any more."""

from datetime import timedelta

from storage import abandoned, follows, memberships, posts, tombstones
from storage.engine import Store
from storage.ids import ActorId, MediaId, PostId
from storage.media import NewMedia
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON

YORK = "york.example"


async def _closed(store: Store, name: str, host: str = YORK) -> ActorId:
    return await people.add(store, name, host, kind="Group", approves=True)


async def _said(store: Store, community: ActorId, author: ActorId, **more: object) -> PostId:
    given = {"host": YORK, "audience": "members", "community_id": community} | more
    return (await written.add(store, author, **given)).id


async def test_a_community_is_left_with_its_last_member_here(store: Store) -> None:
    club, other = await _closed(store, "club"), await _closed(store, "other")
    open_ = await people.add(store, "open", YORK, kind="Group")
    here = await _closed(store, "here", people.HOME)
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", YORK)
    for community in (club, other, open_, here):
        await _said(store, community, dan)
    await people.follow(store, ada, club)
    await people.follow(store, dan, other)
    assert await store.read(abandoned.communities, NOON, 10) == [other]
    await store.write(follows.remove, ada, club)
    assert sorted(await store.read(abandoned.communities, NOON, 10)) == sorted([club, other])


async def test_one_that_refuses_us_is_left_after_a_while(store: Store) -> None:
    club = await _closed(store, "club")
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", YORK)
    await people.follow(store, ada, club)
    await _said(store, club, dan)
    await store.write(memberships.asked, club, NOON)
    await store.write(memberships.refused, club, NOON)
    assert await store.read(abandoned.communities, NOON - timedelta(hours=1), 10) == []
    assert await store.read(abandoned.communities, NOON, 10) == [club]


async def test_all_of_it_goes_in_steps_and_what_people_here_wrote_stays(store: Store) -> None:
    club = await _closed(store, "club")
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", YORK)
    picture = NewMedia(
        id=MediaId(people.new_id()), owner_id=dan, type="image", media_type="image/png",
        created_at=NOON, remote_url="https://york.example/a.png", name="a.png", preview="a-small.png",
    )  # fmt: skip
    root = await _said(store, club, dan, media=(picture,))
    uri = (await _post(store, root)).uri
    own = await _said(store, club, ada, host=people.HOME, local=True, in_reply_to=uri)
    own_uri = (await _post(store, own)).uri
    deeper = await _said(store, club, ada, host=people.HOME, local=True, in_reply_to=own_uri)
    last = await _said(store, club, dan, in_reply_to=own_uri)
    assert (await _post(store, own)).replies_count == 2
    public = await _said(store, club, dan, audience="public")
    assert await store.bulk(abandoned.purge, club, 1) == []
    files = await store.bulk(abandoned.purge, club, 9)
    assert files is not None
    assert [(file.name, file.preview) for file in files] == [("a.png", "a-small.png")]
    assert await store.bulk(abandoned.purge, club, 9) is None
    assert [await store.read(posts.find, SYSTEM, gone) for gone in (root, last)] == [None, None]
    kept, below = await _post(store, own), await _post(store, deeper)
    assert (kept.parent_id, kept.root_id, kept.replies_count) == (None, own, 1)
    assert (below.parent_id, below.root_id) == (own, own)
    assert await _post(store, public)
    assert await store.read(tombstones.is_dead, uri, "https://york.example/people/dan") is False


async def _post(store: Store, post_id: PostId) -> posts.Post:
    found = await store.read(posts.find, SYSTEM, post_id)
    assert found is not None
    return found
