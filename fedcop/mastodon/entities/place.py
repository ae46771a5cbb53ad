"""Where entities are shown: the addresses that a client dials, and who looks."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from starlette.requests import Request

from fedcop.mastodon import answer
from fedcop.mastodon.auth import Caller
from fedcop.node import Node
from fedcop.policy.pictures import Pictures
from fedcop.uris import Uris


class Place(msgspec.Struct, frozen=True):
    """What an entity needs beside its row: ids come from ``uris``, addresses of files from ``pictures``."""

    uris: Uris
    pictures: Pictures
    caller: Caller
    now: datetime
    accounts: dict[int, Any] = {}  # those that this answer has shown: a page has few people and many posts

    def missing(self, pictures: Literal["avatars", "headers"]) -> str:
        """Give what stands for a picture that nobody chose: Phanpy hides what is called so."""
        return f"{self.pictures.origin}/{pictures}/original/missing.png"


def place(request: Request, caller: Caller) -> Place:
    """Give the place of the answer to a request."""
    return place_at(request.app.state.node, answer.origin(request), caller)


def place_at(node: Node, origin: str, caller: Caller) -> Place:
    """Give the place of what a client is shown that dials ``origin``."""
    now = node.clock.now()
    pictures = Pictures(origin=origin, reader=caller.me, key=node.signing.address_key, now=now)
    return Place(node.uris, pictures, caller, now)
