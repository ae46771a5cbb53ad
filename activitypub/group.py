"""FEP-1b12: a community passes on what its members do by announcing it.

    wrap(uri, community, followers, create, published=now)     to members: Announce{Create{Page}}
    wrap_for_members(...)                                      the same, addressed to nobody else
    plain(uri, community, followers, page_uri, published=now)  to servers that read only an Announce of a post
    unwrap(announce)                                           received: activities, or only ids to fetch

Rules that hold in this file
  1. The inner bytes are not touched: proofs in them stay valid (FEP-1b12).
  2. Only PASSED_ON is wrapped; never Flag, Follow, Accept, Reject, a poll vote or a direct note.
  3. What is inside is not believed here: ``same_origin`` and ``proof`` say what decision 6 needs to know.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from activitypub.document import Document, Json, id_in
from activitypub.origin import same_origin
from activitypub.shape import PUBLIC
from activitypub.vocab.collections import COLLECTIONS
from activitypub.vocab.write import write

PASSED_ON = frozenset(
    {"Create", "Update", "Delete", "Like", "Dislike", "Undo", "Add", "Remove", "Block", "Lock"}
    | {"ChooseAnswer"}
)

# PieFed batches votes in a list or a collection (FEP-1a11); more than this in one Announce is a flood.
MOST_INSIDE = 100


class Inner(msgspec.Struct, frozen=True, kw_only=True):
    """One thing inside an Announce: its id, and its document if it was embedded.

    ``same_origin``: the announcer may speak for it. ``proof``: it carries one, which has yet to be checked.
    """

    uri: str | None
    document: Document | None
    same_origin: bool
    proof: bool


def wrap(
    announce_id: str, group_uri: str, followers_uri: str, inner_raw: bytes, *, published: datetime
) -> bytes:
    """Give the Announce of an activity, whose bytes stand in it unmodified."""
    readers = {"to": [PUBLIC], "cc": [followers_uri]}
    return _announce(announce_id, group_uri, msgspec.Raw(inner_raw), published, readers)


def wrap_for_members(
    announce_id: str,
    group_uri: str,
    followers_uri: str,
    inner_raw: bytes,
    *,
    published: datetime,
    thread: str | None,
) -> bytes:
    """Give the Announce of an activity in a community that only its members read.

    Never addressed to Public: Lemmy refuses that of a private community (federation.md 1.7). ``thread`` is
    where its members' nodes find the whole of a thread that begins here.
    """
    readers = {"to": [group_uri, followers_uri], "cc": []} | ({"context": thread} if thread else {})
    return _announce(announce_id, group_uri, msgspec.Raw(inner_raw), published, readers)


def plain(
    announce_id: str, group_uri: str, followers_uri: str, object_uri: str, *, published: datetime
) -> bytes:
    """Give the Announce of a post's id, which Mastodon reads as a boost by the community."""
    readers = {"to": [PUBLIC], "cc": [followers_uri]}
    return _announce(announce_id, group_uri, object_uri, published, readers)


def _announce(
    uri: str, group: str, announced: msgspec.Raw | str, published: datetime, readers: Json
) -> bytes:
    at = published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    head: Json = {"id": uri, "type": "Announce", "actor": group, "audience": group}
    return write(head | readers | {"published": at, "object": announced})


def unwrap(announce: Document) -> list[Inner]:
    """Give what an Announce holds: most often one activity, or the id of one post."""
    announcer = id_in(announce.json.get("actor")) or ""
    found: list[Inner] = []
    for item in _items(announce):
        if len(found) == MOST_INSIDE:
            break
        if isinstance(item, str):
            found.append(Inner(uri=item, document=None, same_origin=False, proof=False))
        else:
            found.append(_inner(item, announcer))
    return found


def _items(announce: Document) -> Iterator[Document | str]:
    for item in announce.items("object"):
        if isinstance(item, Document) and item.type in COLLECTIONS:
            yield from item.items("orderedItems" if "orderedItems" in item.json else "items")
        else:
            yield item


def _inner(document: Document, announcer: str) -> Inner:
    # The id is what is believed, and who acts must belong to it: a Create on the announcer's host by somebody
    # of another host is no word of that host.
    speaks_for = (document.id, id_in(document.json.get("actor")))
    return Inner(
        uri=document.id,
        document=document,
        same_origin=all(uri is not None and same_origin(uri, announcer) for uri in speaks_for),
        proof="proof" in document.json,
    )
