"""Serves one node: one process, its lock on the database, a clean end."""

import asyncio
import contextlib
import errno
import gc
import logging
import signal
import socket
from collections.abc import Iterator

import uvicorn

from fedcop.actions import allowlist, oversight
from fedcop.config import Config
from fedcop.errors import ConfigFault
from fedcop.node import Node, open_node
from fedcop.server.app import build
from storage import lock
from storage.errors import Unavailable

# Together with the 4 s that workers have for what is in hand, and the closing of the store: 10 s in all.
FINISH_WITHIN = 3
ENDS = (signal.SIGTERM, signal.SIGINT)

# What clients say in a WebSocket is which streams they want.
WISH_BYTES = 4096

# New objects after which dead ones that point at each other are looked for, and how often the older ones are
# looked through too. Python's own 700 are what one request makes: a tenth of its time went there.
GARBAGE_AFTER = (10_000, 20, 20)

log = logging.getLogger("fedcop")


def serve(config: Config, *, host: str, port: int, workers: bool) -> None:
    """Serve until SIGTERM or SIGINT; what is in hand is finished, or given up, within 10 s.

    Raises ``ConfigFault`` when the port or the database cannot be had.
    """
    listener = _listen(host, port)
    with listener, lock.serving(config.database.url):
        uvicorn_config = uvicorn.Config(
            _unbuilt,
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            ws_max_size=WISH_BYTES,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=True,
            forwarded_allow_ips=list(config.server.trusted_proxies),
            timeout_graceful_shutdown=FINISH_WITHIN,
            timeout_keep_alive=75,
        )
        with asyncio.Runner(loop_factory=uvicorn_config.get_loop_factory()) as runner:
            runner.run(_run(config, uvicorn_config, listener, workers=workers))


class _Server(uvicorn.Server):
    """Says when it is ready, and lets the node close: uvicorn's own raises the signal again before that."""

    def __init__(self, config: uvicorn.Config, ready: str) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and log the line that says so."""
        await super().startup(sockets)
        log.info(self._ready)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Heed SIGTERM and SIGINT while requests are served."""
        before = {number: signal.signal(number, self.handle_exit) for number in ENDS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


async def _run(
    config: Config, uvicorn_config: uvicorn.Config, listener: socket.socket, *, workers: bool
) -> None:
    node = await open_node(config)
    try:
        # The file may have changed since the last start: what it no longer allows ends here.
        await allowlist.reconcile(node)
        await oversight.note_configuration(node)
        await _serve(node, uvicorn_config, listener, workers=workers)
    finally:
        await node.close()


async def _serve(
    node: Node, uvicorn_config: uvicorn.Config, listener: socket.socket, *, workers: bool
) -> None:
    app = build(node, workers=workers)
    uvicorn_config.app = app
    _leave_out_what_stays()
    address, port = listener.getsockname()[:2]
    ready = f"ready at {node.config.node.base_url}, listening on {address}:{port}"
    await _Server(uvicorn_config, ready).serve(sockets=[listener])
    if app.state.fault is not None:
        raise Unavailable(f"the node could not go on: {app.state.fault}")


def _leave_out_what_stays() -> None:
    """What was made up to here lives to the end: no search for dead objects goes through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_AFTER)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            wanted = "wanted an address of this machine such as 127.0.0.1"
            raise ConfigFault(f"server.host: found {host!r}, {wanted}") from None
        raise ConfigFault(
            f"server.port: {host}:{port} cannot be used ({error.strerror}); wanted a free port"
        ) from None
    listener.settimeout(0)
    return listener


async def _unbuilt(scope: object, receive: object, send: object) -> None:
    raise RuntimeError("the application is set before the server starts")
