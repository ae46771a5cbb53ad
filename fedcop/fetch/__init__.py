"""What is fetched from other nodes: documents, keys, actors, posts, and what software a peer runs.

Each request is signed by the node actor, so that no reader here is known elsewhere, and each host is
looked up in the federation list before anything is asked of it.
"""

from fedcop.fetch.actors import actor, handle, store_actor
from fedcop.fetch.documents import document
from fedcop.fetch.facilitators import facilitators
from fedcop.fetch.keys import key
from fedcop.fetch.peers import node_host, peer_kind
from fedcop.fetch.posts import around_of, draft, post

__all__ = [
    "actor",
    "around_of",
    "document",
    "draft",
    "facilitators",
    "handle",
    "key",
    "node_host",
    "peer_kind",
    "post",
    "store_actor",
]
