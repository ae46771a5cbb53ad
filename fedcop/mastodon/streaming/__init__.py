"""Streaming: what changes is pushed to whoever is connected, by WebSocket or as server-sent events.

    one change committed -> hub -> crowd -> for each connected reader: look (may they see it, in which of
    their streams) -> frames -> the connection

Whoever reads is asked for again at each change, token and all: a token that was revoked hears nothing more.
"""

from fedcop.mastodon.streaming.door import STREAMING, Streaming

__all__ = ["STREAMING", "Streaming"]
