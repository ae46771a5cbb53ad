"""The pages for people: server-rendered, without JavaScript, in English and Welsh."""

from fedcop.web.routes import routes

__all__ = ["routes"]
