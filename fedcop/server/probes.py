"""By what a supervisor asks whether this process lives, may be sent requests, and how it does.

``/livez`` and ``/readyz`` answer everybody with a status and a word. What ``/readyz`` found is told to
``server.metrics_networks`` alone, like the figures of ``/metrics``, and never to what came through a
proxy: what a proxy says of its clients, others can say too.
"""

import asyncio
import ipaddress
import time
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.server import checks, figures
from fedcop.server.checks import Finding
from storage import changes, depths, migrate
from storage.engine import Transaction
from storage.errors import StorageError

FACT: Final = "probed_at"
LOOK_EVERY: Final = 2.0  # strangers may ask too: a look is for all who ask in this time
TURN_WITHIN: Final = 60.0  # workers take one every second
FORWARDING: Final = frozenset(
    {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}
)
COME_AGAIN: Final = {"retry-after": "2"}


class Probes:
    """The three probes of one node; ``workers``: this process works on the queues too."""

    def __init__(self, node: Node, *, workers: bool) -> None:
        self._node = node
        self._workers = workers
        self._networks = [ipaddress.ip_network(text) for text in node.config.server.metrics_networks]
        self._schema = len(migrate.wanted())
        self._found: list[Finding] = []
        self._since = time.monotonic()
        self._looked_at = self._since - LOOK_EVERY
        self._looking = asyncio.Lock()

    def routes(self) -> list[Route]:
        """Give their addresses."""
        return [
            Route("/livez", self.livez),
            Route("/readyz", self.readyz),
            Route("/metrics", self.metrics),
        ]

    async def livez(self, request: Request) -> Response:
        """Say that the process answers."""
        return PlainTextResponse("ok")

    async def readyz(self, request: Request) -> Response:
        """Say whether requests may be sent here, and to whom it is for, why not."""
        found = await self._look()
        ready = all(finding.result != "fail" for finding in found)
        status, headers = (200, {}) if ready else (503, COME_AGAIN)
        if not self._may_look(request):
            return PlainTextResponse("ok" if ready else "not ready", status, headers)
        lines = [{"check": one.check, "result": one.result, "text": one.text} for one in found]
        return JSONResponse({"ready": ready, "checks": lines}, status, headers)

    async def metrics(self, request: Request) -> Response:
        """Give the figures of this process and its queues, in the words of Prometheus."""
        if not self._may_look(request):
            return PlainTextResponse("for server.metrics_networks only, and not through a proxy", 403)
        text = await figures.text(self._node)
        return PlainTextResponse(text, media_type=figures.MEDIA_TYPE)

    def _may_look(self, request: Request) -> bool:
        if request.client is None or any(name in request.headers for name in FORWARDING):
            return False
        try:
            address = ipaddress.ip_address(request.client.host)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    async def _look(self) -> list[Finding]:
        async with self._looking:
            if time.monotonic() - self._looked_at >= LOOK_EVERY:
                self._found = [*await self._database(), checks.disk(self._node.config), *self._crew()]
                self._looked_at = time.monotonic()
        return self._found

    async def _database(self) -> list[Finding]:
        try:
            schema = await self._node.store.write(_probe, self._node.clock.now().isoformat())
        except StorageError as error:
            return [checks.fail("database", f"takes no writes: {error}")]
        if schema != self._schema:
            text = f"the schema is of version {schema}, {self._schema} wanted: run `fedcop migrate`"
            return [checks.fail("database", text)]
        return [checks.ok("database", f"takes writes, its schema is of version {schema}")]

    def _crew(self) -> list[Finding]:
        if not self._workers:
            return []
        # Those that took no turn yet have the time since this process began to answer.
        turns = dict(self._node.meters.turns) or {"all": self._since}
        late = [name for name, at in sorted(turns.items()) if time.monotonic() - at > TURN_WITHIN]
        if late:
            return [checks.fail("workers", f"no turn for over {TURN_WITHIN:.0f} s: {', '.join(late)}")]
        return [checks.ok("workers", "take their turns")]


async def _probe(tx: Transaction, now: str) -> int:
    await changes.set_fact(tx, FACT, now)
    return await depths.schema(tx)
