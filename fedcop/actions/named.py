"""Whom a text names: looked up, and whether they can be reached."""

import contextlib
import itertools

from activitypub.errors import RemoteFault
from fedcop import fetch
from fedcop.content.markup import Found
from fedcop.errors import Invalid, Refusal
from fedcop.node import Node
from storage.actors import Actor

MOST_LOOKED_UP = 20

Mentions = dict[tuple[str, str | None], Actor]


async def mentions_of(node: Node, found: Found) -> Mentions:
    """Give the actors that a text names, looked up if need be; who is not found stays plain text."""
    named: Mentions = {}
    for handle, domain in list(dict.fromkeys(found.mentions))[:MOST_LOOKED_UP]:
        # No peer that is down, denied or confused keeps anybody from posting, nor a word that is no domain.
        with contextlib.suppress(Refusal, RemoteFault, ValueError):
            actor = await fetch.handle(node, handle, domain or node.uris.domain)
            if actor is not None and actor.state == "active":
                named[handle, domain] = actor
    return named


def ensure_reachable(node: Node, text: str, found: Found, *, direct: bool) -> None:
    """Refuse a post for somebody of a node that this one does not talk with: it would never arrive.

    Whom a text begins with it is for, and a direct one is for all whom it names; others are only spoken of.
    """
    words = itertools.takewhile(lambda word: word[0] in "@!", text.split())
    leading = len(found.mentions) if direct else sum(1 for _ in words)
    for handle, domain in found.mentions[:leading]:
        if domain is None or domain in (node.uris.domain, node.uris.host):
            continue
        if not node.allows(node.domains.get(domain, domain)):
            raise Invalid(f"@{handle}@{domain} cannot be reached: this node does not talk with {domain}")
