"""The door for other servers: inboxes, actors, posts, collections, and how all are found."""

from fedcop.federation.routes import routes

__all__ = ["routes"]
