"""Whether an activity's own proof speaks for it, whoever passes it on (FEP-8b32, decision 6)."""

from datetime import timedelta

from activitypub import vocab
from activitypub.document import Document
from activitypub.errors import Malformed, Unsigned
from activitypub.sig import proof
from fedcop import fetch
from fedcop.node import Node

# Older ones may be words of long ago that somebody keeps for the right moment.
PROOF_FOR = timedelta(days=30)


async def is_proved(
    node: Node, document: Document, activity: vocab.Activity, *, longest: timedelta | None = PROOF_FOR
) -> bool:
    """Tell whether an activity carries a proof that holds, by a key of its actor.

    ``longest``: how old it may be; None while a collection of its origin or of its community is read, which
    says by itself that the activity still stands. A key that does not fit any more is asked for once more.
    """
    try:
        head = proof.needs(document.json)
        if head is None or not head.is_in_time(node.clock.now(), longest=longest):
            return False
        held = await fetch.key(node, head.verification_method)
        if not proof.holds(document.json, held.key) and not held.is_new(node.clock.now()):
            held = await fetch.key(node, head.verification_method, fresh=True)
    except (Malformed, Unsigned):
        return False
    return held.owner == activity.actor and proof.holds(document.json, held.key)
