"""RSA keys that are ready when an actor is made: real ones, made once for a run and handed out in turn."""

import itertools
from functools import cache

from activitypub.sig import keys
from activitypub.sig.keys import PrivateKey
from fedcop.node import Node
from fedcop.signing import Signing

# More than the actors of any test that compares keys, so that no two of them share one.
MOST = 48

_turns = itertools.count()


@cache
def _key(place: int) -> PrivateKey:
    return keys.generate_rsa()


def next_key() -> PrivateKey:
    """Give the key whose turn it is."""
    return _key(next(_turns) % MOST)


def hand_out(node: Node) -> Node:
    """Let the actors that a node makes from now on get keys that are ready."""
    node.signing.close()
    node.signing = Signing(node.store, node.config.node.key_file, clock=node.clock, make_rsa=next_key)
    return node
