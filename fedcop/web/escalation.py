"""What happened to an ask that nobody answers and what happens next, for its asker and its facilitators.

    explained = await escalation.of(read, ask)         None of it names anybody who was asked

``public/_escalation.html`` shows it.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from fedcop.knowledge import route
from fedcop.knowledge.route import Step, Taken
from storage import escalations, referrals, service_list
from storage.asks import Ask
from storage.engine import Reader
from storage.escalations import Step as Done
from storage.referrals import Counts
from storage.service_list import Service


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What was done about an ask, what came of it, and the steps that are to come, each with its moment.

    ``known``: this node hosts the community and the clock has begun; else there is nothing to say.
    """

    known: bool
    done: list[Done]
    counts: Counts
    ahead: list[tuple[Step, datetime]]


async def of(read: Reader, ask: Ask) -> Explained:
    """Give what happened to an ask and what happens next."""
    clock = await escalations.find(read, ask.post_id)
    ahead: list[tuple[Step, datetime]] = []
    if clock is not None and ask.state == "open" and clock.due_at is not None:
        taken = None
        if clock.step is not None and clock.step_at is not None:
            taken = Taken(step=clock.step, at=clock.step_at)
        ahead = route.ahead(clock.asked_at, clock.nation, taken)
    return Explained(
        known=clock is not None,
        done=await escalations.steps(read, ask.post_id),
        counts=await referrals.counts(read, ask.post_id),
        ahead=ahead,
    )


def labels_of(services: Mapping[str, Service], language: str) -> dict[str, str]:
    """Give the labels of services by id."""
    return {one: service_list.label_of(service, language) for one, service in services.items()}
