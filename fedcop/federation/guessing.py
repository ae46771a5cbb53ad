"""Strangers who try out handles: whoever asks for many that are not here gets no answer for a while.

A network that lists nobody could else be listed by asking for every name (decision 12 of the design).
"""

from datetime import timedelta
from typing import Final

from starlette.requests import Request

from fedcop.caller import network_of
from fedcop.errors import TooMany
from fedcop.node import Node

# No reader and no peer comes near it; a list of names takes hours.
MOST: Final = 60
WITHIN: Final = timedelta(minutes=1)


def ensure_not_guessing(node: Node, request: Request) -> None:
    """Raise ``TooMany`` for an address from which too many were asked for that are not here."""
    seconds = node.memory.misses.wait(_asker(request), most=MOST, within=WITHIN, now=node.clock.now())
    if seconds:
        raise TooMany("too many were asked for that are not here", retry_after=seconds)


def missed(node: Node, request: Request) -> None:
    """Note that somebody was asked for who is not here."""
    node.memory.misses.add(_asker(request), within=WITHIN, now=node.clock.now())


def _asker(request: Request) -> str:
    return network_of(request.client.host if request.client else "")
