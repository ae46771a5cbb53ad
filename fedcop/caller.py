"""From which address the request came that is being worked on: for the record of decisions."""

from contextvars import ContextVar

# Set by ``fedcop.server.middleware`` for each request; empty for commands and for the node's own work.
address: ContextVar[str] = ContextVar("address", default="")
