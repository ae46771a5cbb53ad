"""An actor moves to another account of theirs; who follows them here follows the new one instead."""

import contextlib
from datetime import timedelta

from activitypub.vocab.registry import id_of
from fedcop import fetch
from fedcop.actions import follow
from fedcop.errors import Refusal
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, refused
from storage import actors, follows
from storage.actors import Actor, aliases_of
from storage.engine import Reader
from storage.pages import Page
from storage.visible import SYSTEM

# Mastodon waits as long between two moves (federation.md 5.3); it keeps a stolen account from wandering.
BETWEEN_MOVES = timedelta(days=7)
MOST_FOLLOWERS = 10_000


async def receive_move(node: Node, arrival: Arrival) -> Outcome:
    """Believe a move that both ends state: the old actor signs it, the new one lists the old as itself."""
    by, target_uri = arrival.by, arrival.activity.target
    if id_of(arrival.activity.object) != by.uri or target_uri is None or target_uri == by.uri:
        return refused("wanted the actor itself as object, and another one as target")
    target = await fetch.actor(node, target_uri, fresh=True)
    if by.uri not in aliases_of(target):
        return refused(f"{target_uri} does not say that it is also known as {by.uri}")
    now = node.clock.now()
    if by.moved_to not in (None, target_uri) and now - by.updated_at < BETWEEN_MOVES:
        return refused(f"{by.uri} moved less than {BETWEEN_MOVES.days} days ago")
    await node.store.write(actors.move, by.id, target_uri, now)
    for follower in await node.store.read(_followers_here, by):
        # One who may not follow the new account keeps the old one.
        with contextlib.suppress(Refusal):
            await follow.follow(node, follower, target)
            await follow.unfollow(node, follower, by)
    return DONE


async def _followers_here(read: Reader, by: Actor) -> list[Actor]:
    found = await follows.followers(read, SYSTEM, by.id, Page(limit=MOST_FOLLOWERS))
    return [actor for _, actor in found if actor.local]
