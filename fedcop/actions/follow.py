"""Follow, block and mute, and the undoing of each; a follow of a community is a wish to join it.

A follow of somebody elsewhere is a request until their node says Accept (decision 11 of the design).
"""

from datetime import datetime, timedelta

from fedcop import fetch
from fedcop.actions import join, notify, tell
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.errors import Invalid, NotPermitted
from fedcop.node import Node
from storage import blocks, communities, follows, lists
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.follows import Follow, NewFollow
from storage.notifications import NewNotification


async def follow(
    node: Node, me: Actor, target: Actor, *, reblogs: bool | None = None, notify_posts: bool | None = None
) -> Follow:
    """Follow a person or join a community; again, it only sets the options. Gives the follow as it stands."""
    if me.id == target.id:
        raise Invalid("you cannot follow yourself")
    earlier = await node.store.read(_ensure_may_follow, me, target)
    if earlier is not None:
        await node.store.write(follows.set_options, me.id, target.id, reblogs=reblogs, notify=notify_posts)
        return await node.store.read(_standing, me, target)
    now = node.clock.now()
    new = NewFollow(
        id=(follow_id := node.ids.next(now)),
        follower_id=me.id,
        target_id=target.id,
        uri=node.uris.activity(follow_id),
        reblogs=reblogs is not False,
        notify=bool(notify_posts),
        requested_at=now,
    )
    if target.local and target.type == "Group":
        return await join.join_here(node, me, target, new)
    if target.local:
        return await _follow_here(node, me, target, new)
    if target.type == "Group":
        await fetch.facilitators(node, target)
    told = await tell.prepare(
        node,
        me,
        activities.follow_of(new.uri, me.uri, target.uri),
        object_uri=target.uri,
        audience="direct",
        people=[target],
    )
    return await node.store.write(_follow, node, me, target, new, told, [])


async def _ensure_may_follow(read: Reader, me: Actor, target: Actor) -> Follow | None:
    if target.state != "active" or target.moved_to:
        raise NotPermitted(f"@{target.handle} has moved or is no longer here")
    if await blocks.is_blocked(read, me.id, target.id) or await blocks.is_blocked(read, target.id, me.id):
        raise NotPermitted(f"you cannot follow @{target.handle}: one of you blocks the other")
    return await follows.find(read, me.id, target.id)


async def _standing(read: Reader, me: Actor, target: Actor) -> Follow:
    found = await follows.find(read, me.id, target.id)
    if found is None:
        raise NotPermitted(f"you do not follow @{target.handle}")
    return found


async def _follow_here(node: Node, me: Actor, target: Actor, new: NewFollow) -> Follow:
    kind: notify.Kind = "follow_request" if target.approves else "follow"
    notices = notify.prepare(node, kind, notify.here([target]), by=me.id)
    if not target.approves:
        new = join.accepted(new)
    return await node.store.write(_follow, node, me, target, new, None, notices)


async def _follow(
    tx: Transaction,
    node: Node,
    me: Actor,
    target: Actor,
    new: NewFollow,
    told: Told | None,
    notices: list[NewNotification],
) -> Follow:
    await _ensure_may_follow(tx, me, target)
    held = await follows.add(tx, new)
    if told is not None:
        await tell.add(tx, node, told)
    await notify.add(tx, notices)
    return held


async def unfollow(node: Node, me: Actor, target: Actor) -> None:
    """End a follow or a request, or leave a community; a community's last facilitator cannot leave."""
    held = await node.store.read(follows.find, me.id, target.id)
    if held is None:
        return
    told = await _told_undo(node, me, target, held) if not target.local else None
    await node.store.write(_unfollow, node, me, target, told)


async def _told_undo(node: Node, me: Actor, target: Actor, held: Follow) -> Told:
    undone = activities.follow_of(held.uri, me.uri, target.uri)
    document = activities.undo_of(node.uris.activity(node.ids.next(node.clock.now())), undone)
    return await tell.prepare(node, me, document, object_uri=target.uri, audience="direct", people=[target])


async def _unfollow(tx: Transaction, node: Node, me: Actor, target: Actor, told: Told | None) -> None:
    facilitates = target.local and await communities.is_facilitator(tx, target.id, me.id)
    if facilitates and not await communities.remove_facilitator(tx, target.id, me.id):
        raise NotPermitted(f"you are the last facilitator of {target.handle}; hand it over first")
    await lists.remove_from_all(tx, me.id, target.id)
    if await follows.remove(tx, me.id, target.id) is not None and told is not None:
        await tell.add(tx, node, told)


async def remove_follower(node: Node, me: Actor, follower: Actor) -> None:
    """Let somebody follow one no longer."""
    held = await node.store.read(follows.find, follower.id, me.id)
    if held is not None:
        await join.refuse(node, me, follower, held)


async def block(node: Node, me: Actor, target: Actor) -> None:
    """Shut somebody out: follows both ways end, and neither sees the other."""
    if me.id == target.id:
        raise Invalid("you cannot block yourself")
    block_id = node.ids.next(node.clock.now())
    uri = node.uris.activity(block_id)
    # Mastodon ends the follows of both sides on a Block, so nothing else has to be said (federation.md 5.3).
    told = await _told_block(node, me, target, activities.block_of(uri, me.uri, target.uri))
    await node.store.write(_block, node, block_id, me, target, told)


async def _told_block(node: Node, me: Actor, target: Actor, document: dict[str, object]) -> Told:
    return await tell.prepare(node, me, document, object_uri=target.uri, audience="direct", people=[target])


async def _block(tx: Transaction, node: Node, block_id: int, me: Actor, target: Actor, told: Told) -> None:
    if not await blocks.block(tx, block_id, me.id, target.id, told.kept.uri):
        return
    await follows.remove(tx, me.id, target.id)
    await follows.remove(tx, target.id, me.id)
    await tell.add(tx, node, told)


async def unblock(node: Node, me: Actor, target: Actor) -> None:
    """End a block; follows that it ended do not come back."""
    held = await node.store.read(blocks.find, me.id, target.id)
    if held is None:
        return
    uri = node.uris.activity(node.ids.next(node.clock.now()))
    undone = activities.block_of(held.uri or node.uris.activity(held.id), me.uri, target.uri)
    told = await _told_block(node, me, target, activities.undo_of(uri, undone))
    await node.store.write(_unblock, node, me, target, told)


async def _unblock(tx: Transaction, node: Node, me: Actor, target: Actor, told: Told) -> None:
    if await blocks.unblock(tx, me.id, target.id) is not None:
        await tell.add(tx, node, told)


async def mute(node: Node, me: Actor, target: Actor, *, notifications: bool = True, seconds: int = 0) -> None:
    """Hear nothing of somebody, for a time or for good; nobody is told."""
    if me.id == target.id:
        raise Invalid("you cannot mute yourself")
    now = node.clock.now()
    until: datetime | None = now + timedelta(seconds=seconds) if seconds > 0 else None
    await node.store.write(
        blocks.mute, node.ids.next(now), me.id, target.id, notifications=notifications, until=until
    )


async def unmute(node: Node, me: Actor, target: Actor) -> None:
    """Hear of somebody again."""
    await node.store.write(blocks.unmute, me.id, target.id)
