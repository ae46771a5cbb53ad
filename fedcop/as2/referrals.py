"""The mark of a routed ask: a Link among the tags of a community's direct note.

    {"type": "Link", "rel": "urn:x-fedcop:ask", "href": "https://kent.example/posts/7"}

``rel`` is a name that is never fetched, ``href`` the id of the ask. Other software shows an ordinary note.
"""

from typing import Final

from activitypub.document import Json
from activitypub.vocab.objects import Post

REL: Final = "urn:x-fedcop:ask"


def link_of(ask_uri: str) -> Json:
    """Give the tag that says for which ask a note asks."""
    return {"type": "Link", "rel": REL, "href": ask_uri}


def ask_of(note: Post) -> str | None:
    """Give the id of the ask that a note says it is for; None for any other note."""
    return next((tag.href for tag in note.tag if tag.type == "Link" and tag.rel == REL and tag.href), None)
