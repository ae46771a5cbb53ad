"""The text of posts that a facilitator removed, as long as it may be put back.

    await withheld.keep(tx, post_id, now)              in the transaction that removes the post
    rows = await read(withheld.of_post, post_id)       what the post said, as it was sent; empty if not kept
    back = await withheld.restore(tx, new, plain_by)   in the one that puts it back

It is kept where the activities of a post are: at the node of the community and at the author's. Nothing shows
it. Whoever wrote the post takes it away for good by deleting it, but for what is on hold.
"""

from datetime import datetime

from storage import activities, asks, entries, holds, posts, threads, visible
from storage.activities import Kept
from storage.engine import Reader, Transaction
from storage.ids import ActorId, EntryId, MediaId, PostId
from storage.posts import NewPost
from storage.visible import Viewer

_COLUMNS = ", ".join(Kept.__struct_fields__)

KEEP = f"""
INSERT INTO withheld ({_COLUMNS}, withheld_at)
SELECT {_COLUMNS}, :now FROM activities WHERE post_id = :post_id AND type IN ('Create', 'Update')
ON CONFLICT (uri) DO NOTHING
"""


async def keep(tx: Transaction, post_id: PostId, now: datetime) -> None:
    """Put away what holds the text of a post that a facilitator is about to remove."""
    await tx.execute(KEEP, post_id=post_id, now=now)
    await activities.erase_post(tx, post_id)


REMOVABLE = f"""
SELECT p.id FROM posts AS p
 WHERE p.author_id = :author_id AND p.community_id = :community_id AND p.removed_at IS NULL AND {visible.POST}
 ORDER BY p.id LIMIT :limit
"""


async def removable(
    read: Reader, viewer: Viewer, author_id: ActorId, community_id: ActorId, *, limit: int
) -> list[PostId]:
    """Give what somebody posted in a community and was not removed, the oldest first."""
    return await read.values(
        REMOVABLE,
        author_id=author_id,
        community_id=community_id,
        limit=limit,
        **visible.parameters(viewer),
    )


OF_POST = f"SELECT {_COLUMNS} FROM withheld WHERE post_id = :post_id ORDER BY at, uri"


async def of_post(read: Reader, post_id: PostId) -> list[Kept]:
    """Give the activities that hold the text of a removed post, the oldest first."""
    return await read.all(Kept, OF_POST, post_id=post_id)


UPLOADS = """
SELECT id, name FROM media WHERE owner_id = :owner_id AND post_id IS NULL AND name IS NOT NULL ORDER BY id
"""


async def uploads(read: Reader, viewer: Viewer, owner_id: ActorId) -> list[tuple[MediaId, str]]:
    """Give row and name of files of somebody that are in no post, to whom they belong."""
    if viewer.actor != owner_id:
        return []
    return await read.all(tuple[MediaId, str], UPLOADS, owner_id=owner_id)


GIVE_BACK = f"""
INSERT INTO activities ({_COLUMNS})
SELECT uri, type, actor_id, community_id, post_id, object_uri, wrapped_by,
       CASE WHEN plain_by IS NULL THEN NULL ELSE :plain_by END, audience, body, at
  FROM withheld WHERE post_id = :post_id
ON CONFLICT (uri) DO NOTHING
"""

RESTORE = """
UPDATE posts
   SET title = :title, content = :content, source = :source, summary = :summary, sensitive = :sensitive,
       language = :language, link = :link, removed_at = NULL, removed_by = NULL, removed_for = NULL
 WHERE id = :id AND author_id = :author_id AND removed_at IS NOT NULL AND removed_by <> author_id
"""

DIG_UP = """
DELETE FROM tombstones
 WHERE uri = :uri AND by_uri = (SELECT a.uri FROM actors AS a WHERE a.id = :author_id)
"""

_TEXT = ("id", "author_id", "title", "content", "source", "summary", "sensitive", "language", "link")


async def restore(tx: Transaction, new: NewPost, plain_by: str | None = None) -> bool:
    """Fill a removed post again, with its author's entry; ``plain_by`` is the Announce that tells of it anew.

    False, and nothing changes, if it stands, or if its author deleted it. Likes, boosts and votes do not come
    back.
    """
    if not await tx.execute(RESTORE, **{name: getattr(new, name) for name in _TEXT}):
        return False
    await tx.execute(DIG_UP, uri=new.uri, author_id=new.author_id)
    await tx.execute(GIVE_BACK, post_id=new.id, plain_by=plain_by)
    await forget(tx, new.id)
    await posts.put_parts(tx, new)
    await entries.add(
        tx,
        EntryId(new.id),
        by_actor=new.author_id,
        post_id=new.id,
        kind="post",
        uri=None,
        audience=new.audience,
        at=new.published_at,
    )
    await threads.count_reply(tx, new.id, 1)
    await asks.settle(tx, new.id)
    return True


FINISH = """
UPDATE posts SET removed_by = author_id
 WHERE uri = :uri AND author_id = :author_id AND removed_at IS NOT NULL AND removed_by <> author_id
"""

FORGET_BY_URI = f"""
DELETE FROM withheld
 WHERE post_id = (SELECT p.id FROM posts AS p WHERE p.uri = :uri AND NOT {holds.ON_POST})
"""


async def finish(tx: Transaction, uri: str, author_id: ActorId) -> bool:
    """Note that its author deletes a post that was removed: it never comes back. False if there is none."""
    if not await tx.execute(FINISH, uri=uri, author_id=author_id):
        return False
    await tx.execute(FORGET_BY_URI, uri=uri)
    return True


FORGET = "DELETE FROM withheld WHERE post_id = :post_id"


async def forget(tx: Transaction, post_id: PostId) -> None:
    """Let go of the text of a removed post."""
    await tx.execute(FORGET, post_id=post_id)


FORGET_AUTHOR = f"""
DELETE FROM withheld
 WHERE post_id IN (SELECT p.id FROM posts AS p WHERE p.author_id = :author_id AND NOT {holds.ON_POST})
"""


async def forget_author(tx: Transaction, author_id: ActorId) -> None:
    """Let go of what somebody wrote who leaves for good."""
    await tx.execute(FORGET_AUTHOR, author_id=author_id)


FORGET_OLD = f"""
DELETE FROM withheld
 WHERE uri IN (SELECT w.uri FROM withheld AS w JOIN posts AS p ON p.id = w.post_id
                WHERE w.withheld_at < :before AND NOT {holds.ON_POST} ORDER BY w.withheld_at LIMIT :limit)
"""


async def forget_old(tx: Transaction, before: datetime, limit: int) -> int:
    """Let go of texts that were put away before a moment, and give how many."""
    return await tx.execute(FORGET_OLD, before=before, limit=limit)
