"""The node's real way out with nothing at its end but this process: every rule of it holds, no socket opens.

Names resolve to made-up public addresses. What would be dialled is judged by the guard of the transport and
recorded once the guard has let it pass; a host that hangs does so in the time of the node's clock.
"""

import asyncio
import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from activitypub.origin import host_of
from activitypub.wire import Request, Response
from fedcop.clock import Clock
from fedcop.config import OutboundSection
from fedcop.errors import PeerTrouble
from fedcop.node import Node
from fedcop.transport import Budget, Transport, may_dial
from tests.reports.peers import Peers

SECOND = timedelta(seconds=1)


@dataclass
class Sent:
    """One request that left the node, and what came back."""

    request: Request
    at: datetime
    status: int | None = None  # none came back
    path: str = field(init=False)
    host: str = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.request.url)
        self.path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.host = (parts.hostname or "").lower()


class Wire(Transport):
    """Sends what the rules let pass to the peers of a case, and keeps all of it."""

    def __init__(self, peers: Peers, clock: Clock) -> None:
        super().__init__(OutboundSection(), allows=self._allows, may_finger=self._may_finger)
        self.node: Node | None = None
        self.peers = peers
        self.clock = clock
        self.sent: list[Sent] = []
        self.under_way = 0
        self.most_at_once: dict[str, int] = {}
        self._open: dict[str, int] = {}
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    @property
    def hung(self) -> int:
        """Give how many requests wait for time to pass."""
        return sum(1 for _, sleeper in self._sleepers if not sleeper.done())

    def wake(self) -> None:
        """Let go of what has waited until now."""
        due = [sleeper for at, sleeper in self._sleepers if at <= self.clock.now()]
        self._sleepers = [(at, sleeper) for at, sleeper in self._sleepers if at > self.clock.now()]
        for sleeper in due:
            if not sleeper.done():
                sleeper.set_result(None)

    def give_up(self) -> None:
        """Let nothing wait any longer: the node ends."""
        for _, sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_exception(TimeoutError())

    def next_wake(self) -> datetime | None:
        """Give when the next of what waits goes on."""
        return min((at for at, sleeper in self._sleepers if not sleeper.done()), default=None)

    async def _once(self, request: Request, budget: Budget) -> Response:
        host = host_of(request.url)
        sent = Sent(request, self.clock.now())
        self._ensure_public(sent.host)
        self.sent.append(sent)
        self._open[host] = self._open.get(host, 0) + 1
        self.most_at_once[host] = max(self.most_at_once.get(host, 0), self._open[host])
        self.under_way += 1
        try:
            return await self._answered(sent, budget)
        finally:
            self.under_way -= 1
            self._open[host] -= 1

    async def _answered(self, sent: Sent, budget: Budget) -> Response:
        peer = self.peers.of(sent.host)
        if peer is None or peer.down:
            raise ConnectionRefusedError(f"{sent.host} cannot be reached")
        reply = peer.reply(sent.request)
        if reply.delay is None:
            await self._sleep(budget.seconds)
            raise TimeoutError
        if reply.delay:
            await self._sleep(min(reply.delay, budget.seconds))
            if reply.delay > budget.seconds:
                raise TimeoutError
        sent.status = reply.status
        if sent.request.method == "GET" and len(reply.body) > budget.max_bytes:
            raise PeerTrouble(sent.host, f"answered with over {budget.max_bytes} bytes")
        headers = tuple((name.lower(), value) for name, value in reply.headers.items())
        return Response(status=reply.status, url=sent.request.url, headers=headers, body=reply.body)

    async def _sleep(self, seconds: float) -> None:
        sleeper = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.clock.now() + seconds * SECOND, sleeper))
        await sleeper

    def _ensure_public(self, host: str) -> None:
        for text in self.peers.addresses_of(host):
            if not may_dial(ipaddress.ip_address(text), ()):
                raise PermissionError(f"{text} belongs to a private network")

    def _allows(self, host: str) -> bool:
        return self.node is not None and self.node.allows(host)

    def _may_finger(self, domain: str) -> bool:
        return self.node is not None and self.node.may_finger(domain)
