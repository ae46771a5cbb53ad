"""An archive in the form that others read."""

from fedcop.as2 import archives
from storage import holdings, keys, visible
from tests.support.network import Council


async def test_an_actor_names_what_lies_beside_it(kent: Council) -> None:
    ben = await kent.person("ben")
    own = await kent.node.store.read(keys.public_of, ben.id)
    document = archives.actor_of(ben, own, kent.node.uris, {})
    assert (document["id"], document["outbox"], document["likes"]) == (ben.uri, "outbox.json", "likes.json")


async def test_a_post_is_its_create(kent: Council) -> None:
    ben = await kent.person("ben")
    post_id = await kent.publish(ben, "Grit")
    (view,), made = await kent.node.store.read(holdings.posts, visible.SYSTEM, ben.id, [post_id])
    now = kent.node.clock.now()
    create = archives.activity_of(view, made[post_id], kent.node.uris, now)
    assert (create["type"], create["id"]) == ("Create", made[post_id])
    assert create["object"]["id"] == view.post.uri
    assert "@context" not in create
    without = archives.activity_of(view, None, kent.node.uris, now)
    assert without["id"] == f"{view.post.uri}#create"


def test_a_collection_begins_without_its_items() -> None:
    head = archives.head_of("likes.json")
    assert (head["id"], head["type"], "orderedItems" in head) == ("likes.json", "OrderedCollection", False)
