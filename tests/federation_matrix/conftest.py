"""Kent hosts makers and is a guest of planning on the lemmy server; surrey is like Mastodon."""

from tests.fedcop.receive.conftest import scene

__all__ = ["scene"]
