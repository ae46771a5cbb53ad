"""A reply is accepted as an answer to what its thread asks, or no longer: PieFed's ChooseAnswer.

Who asked says so, a facilitator of the community, or the community itself; in a community elsewhere a
facilitator is believed in that community's Announce only (decision 10 of the design).
"""

from datetime import datetime

import msgspec

from activitypub import vocab
from activitypub.origin import same_origin
from activitypub.vocab.registry import id_of
from fedcop.actions import announce, answer
from fedcop.actions.announce import Passed
from fedcop.actions.answer import Case, Choice
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.subject import (
    Subject,
    ensure_not_banned,
    is_astray,
    is_in,
    may_moderate,
    passed_on,
    subject_of,
)
from storage import counted
from storage.engine import Reader, Transaction


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that somebody has chosen: as a post of its community, and as an answer in its thread."""

    subject: Subject
    case: Case


async def receive_choice(node: Node, arrival: Arrival) -> Outcome:
    """Accept an answer."""
    return await _choose(node, arrival, id_of(arrival.activity.object), None)


async def take_back(node: Node, arrival: Arrival, undone: vocab.Activity) -> Outcome:
    """Accept an answer no longer."""
    return await _choose(node, arrival, id_of(undone.object), undone)


async def _choose(node: Node, arrival: Arrival, uri: str | None, undone: vocab.Activity | None) -> Outcome:
    found = await node.store.read(_chosen, uri, arrival, node.clock.now()) if uri else None
    if found is None:
        return ignored(f"{uri} is held here as no answer in a community")
    subject, case = found.subject, found.case
    if not is_in(subject, arrival) or is_astray(subject.community, arrival):
        return refused(f"{uri} is in another community than the one that says so")
    if not await _may_choose(node, found, arrival):
        return refused(f"{arrival.by.uri} neither asked nor facilitates where {uri} is")
    made = await answer.choice(node, arrival.by, case, uri=arrival.activity.id, accepts=undone is None)
    passed = passed_on(node, subject, arrival)
    new = await node.store.write(_write, node, arrival, undone, made, passed)
    return DONE if new else ignored("it is so already")


async def _chosen(read: Reader, uri: str, arrival: Arrival, now: datetime) -> Chosen | None:
    subject = await subject_of(read, uri, arrival.by)
    case = await answer.case_of(read, subject.post.id) if subject is not None else None
    if subject is None or case is None:
        return None
    await ensure_not_banned(read, subject, arrival.by, now)
    return Chosen(subject=subject, case=case)


async def _may_choose(node: Node, found: Chosen, arrival: Arrival) -> bool:
    if arrival.by.id in (found.case.asker.id, found.case.community.id):
        return True
    return await may_moderate(node, found.subject, arrival)


async def _write(
    tx: Transaction,
    node: Node,
    arrival: Arrival,
    undone: vocab.Activity | None,
    made: Choice,
    passed: Passed | None,
) -> bool:
    if arrival.proved and not await counted.first(tx, arrival.activity.id, arrival.by.id, made.at):
        return False
    if undone is not None and not arrival.asserted and same_origin(undone.id, arrival.by.uri):
        await counted.spend(tx, undone.id, arrival.by.id, made.at)
    if not await answer.write(tx, node, made):
        return False
    if passed is not None:
        await announce.add(tx, node, passed)
    return True
