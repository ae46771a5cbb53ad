"""What is fetched from other nodes: documents, keys, actors, posts, and what software a peer runs.

Each request is signed by the node actor, so that no reader here is known elsewhere, and each host is
looked up in the federation list before anything is asked of it.
"""

from fedcop.fetch.actors import actor, handle, store_actor
from fedcop.fetch.collections import items
from fedcop.fetch.directory import KINDS as DIRECTORIES
from fedcop.fetch.directory import directory, entry, node_actor_uri
from fedcop.fetch.documents import document
from fedcop.fetch.facilitators import facilitates, facilitators
from fedcop.fetch.keys import key
from fedcop.fetch.members import is_member, listed, members
from fedcop.fetch.peers import node_host, peer_kind
from fedcop.fetch.posts import around_of, draft, ensure_admitted, post, quoted
from fedcop.fetch.threads import is_elsewhere, offered, thread

__all__ = [
    "DIRECTORIES",
    "actor",
    "around_of",
    "directory",
    "document",
    "draft",
    "ensure_admitted",
    "entry",
    "facilitates",
    "facilitators",
    "handle",
    "is_elsewhere",
    "is_member",
    "items",
    "key",
    "listed",
    "members",
    "node_actor_uri",
    "node_host",
    "offered",
    "peer_kind",
    "post",
    "quoted",
    "store_actor",
    "thread",
]
