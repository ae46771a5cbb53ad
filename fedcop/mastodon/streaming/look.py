"""What one reader is shown of one change: asked in one snapshot, with the reader's token."""

from datetime import datetime

import msgspec

from fedcop.actions.authorize import covers
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.methods import conversations, notifications
from fedcop.mastodon.methods.conversations import Held
from fedcop.mastodon.methods.notifications import Told
from fedcop.mastodon.streaming.streams import HASHTAGS, Stream
from fedcop.uris import row_id_in
from storage import lists, posts, views
from storage import streams as shown
from storage.engine import Change, Reader
from storage.ids import EntryId, PostId
from storage.views import PostView


class Seen(msgspec.Struct, frozen=True):
    """A change as a reader sees it: what it is of, and in which of their streams it belongs."""

    streams: tuple[Stream, ...]
    view: PostView | None = None
    told: Told | None = None
    held: Held | None = None


async def look(
    read: Reader, caller: Caller, streams: frozenset[Stream], change: Change, now: datetime
) -> Seen | None:
    """Give a change as the caller sees it; None if it is not theirs to see."""
    if change.kind == "removal":
        return Seen(tuple(stream for stream in streams if _may_have_held(stream, change)))
    if change.kind == "notification":
        return await _notified(read, caller, streams, change)
    if change.kind == "conversation":
        return await _continued(read, caller, streams, change)
    found = await views.views(read, caller.viewer, [change.id])
    if not found:
        return None
    view = found[0]
    wanted = [stream for stream in streams if await _holds(read, caller, stream, view, change, now)]
    return Seen(tuple(wanted), view=view) if wanted else None


def _may_have_held(stream: Stream, change: Change) -> bool:
    """Tell whether what is removed may have been shown in a stream."""
    # Neither of these two carries posts: Mastodon sends no ``delete`` there.
    if stream.name in ("user:notification", "direct"):
        return False
    return stream.name not in HASHTAGS or stream.of in change.tags


async def _notified(read: Reader, caller: Caller, streams: frozenset[Stream], change: Change) -> Seen | None:
    if caller.bearer is None or not covers(caller.bearer.scopes, "read:notifications"):
        return None
    wanted = tuple(stream for stream in streams if stream.name in ("user", "user:notification"))
    told = await notifications.one(read, caller, change.id) if wanted else None
    return Seen(wanted, told=told) if told is not None and told.complete else None


async def _continued(read: Reader, caller: Caller, streams: frozenset[Stream], change: Change) -> Seen | None:
    wanted = tuple(stream for stream in streams if stream.name == "direct")
    post = await posts.find(read, caller.viewer, PostId(change.id)) if wanted else None
    held = await conversations.one(read, caller, post.root_id) if post is not None else None
    return Seen(wanted, held=held) if held is not None and held.rows else None


async def _holds(
    read: Reader, caller: Caller, stream: Stream, view: PostView, change: Change, now: datetime
) -> bool:
    """Tell whether a stream is one in which a post, or an announce or boost of one, stands."""
    kind, _, part = stream.name.partition(":")
    if kind == "user":
        return part == "" and await _is_at_home(read, caller, change, now)
    if kind == "list":
        return await _is_on_list(read, caller, stream.of, change, now)
    if view.wrapper is not None or view.post.audience != "public":
        return False
    if kind == "public":
        return _is_of(part, view) and await shown.is_public(read, caller.viewer, view.post.id, now)
    if kind == "hashtag":
        tags = {tag.tag for tag in view.tags}
        return stream.of in tags and _is_of(part, view) and await _is_tagged(read, caller, view, now)
    return False


async def _is_at_home(read: Reader, caller: Caller, change: Change, now: datetime) -> bool:
    if change.kind == "entry":
        return bool(await shown.entries_at_home(read, caller.viewer, [EntryId(change.id)], now))
    return await shown.is_at_home(read, caller.viewer, PostId(change.id), now)


async def _is_on_list(read: Reader, caller: Caller, list_id: str, change: Change, now: datetime) -> bool:
    row_id = row_id_in(list_id)
    held = None if row_id is None else await lists.find(read, caller.me, row_id)
    if held is None:
        return False
    if change.kind == "entry":
        ids = [EntryId(change.id)]
    else:
        ids = await shown.entries_of(read, caller.viewer, PostId(change.id))
    return bool(await lists.standing_in(read, caller.viewer, held, ids, now))


async def _is_tagged(read: Reader, caller: Caller, view: PostView, now: datetime) -> bool:
    return await shown.is_tagged(read, caller.viewer, view.post.id, now)


def _is_of(part: str, view: PostView) -> bool:
    """Tell whether a post is of the part of a public stream: ``local``, ``remote``, with ``media``."""
    wanted = part.split(":") if part else []
    if "media" in wanted and not view.media:
        return False
    return not ("local" in wanted and not view.post.local) and not ("remote" in wanted and view.post.local)
