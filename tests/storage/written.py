"""Posts for tests of storage, made in one line each."""

from typing import Any

from storage import entries, notifications, posts
from storage.engine import Store
from storage.ids import ActorId, EntryId, NotificationId, PostId
from storage.media import NewMedia
from storage.notifications import NewNotification
from storage.posts import NewPost
from tests.storage.people import HOME, NOON, new_id


def new_post(author_id: ActorId, *, host: str = HOME, post_id: int | None = None, **given: Any) -> NewPost:
    """Give a post to be stored: public, of this node, beginning a thread, unless told otherwise."""
    post_id = post_id or new_id()
    uri = given.pop("uri", f"https://{host}/posts/{post_id}")
    values: dict[str, Any] = {
        "url": uri,
        "local": host == HOME,
        "type": "Note",
        "content": f"<p>{post_id}</p>",
        "audience": "public",
        "root_id": PostId(post_id),
        "published_at": NOON,
    }
    return NewPost(id=PostId(post_id), uri=uri, host=host, author_id=author_id, **(values | given))


async def add(store: Store, author_id: ActorId, **given: Any) -> NewPost:
    """Store a post."""
    new = new_post(author_id, **given)
    assert await store.write(posts.add, new)
    return new


async def answer(store: Store, author_id: ActorId, parent: NewPost, **given: Any) -> NewPost:
    """Store a reply to a post that is held."""
    place = {
        "in_reply_to": parent.uri,
        "parent_id": parent.id,
        "root_id": parent.root_id,
        "community_id": parent.community_id,
    }
    return await add(store, author_id, **(place | given))


async def pass_on(
    store: Store, by_actor: ActorId, post_id: PostId, *, kind: Any = "boost", **given: Any
) -> EntryId:
    """Store a boost, or an announce of a community."""
    entry_id = EntryId(given.pop("entry_id", 0) or new_id())
    values = {"uri": f"https://{HOME}/activities/{entry_id}", "audience": "public"} | given
    added = await store.write(entries.add, entry_id, by_actor=by_actor, post_id=post_id, kind=kind, **values)
    assert added
    return entry_id


def new_file(owner_id: ActorId, **given: Any) -> NewMedia:
    """Give a picture to be stored."""
    values: dict[str, Any] = {"type": "image", "media_type": "image/png", "created_at": NOON}
    return NewMedia(id=new_id(), owner_id=owner_id, **(values | given))  # type: ignore[arg-type]


async def tell(store: Store, me: ActorId, kind: str, by: ActorId, post_id: PostId) -> bool:
    """Tell somebody what another did with a post; False if they were told before."""
    new = NewNotification(
        id=NotificationId(new_id()),
        actor_id=me,
        type=kind,
        by_actor=by,
        post_id=post_id,
        target_id=None,
        created_at=NOON,
    )
    return await store.write(notifications.add, new)
