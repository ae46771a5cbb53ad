"""People and communities for tests of storage, made in one line each."""

import itertools
from datetime import UTC, datetime
from typing import Any

import msgspec

from storage import actors, follows
from storage.actors import NewActor
from storage.engine import Store
from storage.follows import NewFollow
from storage.ids import ActorId
from storage.visible import SYSTEM

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOME = "kent.example"

_ids = itertools.count(1000)


def new_id() -> int:
    """Give an id that no other row of the test run has."""
    return next(_ids)


def new_actor(handle: str, host: str = HOME, *, kind: str = "Person", **given: Any) -> NewActor:
    """Give an actor to be stored, of this node unless a host is named."""
    folder = "communities" if kind == "Group" else "people"
    uri = f"https://{host}/{folder}/{handle}"
    values: dict[str, Any] = {
        "inbox": f"{uri}/inbox",
        "shared_inbox": f"https://{host}/inbox",
        "display_name": handle.title(),
        "created_at": NOON,
        "updated_at": NOON,
    }
    return NewActor(
        uri=uri, type=kind, handle=handle, host=host, domain=host, local=host == HOME, **(values | given)
    )


async def add(store: Store, handle: str, host: str = HOME, *, kind: str = "Person", **given: Any) -> ActorId:
    """Store an actor and give its row id."""
    actor_id = ActorId(new_id())
    new = new_actor(handle, host, kind=kind, **given)
    if new.local:
        await store.write(actors.add_local, new, actor_id)
        return actor_id
    return await store.write(actors.upsert, new, actor_id=actor_id)


async def hide_follows(store: Store, actor_id: ActorId, *, hidden: bool) -> None:
    """Let somebody keep to themself whom they follow, and who follows them, or no more."""
    actor = await store.read(actors.find, SYSTEM, actor_id)
    assert actor is not None
    profile = msgspec.structs.replace(actors.profile_of(actor), hides_follows=hidden)
    await store.write(actors.set_profile, actor_id, profile, NOON)


async def follow(
    store: Store, follower_id: ActorId, target_id: ActorId, *, accepted: bool = True, **given: Any
) -> int:
    """Store a follow and give its row id."""
    new = NewFollow(
        id=new_id(),
        follower_id=follower_id,
        target_id=target_id,
        uri=f"https://{HOME}/activities/{follower_id}-{target_id}",
        requested_at=NOON,
        accepted_at=NOON if accepted else None,
        **given,
    )
    return (await store.write(follows.add, new)).id
