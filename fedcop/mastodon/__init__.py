"""The Mastodon client API: entities out, forms in, every client's spelling of both."""

from fedcop.mastodon.routes import routes

__all__ = ["routes"]
