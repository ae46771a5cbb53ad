"""The inboxes: a signed activity is stored and answered 202, or refused; nothing else happens in the request.

The order is decision 17 of the design, and each step is cheaper or safer than the next: size, type, JSON
with id, type and actor, a signature at all, the list by the hosts of key and actor (nothing is fetched for
anyone else), Delete of somebody unknown, the key and the signature, and last whether the inbox exists.
An inbox never answers 410: PieFed gives a whole node up for that (federation.md 7.2).
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.types import Receive, Scope, Send

from activitypub import document
from activitypub.errors import Malformed, RemoteFault, TooLarge, Unsigned
from activitypub.reception import Received, Reception
from activitypub.vocab import Activity, registry
from activitypub.wire import Headers, Request
from fedcop import fetch
from fedcop.actions import knock
from fedcop.errors import NotFound, NotPermitted, Refusal
from fedcop.federation.errors import answer_of, busy
from fedcop.node import Node
from fedcop.receive import forward
from storage import actors, deliveries, peers, received
from storage.engine import Transaction
from storage.errors import Unavailable
from storage.ids import RowId
from storage.received import NewReceived
from storage.visible import SYSTEM

# Whoever takes longer over a megabyte has no use for the connection but to hold it.
BODY_WITHIN = 30

# That a host lives is noted once for all that it sends within a second: two statements of three less. What
# failed meanwhile rests for longer than that anyway (delivery.send.REST).
HEARD_EVERY = timedelta(seconds=1)

ACCEPTED = (
    {
        "type": "http.response.start",
        "status": 202,
        "headers": [(b"content-type", b"text/plain"), (b"content-length", b"0")],
    },
    {"type": "http.response.body", "body": b""},
)


class Inbox:
    """An ASGI application for every inbox of a node; no framework object is made for what is accepted."""

    def __init__(self, node: Node, *, body_within: float = BODY_WITHIN) -> None:
        self.node = node
        self._body_within = body_within

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        try:
            request = await _request(self.node, scope, receive, self._body_within)
            await take(self.node, request, scope["path"])
        except (RemoteFault, Refusal) as error:
            await answer_of(error)(scope, receive, send)
        except Unavailable:
            await busy(self.node)(scope, receive, send)
        else:
            for message in ACCEPTED:
                await send(message)


async def take(node: Node, request: Request, path: str) -> None:
    """Store what a peer sent; raise what says why not."""
    now = node.clock.now()
    reception = Reception(request, now=now)
    _ensure_allowed(node, reception, request)
    if await _is_farewell(node, reception):
        return
    checked = await _checked(node, reception)
    if not await _exists(node, path):
        raise NotFound(f"there is no inbox {path}")
    await _keep(node, checked, reception.actor_host, now)


def _ensure_allowed(node: Node, reception: Reception, request: Request) -> None:
    if not node.allows(reception.key_host):
        same = reception.actor_host == reception.key_host
        says = reception.head.actor if same else reception.key_id
        agent = request.header("user-agent") or ""
        knock.note(node, reception.key_host, way="inbox", actor=says, user_agent=agent)
    for host in (reception.key_host, reception.actor_host):
        if not node.allows(host):
            raise NotPermitted(f"{host} is not on the federation list of this node")


async def _is_farewell(node: Node, reception: Reception) -> bool:
    """Tell whether somebody never met here deletes something: nothing to do, and maybe no key left."""
    if reception.head.type != "Delete":
        return False
    return await node.store.read(actors.find_by_uri, SYSTEM, reception.head.actor) is None


async def _checked(node: Node, reception: Reception) -> Received:
    """Check the signature; when a key held for a while fails, its owner may have changed it meanwhile."""
    held = await fetch.key(node, reception.key_id)
    forwards = held.owner != reception.head.actor and await _forwards(node, reception, held.owner)
    try:
        return reception.check(held.key, held.owner, forwards=forwards)
    except Unsigned:
        if held.is_new(node.clock.now()):
            raise
        held = await fetch.key(node, reception.key_id, fresh=True)
        return reception.check(held.key, held.owner, forwards=forwards)


async def _forwards(node: Node, reception: Reception, owner: str) -> bool:
    """Tell whether a key's owner may send on what another did; the body was not read in full yet."""
    said = registry.read(document.read(reception.body, limit=len(reception.body)))
    return isinstance(said, Activity) and await node.store.read(forward.may_say, said, owner)


async def _exists(node: Node, path: str) -> bool:
    if path in ("/inbox", "/actor/inbox"):
        return True
    found = await node.store.read(
        actors.find_by_uri, SYSTEM, node.config.node.base_url + path.removesuffix("/inbox")
    )
    return found is not None and found.local and found.state != "deleted"


async def _keep(node: Node, checked: Received, host: str, now: datetime) -> None:
    new = NewReceived(
        uri=forward.row_uri(checked.id, checked.forwarded_by),
        type=checked.type,
        actor_uri=checked.actor,
        host=host,
        key_id=checked.key_id,
        body=checked.body,
        synchronization=checked.synchronization,
    )
    lives = checked.forwarded_by is None
    lives = lives and node.memory.may_try(f"heard {host}", now=now, every=HEARD_EVERY)
    await node.store.write(_store, new, RowId(node.ids.next(now)), node.allows, now, lives=lives)


async def _store(
    tx: Transaction,
    new: NewReceived,
    row_id: RowId,
    allows: Callable[[str], bool],
    now: datetime,
    *,
    lives: bool,
) -> None:
    """Store what came, once for each id; ``lives``: note that its sender does, so that its queue is tried."""
    if not allows(new.host):
        return
    if lives:
        await peers.heard(tx, new.host, now)
        await deliveries.wake(tx, new.host, now)
    await received.put(tx, new, row_id)


async def _request(node: Node, scope: Scope, receive: Receive, within: float) -> Request:
    limit = node.config.limits.inbox_bytes
    try:
        async with asyncio.timeout(within):
            body = await _body(receive, limit)
    except TimeoutError:
        raise Malformed(f"the body did not come within {within:g} s") from None
    return Request(method=scope["method"], url=url_of(node, scope), headers=headers_of(scope), body=body)


def headers_of(scope: Scope) -> Headers:
    """Give the headers of a request as text."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])


def url_of(node: Node, scope: Scope) -> str:
    """Give the public address of a request; its path and query as they stood on the wire."""
    path = scope["raw_path"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return f"{node.config.node.base_url}{path}?{query}" if query else f"{node.config.node.base_url}{path}"


async def _body(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("the connection ended before the body did")
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLarge(f"the body is over {limit} bytes, which is the most that is read")
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)
