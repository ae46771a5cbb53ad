"""What somebody here writes under a routed ask: a command of theirs is carried out, the rest is published.

    post_id = await respond.publish(node, author, draft)      in the place of ``post.publish``, at every door

On ``post`` the rest of the text is published as their reply in the thread of the ask, and they are told how
to take it back: ``undo`` deletes it for an hour. Everything else goes to the community that asked, as a
direct note, and is read there (``actions.hear``).
"""

from datetime import timedelta

import msgspec

from fedcop.actions import letter, own_post, post
from fedcop.actions.draft import Draft
from fedcop.content import commands, letters
from fedcop.content.commands import Command
from fedcop.errors import Invalid
from fedcop.node import Node
from storage import actors, availability, posts, routed, visible
from storage.actors import Actor
from storage.availability import Availability
from storage.engine import Reader
from storage.ids import PostId
from storage.posts import Post
from storage.routed import Routed
from storage.visible import SYSTEM

UNDO_WITHIN = timedelta(hours=1)


async def set_availability(node: Node, new: Availability) -> None:
    """Keep what somebody here says of when they may be asked; refused for days that have no order."""
    if new.away_from is not None and new.away_until is None:
        raise Invalid(away_until="can't be blank")
    if new.away_from is not None and new.away_until is not None and new.away_until < new.away_from:
        raise Invalid(away_until="lies before the first day away")
    await node.store.write(availability.put, new)


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    routed: Routed
    note: Post


async def publish(node: Node, author: Actor, draft: Draft) -> PostId:
    """Publish what somebody wrote; what answers a routed ask privately may be a command of theirs."""
    asked = None
    if draft.audience == "direct" and draft.in_reply_to is not None:
        asked = await node.store.read(_asked, author, draft.in_reply_to)
    command = commands.read(draft.text) if asked is not None else None
    if asked is None or command is None:
        return await post.publish(node, author, draft)
    if command.verb == "post":
        return await _publish_reply(node, author, asked, draft, command)
    if command.verb == "stop":
        await node.store.write(availability.stop, author.id, node.clock.now())
    elif command.verb == "undo":
        await _undo(node, author, asked, command)
    return await post.publish(node, author, draft)


async def _asked(read: Reader, author: Actor, answered: PostId) -> _Asked | None:
    """Give the routed ask in whose thread somebody answers, if it was to them."""
    parent = await posts.find(read, visible.person(author.id), answered)
    held = await routed.by_note(read, author.id, parent.root_id) if parent is not None else None
    note = await posts.find(read, visible.person(author.id), held.note_id) if held is not None else None
    return _Asked(routed=held, note=note) if held is not None and note is not None else None


async def _publish_reply(node: Node, author: Actor, asked: _Asked, draft: Draft, command: Command) -> PostId:
    if not command.rest and not draft.media:
        raise Invalid(text="has nothing after the word post that could be published")
    reply_id = await post.publish(
        node,
        author,
        msgspec.structs.replace(
            draft,
            text=command.rest,
            audience="public",  # in a community that only its members read it narrows to them
            in_reply_to=asked.routed.ask_id,
            routed=asked.routed.note_id,
        ),
    )
    if reply_id != asked.routed.reply_id:
        reply = await node.store.read(posts.find, SYSTEM, reply_id)
        await _tell(node, author, asked, "published", command, url=reply.url if reply else "")
    return reply_id


async def _undo(node: Node, author: Actor, asked: _Asked, command: Command) -> None:
    """Take back what was published for somebody within the hour; who stopped asks may be asked again."""
    held, now = asked.routed, node.clock.now()
    if held.reply_id is not None and held.replied_at is not None and now - held.replied_at <= UNDO_WITHIN:
        await own_post.delete(node, author, held.reply_id)
        await node.store.write(routed.set_reply, held.note_id, None, None)
        await _tell(node, author, asked, "undone", command)
    elif not await node.store.write(availability.resume, author.id):
        await _tell(node, author, asked, "too_late", command)


async def _tell(node: Node, author: Actor, asked: _Asked, name: str, command: Command, **given: str) -> None:
    """Write to somebody here as this node, in the thread of the note that asked them."""
    own = await node.store.read(actors.find, SYSTEM, node.actor_id)
    assert own is not None, "a node without its actor does not open"
    text = letters.say(name, command.language, **given)
    await letter.send(
        node,
        await letter.prepare(node, own, [author], text, language=command.language, answers=asked.note),
    )
