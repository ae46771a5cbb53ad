"""Activities that outlive their queue row: what communities passed on, and ours that an Undo or outbox needs.

The bytes stay as they were, so that proofs hold. An activity goes with its post.
"""

from datetime import datetime

import msgspec

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.row import Row
from storage.visible import Viewer


class NewKept(msgspec.Struct, frozen=True, kw_only=True):
    """An activity to keep; a community passed it on by the Announces ``wrapped_by`` and ``plain_by``."""

    uri: str
    type: str
    actor_id: ActorId
    audience: str
    body: bytes
    at: datetime
    community_id: ActorId | None = None
    post_id: PostId | None = None
    object_uri: str | None = None
    wrapped_by: str | None = None
    plain_by: str | None = None


class Kept(Row):
    """One row of activities."""

    uri: str
    type: str
    actor_id: ActorId
    community_id: ActorId | None
    post_id: PostId | None
    object_uri: str | None
    wrapped_by: str | None
    plain_by: str | None
    audience: str
    body: bytes
    at: datetime


_COLUMNS = "uri, type, actor_id, community_id, post_id, object_uri, wrapped_by, plain_by, audience, body, at"

KEEP = f"""
INSERT INTO activities ({_COLUMNS})
VALUES (:uri, :type, :actor_id, :community_id, :post_id, :object_uri, :wrapped_by, :plain_by, :audience,
        :body, :at)
ON CONFLICT (uri) DO UPDATE SET community_id = excluded.community_id, wrapped_by = excluded.wrapped_by,
       plain_by = excluded.plain_by
 WHERE activities.wrapped_by IS NULL
"""


async def keep(tx: Transaction, new: NewKept) -> None:
    """Keep an activity; one that is kept already gets the Announces that passed it on, and else stays."""
    await tx.execute(KEEP, **msgspec.structs.asdict(new))


FIND = f"SELECT {_COLUMNS} FROM activities WHERE uri = :uri"


async def find(read: Reader, uri: str) -> Kept | None:
    """Give an activity by its id."""
    return await read.one(Kept, FIND, uri=uri)


BY_WRAPPER = f"""
SELECT {_COLUMNS} FROM activities WHERE wrapped_by = :uri
UNION ALL
SELECT {_COLUMNS} FROM activities WHERE plain_by = :uri
"""


async def by_wrapper(read: Reader, uri: str) -> Kept | None:
    """Give the activity that an Announce of ours passed on."""
    return await read.one(Kept, BY_WRAPPER, uri=uri)


OUTBOX_OF_COMMUNITY = f"""
SELECT {", ".join(f"k.{name}" for name in Kept.__struct_fields__)}
  FROM activities AS k JOIN posts AS p ON p.id = k.post_id
 WHERE k.community_id = :community_id AND {visible.POST}
   AND (k.plain_by IS NOT NULL AND k.audience IN ('public', 'unlisted')
        OR k.audience = 'members' AND k.type = 'Create' AND p.in_reply_to IS NULL)
 ORDER BY k.at DESC, k.uri DESC LIMIT :limit
"""


async def outbox_of_community(read: Reader, viewer: Viewer, community_id: ActorId, limit: int) -> list[Kept]:
    """Give what began threads in a community, as it was passed on, the latest first."""
    return await read.all(
        Kept, OUTBOX_OF_COMMUNITY, community_id=community_id, limit=limit, **visible.parameters(viewer)
    )


OF_THREAD = f"""
-- A Delete has taken its Create with it: nobody has to learn of what they never had.
SELECT {", ".join(f"k.{name}" for name in Kept.__struct_fields__)}
  FROM posts AS p JOIN activities AS k ON k.post_id = p.id
 WHERE p.root_id = :root_id AND k.community_id = :community_id AND k.wrapped_by IS NOT NULL
   AND k.type <> 'Delete' AND {visible.POST}
 ORDER BY k.at, k.uri LIMIT :limit
"""


async def of_thread(
    read: Reader, viewer: Viewer, community_id: ActorId, root_id: PostId, limit: int
) -> list[Kept]:
    """Give what a community passed on of a thread, as it was passed on, the oldest first."""
    return await read.all(
        Kept,
        OF_THREAD,
        community_id=community_id,
        root_id=root_id,
        limit=limit,
        **visible.parameters(viewer),
    )


OF_POST = f"SELECT {_COLUMNS} FROM activities WHERE post_id = :post_id ORDER BY at, uri"


async def of_post(read: Reader, post_id: PostId) -> list[Kept]:
    """Give the activities that are about a post, oldest first."""
    return await read.all(Kept, OF_POST, post_id=post_id)


SUPERSEDE = "DELETE FROM activities WHERE post_id = :post_id AND type = 'Update'"


async def supersede(tx: Transaction, post_id: PostId) -> int:
    """Let go of the Updates of a post, since another is about to be kept that holds all of it."""
    return await tx.execute(SUPERSEDE, post_id=post_id)


REWRITE = "UPDATE activities SET body = :body WHERE uri = :uri"


async def rewrite(tx: Transaction, uri: str, body: bytes) -> None:
    """Put other bytes in the place of an activity's, since what it said is not to be said any more."""
    await tx.execute(REWRITE, uri=uri, body=body)


ERASE_POST = "DELETE FROM activities WHERE post_id = :post_id AND type IN ('Create', 'Update')"


async def erase_post(tx: Transaction, post_id: PostId) -> int:
    """Let go of every activity that holds a post's text; what took it away stays, for all to learn it."""
    return await tx.execute(ERASE_POST, post_id=post_id)
