"""From which address a request came: for the record of decisions, and to count who asks too often."""

import ipaddress
from contextvars import ContextVar

# Set by ``fedcop.server.middleware`` for each request; empty for commands and for the node's own work.
address: ContextVar[str] = ContextVar("address", default="")


def network_of(address: str) -> str:
    """Give an address as it is counted: of IPv6 the network, in which one machine has as many as it likes."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
