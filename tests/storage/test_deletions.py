"""Posts of others go without a trace; what answers them stays."""

from storage import deletions, posts
from storage.engine import Store
from storage.ids import MediaId, PostId
from storage.media import NewMedia
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON

DEVON = "devon.example"


async def _post(store: Store, post_id: PostId) -> posts.Post:
    found = await store.read(posts.find, SYSTEM, post_id)
    assert found is not None
    return found


async def test_posts_go_with_their_files_and_replies_to_them_begin_threads(store: Store) -> None:
    ada, dan = await people.add(store, "ada"), await people.add(store, "dan", DEVON)
    picture = NewMedia(
        id=MediaId(people.new_id()), owner_id=dan, type="image", media_type="image/png",
        created_at=NOON, remote_url="https://devon.example/a.png", name="a.png", preview="a-small.png",
    )  # fmt: skip
    asked = await written.add(store, ada)
    gone = await written.answer(store, dan, asked, host=DEVON, local=False, media=(picture,))
    also = await written.answer(store, dan, gone, host=DEVON, local=False)
    stays = await written.answer(store, ada, gone)
    below = await written.answer(store, ada, stays)

    files = await store.bulk(deletions.of_posts, [gone.id, also.id])

    assert [(file.name, file.preview) for file in files] == [("a.png", "a-small.png")]
    assert [await store.read(posts.find, SYSTEM, new.id) for new in (gone, also)] == [None, None]
    assert (await _post(store, asked.id)).replies_count == 0
    kept, deeper = await _post(store, stays.id), await _post(store, below.id)
    assert (kept.parent_id, kept.root_id, kept.replies_count) == (None, stays.id, 1)
    assert (deeper.parent_id, deeper.root_id) == (stays.id, stays.id)
