"""Who facilitates a community of this node: one lead and up to eight more, from any node.

    await facilitate.appoint(node, me, community, person)
    await facilitate.dismiss(node, me, community, person)       or oneself
    await facilitate.hand_over(node, me, community, person)     to be the lead

Only somebody signed in here changes it, never a peer (decision 10 of the design); members' nodes are told by
``Add`` and ``Remove``.
"""

from fedcop.actions import decision, tell
from fedcop.as2 import activities
from fedcop.errors import Invalid, NotPermitted
from fedcop.node import Node
from fedcop.uris import facilitators_of
from storage import communities, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction

MOST = 9


async def appoint(node: Node, me: Actor, community: Actor, person: Actor) -> None:
    """Let somebody facilitate a community with the others."""
    _ensure_ours(community)
    if person.type != "Person" or person.state != "active":
        raise Invalid(f"@{person.handle} is no person who can facilitate")
    document = activities.add_of(
        decision.new_uri(node), me.uri, person.uri,
        target=facilitators_of(community.uri), community=community.uri,
    )  # fmt: skip
    told = await tell.prepare(node, me, document, object_uri=person.uri, community=community, people=[person])
    made = decision.made(node, me, community, "appoint", person.uri, "", [told])

    async def change(tx: Transaction) -> None:
        if await communities.is_banned(tx, community.id, person.id, made.at):
            raise NotPermitted(f"@{person.handle} is banned from the community {community.handle}")
        if not await communities.add_facilitator(tx, community.id, person.id, lead=False, now=made.at):
            raise Invalid(f"@{person.handle} facilitates {community.handle} already")
        if len(await communities.facilitators_of(tx, visible.SYSTEM, community.id)) > MOST:
            raise Invalid(f"{community.handle} has {MOST} facilitators; more are not useful")

    await node.store.write(decision.write, node, made, change)


async def dismiss(node: Node, me: Actor, community: Actor, person: Actor) -> None:
    """End somebody's facilitating: one's own, or as the lead another's; never the last one's."""
    _ensure_ours(community)
    document = activities.remove_of(
        decision.new_uri(node), me.uri, person.uri,
        target=facilitators_of(community.uri), community=community.uri,
    )  # fmt: skip
    told = await tell.prepare(node, me, document, object_uri=person.uri, community=community, people=[person])
    made = decision.made(node, me, community, "dismiss", person.uri, "", [told])

    async def change(tx: Transaction) -> None:
        if me.id != person.id:
            await _ensure_leads(tx, community, me)
        if not await communities.remove_facilitator(tx, community.id, person.id):
            raise NotPermitted(f"@{person.handle} is the last facilitator of {community.handle}, or none")

    await node.store.write(decision.write, node, made, change)


async def hand_over(node: Node, me: Actor, community: Actor, person: Actor) -> None:
    """Let another facilitator be the lead; who lists them first is the community's own collection."""
    _ensure_ours(community)
    made = decision.made(node, me, community, "hand over", person.uri, "", [])

    async def change(tx: Transaction) -> None:
        await _ensure_leads(tx, community, me)
        people = await communities.facilitators_of(tx, visible.SYSTEM, community.id)
        if person.id not in [one.id for one in people]:
            raise Invalid(f"@{person.handle} does not facilitate {community.handle}")
        others = [one.id for one in people if one.id != person.id]
        await communities.set_facilitators(tx, community.id, [person.id, *others], made.at)

    await node.store.write(decision.write, node, made, change)


def _ensure_ours(community: Actor) -> None:
    if not community.local:
        raise NotPermitted(f"who facilitates {community.handle} is changed on its own node, signed in there")


async def _ensure_leads(read: Reader, community: Actor, me: Actor) -> None:
    people = await communities.facilitators_of(read, visible.SYSTEM, community.id)
    if not people or people[0].id != me.id:
        raise NotPermitted(f"only the lead of {community.handle} may do this")
