"""Conversation."""

import msgspec

from fedcop.mastodon.entities.account import Account, account
from fedcop.mastodon.entities.place import Place
from fedcop.mastodon.entities.status import Status, status
from storage.actors import Actor
from storage.conversations import Conversation as Row
from storage.views import PostView


class Conversation(msgspec.Struct, kw_only=True):
    """A thread of direct statuses with its last one; ``accounts`` are the others in it, never nobody."""

    id: str
    unread: bool
    accounts: list[Account]
    last_status: Status


def conversation(row: Row, last: PostView, people: dict[int, Actor], at: Place) -> Conversation:
    """Give a conversation as the caller has it."""
    there = dict.fromkeys([last.author.id, *(mention.actor_id for mention in last.mentions)])
    others = [people[one] for one in there if one != at.caller.me and one in people]
    shown = others or [people[one] for one in there if one in people]
    return Conversation(
        id=str(row.root_id),
        unread=row.unread,
        accounts=[account(one, at) for one in shown],
        last_status=status(last, at),
    )
