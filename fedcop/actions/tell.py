"""One activity of somebody here, told to everybody who should hear of it.

    told = await tell.prepare(node, author, document, post_id=..., community=..., people=..., followers=True)
    await tell.add(tx, node, told)

On the loop the activity gets its proof and its bytes, and a community of ours wraps those very bytes; in the
transaction they are kept and queued. A community elsewhere gets them in its inbox and passes them on itself.

What is done in a community that only its members read is addressed to it and its followers, whatever the
document said, and of what is done to a post there nobody is told but that community (decision 9). A Delete
goes to whoever holds a copy all the same: it holds no word of the post.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from activitypub.document import Json
from activitypub.group import PASSED_ON
from fedcop.actions import announce
from fedcop.actions.announce import Passed
from fedcop.as2 import activities
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.node import Node
from storage import activities as kept
from storage.activities import NewKept
from storage.actors import Actor
from storage.deliveries import Target
from storage.engine import Transaction
from storage.ids import ActorId, PostId


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An activity ready to be kept and queued."""

    parcel: Parcel
    kept: NewKept
    passed: Passed | None
    targets: tuple[Target, ...]
    followers_of: ActorId | None
    holders_of: str | None
    but_members_of: ActorId | None
    at: datetime


async def prepare(
    node: Node,
    actor: Actor,
    document: Json,
    *,
    post_id: PostId | None = None,
    object_uri: str | None = None,
    audience: str = "public",
    community: Actor | None = None,
    people: Iterable[Actor] = (),
    followers: bool = False,
    holders_of: str | None = None,
    but_members_of: ActorId | None = None,
    copy_of: str | None = None,
    begins_thread: bool = False,
    undoes: str | None = None,
) -> Told:
    """Make an activity ready for ``people``, the ``community``, and the actor's ``followers`` if wanted.

    ``holders_of``: the hosts that hold this object get it as well, ``but_members_of``: without those to which
    this community tells the same. The rest is as in ``announce.prepare``.
    """
    uri, kind = document["id"], document["type"]
    passes_on = community is not None and kind in PASSED_ON
    if passes_on and community is not None and community.approves:
        document = activities.addressed_to(document, readers_of(community))
        people = people if post_id is None else ()
        holders_of = holders_of if kind == "Delete" else None
    # A proof lets members' nodes believe what a community passes on; nothing else carries one (decision 6).
    body = activities.bytes_of(await node.signing.prove(actor.id, document) if passes_on else document)
    now = node.clock.now()
    passed = None
    if passes_on and community is not None and community.local:
        passed = announce.prepare(
            node, community, uri=uri, kind=kind, actor_id=actor.id, body=body, object_uri=object_uri,
            post_id=post_id, begins_thread=begins_thread, undoes=undoes, copy_of=copy_of,
        )  # fmt: skip
    elsewhere = [who for who in (*people, community) if who is not None and not who.local]
    return Told(
        parcel=fanout.parcel(
            node, body, uri=uri, kind=kind, sender_id=actor.id, object_uri=object_uri, copy_of=copy_of,
            private=audience == "followers",
        ),
        kept=NewKept(
            uri=uri, type=kind, actor_id=actor.id, post_id=post_id, object_uri=object_uri, audience=audience,
            body=body, at=now,
        ),
        passed=passed,
        targets=tuple(fanout.target_of(who, personal=audience == "direct") for who in elsewhere),
        followers_of=actor.id if followers else None,
        holders_of=holders_of,
        but_members_of=but_members_of,
        at=now,
    )  # fmt: skip


def readers_of(community: Actor) -> list[str]:
    """Give to whom everything is addressed that is done in a community that only its members read."""
    return [community.uri, *([community.followers_uri] if community.followers_uri else [])]


async def add(tx: Transaction, node: Node, told: Told) -> None:
    """Keep an activity, queue it, and let its community pass it on."""
    if told.passed is not None:
        await announce.add(tx, node, told.passed)
    elif told.kept.post_id is not None:
        await kept.keep(tx, told.kept)
    targets = list(told.targets)
    if told.followers_of is not None:
        targets += await fanout.followers(tx, told.followers_of)
    if told.holders_of is not None:
        targets += await fanout.holders(tx, told.holders_of, but_members_of=told.but_members_of)
    await fanout.enqueue(tx, node, told.parcel, targets, told.at)
