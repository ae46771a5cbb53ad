"""What a person does with a post for themselves: keep it, pin it to their profile, mute its thread."""

from storage import visible
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.visible import Viewer

ADD = """
INSERT INTO bookmarks (id, actor_id, post_id) VALUES (:bookmark_id, :actor_id, :post_id)
ON CONFLICT (actor_id, post_id) DO NOTHING
"""


async def add(tx: Transaction, bookmark_id: int, actor_id: ActorId, post_id: PostId) -> bool:
    """Keep a post for later; tell whether that is new."""
    return await tx.execute(ADD, bookmark_id=bookmark_id, actor_id=actor_id, post_id=post_id) > 0


REMOVE = "DELETE FROM bookmarks WHERE actor_id = :actor_id AND post_id = :post_id"


async def remove(tx: Transaction, actor_id: ActorId, post_id: PostId) -> bool:
    """Keep a post no longer; tell whether it was kept."""
    return await tx.execute(REMOVE, actor_id=actor_id, post_id=post_id) > 0


PIN = """
INSERT INTO profile_pins (actor_id, post_id, id) VALUES (:actor_id, :post_id, :pin_id)
ON CONFLICT (actor_id, post_id) DO NOTHING
"""


async def pin(tx: Transaction, pin_id: int, actor_id: ActorId, post_id: PostId) -> bool:
    """Pin a post to its author's profile; tell whether that is new."""
    return await tx.execute(PIN, pin_id=pin_id, actor_id=actor_id, post_id=post_id) > 0


UNPIN = "DELETE FROM profile_pins WHERE actor_id = :actor_id AND post_id = :post_id"


async def unpin(tx: Transaction, actor_id: ActorId, post_id: PostId) -> bool:
    """Take a post off its author's profile; tell whether it was pinned."""
    return await tx.execute(UNPIN, actor_id=actor_id, post_id=post_id) > 0


PINNED_COUNT = f"""
SELECT COUNT(*) FROM profile_pins AS i JOIN posts AS p ON p.id = i.post_id
 WHERE i.actor_id = :actor_id AND {visible.POST}
"""


async def pinned_count(read: Reader, viewer: Viewer, actor_id: ActorId) -> int:
    """Count what somebody has pinned to their profile."""
    return int(await read.value(PINNED_COUNT, actor_id=actor_id, **visible.parameters(viewer)))


MUTE_THREAD = """
INSERT INTO thread_mutes (actor_id, root_id) VALUES (:actor_id, :root_id) ON CONFLICT DO NOTHING
"""


async def mute_thread(tx: Transaction, actor_id: ActorId, root_id: PostId) -> bool:
    """Let a person hear no more of a thread; tell whether that is new."""
    return await tx.execute(MUTE_THREAD, actor_id=actor_id, root_id=root_id) > 0


UNMUTE_THREAD = "DELETE FROM thread_mutes WHERE actor_id = :actor_id AND root_id = :root_id"


async def unmute_thread(tx: Transaction, actor_id: ActorId, root_id: PostId) -> bool:
    """Let a person hear of a thread again; tell whether they did not."""
    return await tx.execute(UNMUTE_THREAD, actor_id=actor_id, root_id=root_id) > 0
