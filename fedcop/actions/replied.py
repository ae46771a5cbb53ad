"""What a reply does beside being one: it accepts what it answers, or says whether an answer helped.

done = await replied.prepare(node, author, text, parent)     on the loop; None: it is only a reply
await replied.write(tx, node, done)                          in the transaction that stores it
"""

import msgspec

from fedcop.actions import answer
from fedcop.actions.answer import Choice
from fedcop.content import helped
from fedcop.node import Node
from storage import answers, visible
from storage.actors import Actor
from storage.engine import Transaction
from storage.ids import ActorId, PostId
from storage.posts import Post

LONGEST = 500


class Helped(msgspec.Struct, frozen=True, kw_only=True):
    """What an asker said, who was asked whether it helped; ``helped`` is None if that stays open."""

    ask_id: PostId
    asker_id: ActorId
    helped: str | None
    how: str


async def prepare(node: Node, author: Actor, text: str, parent: Post | None) -> Choice | Helped | None:
    """Give what a reply by somebody does by its first word."""
    if parent is None:
        return None
    if parent.audience != "direct":
        return await answer.of_reply(node, author, text, parent)
    ask_id = await node.store.read(answers.asked_by, visible.person(author.id), parent.id)
    if ask_id is None:
        return None
    said, how = helped.read(text)
    return Helped(ask_id=ask_id, asker_id=author.id, helped=said, how=how[:LONGEST])


async def write(tx: Transaction, node: Node, done: Choice | Helped) -> None:
    """Do it."""
    if isinstance(done, Helped):
        await answers.helped(tx, done.ask_id, done.asker_id, done.helped, done.how)
    else:
        await answer.write(tx, node, done)
