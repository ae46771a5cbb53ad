"""Sends what waits for one host, in order, until the host does not take one.

    settled = await send(node, claimed)

Each request is signed when it goes out, never before: receivers allow an hour between the two at most. A
peer that answers 400 or 401 is asked once more with the other signature scheme, and what it took is kept.
A head that the peer itself refuses again and again, though it is well, is dropped (decision 20).
"""

import logging
import random
from datetime import timedelta
from functools import lru_cache
from typing import assert_never

import msgspec

from activitypub import backoff, sending
from activitypub.discovery import followers_sync
from activitypub.errors import RemoteFault
from activitypub.origin import origin_of
from activitypub.sending import Delivered, Gone, Refused, Retry, Unsigned
from activitypub.sig.accept import Wish
from activitypub.sig.digest import sha256_of
from activitypub.sig.signature import Scheme
from activitypub.wire import Headers, Response
from fedcop.errors import NotFound, NotPermitted, PeerTrouble, Refusal
from fedcop.log import concerning
from fedcop.node import Node
from fedcop.transport import Budget
from fedcop.uris import followers_of, key_of, synchronization_of
from storage import memberships
from storage.deliveries import Body, Claimed, Failure, Head, Settled
from storage.erasures import Dropped
from storage.ids import ActorId, RowId
from storage.visible import SYSTEM

BUDGET = Budget(seconds=20.0, max_bytes=65_536, kind="peer")  # Lemmy works for up to 10 s (federation.md 7.5)
REST = timedelta(minutes=1)  # from a failure to the next try, however much the peer sends meanwhile

log = logging.getLogger("fedcop.delivery")


class NoAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The peer could not be reached, or said nothing in time."""

    text: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a delivery came to; ``by_peer``: the peer itself said that it could not take it now.

    ``wish``: it said how it wants the request to be signed.
    """

    outcome: sending.Outcome | NoAnswer
    by_peer: bool = False
    wish: Wish | None = None


class _Queue:
    """One host's queue while it is being sent."""

    def __init__(self, node: Node, claimed: Claimed) -> None:
        self.node = node
        self.host = claimed.queue.host
        self.heard_at = claimed.queue.heard_at
        self.failures = claimed.queue.failures
        self.bodies = claimed.bodies
        self.known: Scheme = "rfc9421" if claimed.queue.scheme == "rfc9421" else "cavage"
        self.scheme: Scheme = self.known
        self.over: list[Head] = []
        self.gone: dict[str, bool] = {}
        self.dropped: dict[RowId, Dropped] = {}
        self.reached = False

    def count(self, outcome: str) -> None:
        """Count what a delivery came to."""
        self.node.meters.deliveries[outcome] += 1

    def settled(self, failure: Failure | None = None) -> Settled:
        """Give what is to be written."""
        return Settled(
            host=self.host,
            over=self.over,
            reached=self.reached,
            failure=failure,
            scheme=self.scheme if self.scheme != self.known else None,
            gone=self.gone,
            dropped=self.dropped,
        )


async def send(node: Node, claimed: Claimed) -> Settled:
    """Send a host's deliveries in order; stop at the first that it does not take now."""
    queue = _Queue(node, claimed)
    for head in claimed.heads:
        with concerning(activity=claimed.bodies[head.body_id].uri):
            failure = await _send_one(queue, head)
        if failure is not None:
            return queue.settled(failure)
        queue.over.append(head)
    return queue.settled()


def put_off(node: Node, claimed: Claimed, text: str) -> Settled:
    """Leave a queue as it is for a while, for a reason of ours."""
    queue = _Queue(node, claimed)
    return queue.settled(_failure(queue, claimed.heads[0], Retry(text=text), by_peer=False))


async def _send_one(queue: _Queue, head: Head) -> Failure | None:
    """Send one delivery; None when it is over, whether it was taken or dropped."""
    body = queue.bodies[head.body_id]
    if reason := await _over(queue, head, body):
        _drop(queue, head, reason, refused=False)
        return None
    answer = await _knock(queue, head, body)
    match answer.outcome:
        case Delivered():
            queue.count("taken")
            queue.reached = True
            return None
        case Refused(text=text) | Gone(text=text) as refused:
            if isinstance(refused, Gone):
                queue.gone[head.inbox] = refused.for_good
            queue.reached = True
            _drop(queue, head, text)
            return None
        case Retry(text=text) as retry:
            if answer.by_peer and await _is_poison(queue, head):
                _drop(queue, head, f"answered {head.refusals + 1} times, at last with {text}")
                return None
            return _failure(queue, head, retry, by_peer=answer.by_peer)
        case NoAnswer(text=text):
            return _failure(queue, head, Retry(text=text), by_peer=False)
    assert_never(answer.outcome)


async def _over(queue: _Queue, head: Head, body: Body) -> str | None:
    """Say why a delivery is not sent any more; None if it is to be."""
    if body.private and await queue.node.store.read(memberships.was_left, body.sender_id, queue.host):
        return "nobody there is a member any more"
    if backoff.expired(head.queued_at, queue.node.clock.now()):
        return f"not taken since {head.queued_at:%Y-%m-%d}"
    return None


async def _knock(queue: _Queue, head: Head, body: Body) -> Answer:
    """Send a delivery, and once more with the other scheme if its signature may be why it was not taken.

    A peer that says by ``Accept-Signature`` what it wants gets that.
    """
    more = await _synchronization(queue, body) if body.private else ()
    answer = await _post(queue, head, body, queue.scheme, more)
    if not (isinstance(answer.outcome, Retry | Refused) and answer.outcome.other_scheme):
        return answer
    other: Scheme = "cavage" if queue.scheme == "rfc9421" and answer.wish is None else "rfc9421"
    again = await _post(queue, head, body, other, more, answer.wish)
    if answer.wish is None and again.wish is not None:
        other = "rfc9421"
        again = await _post(queue, head, body, other, more, again.wish)
    if isinstance(again.outcome, Delivered):
        queue.scheme = other
        return again
    return answer


async def _synchronization(queue: _Queue, body: Body) -> Headers:
    """Say who of the host follows the sender, as it stands when the request goes out (FEP-8fcf)."""
    uris = await queue.node.store.read(memberships.uris_at, SYSTEM, body.sender_id, queue.host)
    stated = followers_sync.Synchronization(
        collection=followers_of(body.sender_uri),
        url=synchronization_of(body.sender_uri),
        digest=followers_sync.digest_of(uris),
    )
    return ((followers_sync.HEADER, stated.header),)


async def _post(
    queue: _Queue, head: Head, body: Body, scheme: Scheme, more: Headers, wish: Wish | None = None
) -> Answer:
    node, key_id = queue.node, key_of(body.sender_uri)
    try:
        unsigned = sending.post(
            body.body,
            inbox=head.inbox,
            key_id=key_id,
            now=node.clock.now(),
            user_agent=node.user_agent,
            scheme=scheme,
            digest=_digest_of(body.body),
            more=more,
            wish=wish,
        )
    except RemoteFault as error:
        return Answer(outcome=Refused(text=f"{head.inbox}: {error}"))
    try:
        response = await _exchange(node, unsigned, body.sender_id)
    except (PeerTrouble, TimeoutError) as error:
        return Answer(outcome=NoAnswer(text=str(error) or "no answer in time"))
    except NotPermitted as error:
        # The host has left the list meanwhile, or this is an address that is never dialled.
        outcome = Refused(text=error.text) if node.allows(queue.host) else NoAnswer(text=error.text)
        return Answer(outcome=outcome)
    except NotFound as error:
        return Answer(outcome=Refused(text=error.text))
    return Answer(
        outcome=sending.outcome(response),
        by_peer=response.status == 401 or response.status >= 500,
        wish=sending.wish_of(response, unsigned.request, key_id=key_id),
    )


@lru_cache(maxsize=256)
def _digest_of(body: bytes) -> str:
    """Give what a body's bytes come to: the same for every host that gets it."""
    return sha256_of(body)


async def _exchange(node: Node, unsigned: Unsigned, sender_id: ActorId) -> Response:
    signature = await node.signing.sign(sender_id, unsigned.base)
    return await node.transport.exchange(unsigned.signed(signature), BUDGET)


async def _is_poison(queue: _Queue, head: Head) -> bool:
    """Tell whether a well peer will never take this one (decision 20): then only does it make way."""
    now = queue.node.clock.now()
    since = head.first_refused_at or now
    if not backoff.head_is_poison(head.refusals + 1, since, now):
        return False
    return (queue.heard_at is not None and queue.heard_at >= since) or await _answers(queue.node, head.inbox)


async def _answers(node: Node, inbox: str) -> bool:
    """Tell whether a peer answers a signed GET."""
    unsigned = sending.get(
        f"{origin_of(inbox)}/.well-known/nodeinfo",
        key_id=key_of(node.uris.actor),
        now=node.clock.now(),
        user_agent=node.user_agent,
        accept="application/json",
    )
    try:
        response = await _exchange(node, unsigned, node.actor_id)
    except (Refusal, TimeoutError):
        return False
    return response.status == 200


def _failure(queue: _Queue, head: Head, retry: Retry, *, by_peer: bool) -> Failure:
    queue.count("put off")
    now = queue.node.clock.now()
    failures = 1 if queue.reached else queue.failures + 1
    wait = backoff.next_try(failures, jitter=random.random())  # noqa: S311 - spreads load, hides nothing
    return Failure(
        id=head.id,
        answer=retry.text,
        refused=by_peer,
        # Added to the wait that the peer asks for: who always asks for the same is tried less and less too.
        due_at=now + (retry.after or timedelta()) + wait,
        rest_until=now + (retry.after or REST),
    )


def _drop(queue: _Queue, head: Head, why: str, *, refused: bool = True) -> None:
    queue.count("dropped")
    queue.dropped[head.id] = Dropped(answer=why, refused=refused)
    log.warning("a delivery was dropped", extra={"inbox": head.inbox, "answer": why})
