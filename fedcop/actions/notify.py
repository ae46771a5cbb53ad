"""Who is told of what: notification rows, each once for (recipient, kind, from, post, community).

    notices = notify.prepare(node, "mention", [ada.id], by=ben.id, post_id=post.id)      on the loop
    await notify.add(tx, notices)                                                        in the transaction

Only people of this node are told, nobody of what they did themselves; ``storage.notifications`` leaves out
whom they blocked or muted. A reply is told as a mention, once, a community's announce of one's own post not.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from fedcop.node import Node
from storage import notifications
from storage.actors import Actor
from storage.engine import Transaction
from storage.ids import ActorId, PostId, RowId
from storage.notifications import NewNotification

Kind = Literal[
    "mention", "post", "boost", "follow", "follow_request", "like", "poll", "update", "report", "quote"
]


def here(people: Iterable[Actor]) -> list[ActorId]:
    """Give those of some actors who can be told: people of this node."""
    return [actor.id for actor in people if actor.local and actor.type == "Person"]


def prepare(
    node: Node,
    kind: Kind,
    recipients: Iterable[ActorId],
    *,
    by: ActorId,
    post_id: PostId | None = None,
    target_id: ActorId | None = None,
    report_id: RowId | None = None,
) -> list[NewNotification]:
    """Make what each recipient will be told; ``target_id`` is the community that somebody asks to join."""
    now = node.clock.now()
    return [
        NewNotification(
            id=node.ids.next_notification(now),
            actor_id=recipient,
            type=kind,
            by_actor=by,
            post_id=post_id,
            target_id=target_id,
            created_at=now,
            report_id=report_id,
        )
        for recipient in dict.fromkeys(recipients)
        if recipient != by or kind == "poll"  # who asked hears of the end as who voted does
    ]


async def add(tx: Transaction, notices: Sequence[NewNotification]) -> None:
    """Store what people are told."""
    for notice in notices:
        await notifications.add(tx, notice)
