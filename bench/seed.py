"""Volume, written by storage functions before a node is served."""

from collections.abc import Sequence

from bench.peer import Person
from bench.site import Site
from fedcop.node import Node, open_node
from storage import actors, follows
from storage.actors import Actor, NewActor
from storage.engine import Transaction
from storage.follows import NewFollow
from storage.ids import ActorId
from storage.visible import SYSTEM


async def follow_each_other(
    site: Site, local: str, *, followers: Sequence[Person] = (), following: Sequence[Person] = ()
) -> None:
    """Let foreign people follow a person of a node, or be followed by them."""
    node = await open_node(site.config)
    try:
        me = await node.store.read(actors.find_by_uri, SYSTEM, node.uris.person(local))
        assert me is not None
        for person in followers:
            await node.store.write(_add, node, person, me, True)
        for person in following:
            await node.store.write(_add, node, person, me, False)
    finally:
        await node.close()


async def _add(tx: Transaction, node: Node, person: Person, me: Actor, to_me: bool) -> None:
    now = node.clock.now()
    new = NewActor(
        uri=person.uri,
        type="Person",
        handle=person.name,
        host=person.host,
        domain=person.host,
        local=False,
        url=f"http://{person.host}/@{person.name}",
        inbox=f"{person.uri}/inbox",
        shared_inbox=f"http://{person.host}/inbox",
        followers_uri=person.followers,
        created_at=now,
        updated_at=now,
        fetched_at=now,
    )
    them = await actors.upsert(tx, new, actor_id=ActorId(node.ids.next(now)))
    follow_id = node.ids.next(now)
    await follows.add(
        tx,
        NewFollow(
            id=follow_id,
            follower_id=them if to_me else me.id,
            target_id=me.id if to_me else them,
            uri=f"{person.uri}#follow-{follow_id}",
            requested_at=now,
            accepted_at=now,
        ),
    )
