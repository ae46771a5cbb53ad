"""A facilitator invites somebody into a community of this node: whoever is on its list joins at once.

    await invite.invite(node, facilitator, community, person)

The person is told by a direct note of the community with its address. A fedcop node is sent an ``Invite``
instead and writes that note itself, with an address of its own.
"""

from fedcop.actions import post, record, tell
from fedcop.actions.draft import Draft
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.errors import Invalid, NotPermitted
from fedcop.node import Node
from fedcop.policy import membership
from storage import audit, invited, peers
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Transaction


async def invite(node: Node, facilitator: Actor, community: Actor, person: Actor) -> None:
    """Put somebody on the list of a community and tell them; again, they are told again."""
    if not community.local or person.type != "Person" or person.state != "active":
        raise Invalid(f"@{person.handle} cannot be invited into {community.handle} from here")
    now = node.clock.now()
    peer = None if person.local else await node.store.read(peers.find, person.host)
    told = None
    if peer is not None and peer.software == "fedcop":
        uri = node.uris.activity(node.ids.next(now))
        document = activities.invite_of(uri, community.uri, person.uri)
        told = await tell.prepare(
            node, community, document, object_uri=person.uri, audience="direct", people=[person]
        )
    by, where = record.name_of(facilitator), {"community": community.uri}
    noted = record.note(node, by, "invite", person.uri, after=where)
    await node.store.write(_invite, node, facilitator, community, person, told, noted)
    if told is None:
        text = f"@{person.handle}@{person.domain} {words(community)}"
        await post.publish(node, community, Draft(text=text, audience="direct", language="en"))


def words(community: Actor) -> str:
    """Give what an invited person reads, without their name."""
    return (
        f"You are invited to the community {community.display_name or community.handle}: "
        f"{community.url or community.uri} (@{community.handle}@{community.domain}). "
        "Follow it to join; nobody has to approve that any more."
    )


async def _invite(
    tx: Transaction,
    node: Node,
    facilitator: Actor,
    community: Actor,
    person: Actor,
    told: Told | None,
    noted: Note,
) -> None:
    now = noted.at
    membership.ensure_facilitates(
        await membership.standing_of(tx, community, facilitator.id, now), community.handle
    )
    theirs = await membership.standing_of(tx, community, person.id, now)
    if theirs.banned:
        raise NotPermitted(f"@{person.handle} is banned from the community {community.handle}")
    if theirs.member:
        raise Invalid(f"@{person.handle} is a member of {community.handle} already")
    await invited.add(tx, community.id, person.id, by_actor=facilitator.id, now=now)
    await audit.record(tx, noted)
    if told is not None:
        await tell.add(tx, node, told)
