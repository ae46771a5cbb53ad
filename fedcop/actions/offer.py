"""A community lets facilitators of other nodes decide who joins (decision 10 of the design).

    offered = await offer.prepare(node, community, requester, follow)     on the loop, told with the Follow
    await offer.tell_others(node, community, requester)                   after it
    undo = await offer.taken_back(node, community, requester, follow)     once somebody decided
    await offer.answer(node, facilitator, requester, community, accept=True)     there

A fedcop node is sent ``Offer{Follow}`` and answers with its facilitator's Accept or Reject of the Offer. To a
facilitator on other software the community writes a direct note that names the requester: they sign in here.
"""

from fedcop.actions import decision, post, tell
from fedcop.actions.draft import Draft
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.errors import NotFound
from fedcop.node import Node
from storage import actors, communities, follows, notifications, offers, peers, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.offers import Offer

FEDCOP = "fedcop"


async def prepare(node: Node, community: Actor, requester: Actor, follow: bytes) -> Told | None:
    """Make the Offer of a Follow, given as its bytes came, to facilitators on fedcop; None without any."""
    return await _told(node, community, requester, follow, back=False)


async def taken_back(node: Node, community: Actor, requester: Actor, follow: bytes) -> Told | None:
    """Make the Undo of an Offer once somebody decided: facilitators elsewhere need not any more."""
    return await _told(node, community, requester, follow, back=True)


async def _told(node: Node, community: Actor, requester: Actor, follow: bytes, *, back: bool) -> Told | None:
    people = await node.store.read(_elsewhere, community, requester, fedcop=True)
    if not people:
        return None
    document = activities.offer_of(
        decision.new_uri(node), community.uri, follow, to=[one.uri for one in people]
    )
    return await tell.prepare(
        node,
        community,
        activities.undo_of(decision.new_uri(node), document) if back else document,
        object_uri=requester.uri,
        audience="direct",
        people=people,
    )


async def tell_others(node: Node, community: Actor, requester: Actor) -> None:
    """Write to facilitators on other software that somebody waits for their decision."""
    for one in await node.store.read(_elsewhere, community, requester, fedcop=False):
        # By the address: whoever is named by handle gets the note as well.
        text = (
            f"@{one.handle}@{one.domain} {requester.display_name or requester.handle} asks to join the "
            f"community {community.handle}: {requester.url or requester.uri} "
            f"To decide, sign in at {node.uris.base_url}"
        )
        await post.publish(node, community, Draft(text=text, audience="direct", language="en"))


async def _elsewhere(read: Reader, community: Actor, requester: Actor, *, fedcop: bool) -> list[Actor]:
    people = await communities.facilitators_of(read, visible.SYSTEM, community.id)
    others = [one for one in people if not one.local and one.id != requester.id]
    return [one for one in others if await _runs_fedcop(read, one.host) is fedcop]


async def _runs_fedcop(read: Reader, host: str) -> bool:
    peer = await peers.find(read, host)
    return peer is not None and peer.software == FEDCOP


async def answer(node: Node, facilitator: Actor, requester: Actor, community: Actor, *, accept: bool) -> None:
    """Tell a community elsewhere what somebody here decides; it does what follows from that."""
    viewer = visible.person(facilitator.id)
    held = await node.store.read(offers.oldest, viewer, facilitator.id, requester.id, community.id)
    if held is None:
        raise NotFound("nobody of that id waits for your decision")
    make = activities.accept_of if accept else activities.reject_of
    told = await tell.prepare(
        node,
        facilitator,
        make(decision.new_uri(node), facilitator.uri, community.uri, held.body),
        object_uri=community.uri,
        audience="direct",
        people=[community],
    )
    await node.store.write(_answer, node, held, told)


async def _answer(tx: Transaction, node: Node, held: Offer, told: Told) -> None:
    if not await settle(tx, held.community_id, held.requester_id):
        raise NotFound("this request was decided already")
    await tell.add(tx, node, told)


async def settle(tx: Transaction, community_id: ActorId, requester_id: ActorId) -> bool:
    """Let go of a request that was decided or taken back; False if that was done before.

    That somebody elsewhere follows a community elsewhere was noted only as long as it had to be decided.
    """
    if not await offers.settle(tx, community_id, requester_id):
        return False
    requester = await actors.find(tx, visible.SYSTEM, requester_id)
    if requester is not None and not requester.local:
        await follows.remove(tx, requester_id, community_id)
    await notifications.settle_request(tx, requester_id, community_id)
    return True
