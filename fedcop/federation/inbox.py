"""The inboxes: a signed activity is stored and answered 202, or refused; nothing else happens in the request.

The order is decision 17 of the design, and each step is cheaper or safer than the next: size, type, JSON
with id, type and actor, a signature at all, the list by the hosts of key and actor (nothing is fetched for
anyone else), Delete of somebody unknown, the key and the signature, and last whether the inbox exists.
An inbox never answers 410: PieFed gives a whole node up for that (federation.md 7.2).
"""

from collections.abc import Callable
from datetime import datetime

from starlette.types import Receive, Scope, Send

from activitypub.errors import RemoteFault, TooLarge, Unsigned
from activitypub.reception import Received, Reception
from activitypub.wire import Request
from fedcop import fetch
from fedcop.errors import NotFound, NotPermitted, PeerTrouble, Refusal
from fedcop.federation.errors import answer_of
from fedcop.node import Node
from storage import actors, deliveries, peers, received
from storage.engine import Reader, Transaction
from storage.errors import Unavailable
from storage.received import NewReceived
from storage.visible import SYSTEM

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

    def __init__(self, node: Node) -> None:
        self.node = node

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        try:
            request = await _request(self.node, scope, receive)
            await take(self.node, request, scope["path"])
        except (RemoteFault, Refusal) as error:
            await answer_of(error)(scope, receive, send)
        except Unavailable as error:
            await answer_of(PeerTrouble(self.node.uris.host, str(error)))(scope, receive, send)
        else:
            for message in ACCEPTED:
                await send(message)


async def take(node: Node, request: Request, path: str) -> None:
    """Store what a peer sent; raise what says why not."""
    now = node.clock.now()
    reception = Reception(request, now=now)
    _ensure_allowed(node, reception)
    if await _is_farewell(node, reception):
        return
    checked = await _checked(node, reception)
    if not await _exists(node, path):
        raise NotFound(f"there is no inbox {path}")
    await _keep(node, checked, reception, now)


def _ensure_allowed(node: Node, reception: Reception) -> None:
    for host in (reception.key_host, reception.actor_host):
        if not node.allows(host):
            raise NotPermitted(f"{host} is not on the federation list of this node")


async def _is_farewell(node: Node, reception: Reception) -> bool:
    """Tell whether somebody never met here deletes themself: nothing to do, and no key left to fetch."""
