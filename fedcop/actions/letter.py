"""A direct note that a community, or this node itself, writes to people.

    sent = await letter.prepare(node, community, [nia], text, language="cy", refers=ask.uri)      on the loop
    await letter.add(tx, node, sent)                                                      in the transaction

It mentions those whom it is for and nobody else, whatever names stand in its text or in what it quotes.
"""

from collections.abc import Sequence

import msgspec

from fedcop.actions import draft as drafts
from fedcop.actions import notify, tell
from fedcop.actions.draft import Draft, Gathered, Place
from fedcop.actions.named import Mentions
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.as2 import posts as as2_posts
from fedcop.node import Node
from storage import posts
from storage.actors import Actor
from storage.engine import Transaction
from storage.ids import PostId
from storage.notifications import NewNotification
from storage.posts import NewPost, Post


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A direct note ready to be stored and sent."""

    new: NewPost
    told: Told
    notices: list[NewNotification]


async def prepare(
    node: Node,
    sender: Actor,
    people: Sequence[Actor],
    text: str,
    *,
    language: str,
    refers: str = "",
    quoted: str = "",
    answers: Post | None = None,
) -> Letter:
    """Write a note: ``quoted`` is clean HTML that follows the text, ``refers`` the id of the ask of a routed
    one, ``answers`` the direct post that it continues."""
    now = node.clock.now()
    named: Mentions = {(one.handle, one.domain): one for one in people}
    begins = " ".join(f"@{handle}@{domain}" for handle, domain in named)
    written = drafts.compose(
        node,
        sender,
        Draft(text=f"{begins} {text}", audience="direct", language=language),
        Gathered(place=Place(parent=answers, answered=None, community=None, audience="direct"), named=named),
        post_id=PostId(node.ids.next(now)),
        at=now,
    )
    content = written.new.content + (f"<blockquote>{quoted}</blockquote>" if quoted else "")
    new = msgspec.structs.replace(written.new, content=content)
    outgoing = msgspec.structs.replace(written.outgoing, content=content, refers=refers)
    document = as2_posts.post_of(outgoing, node.uris, now=now)
    told = await tell.prepare(
        node,
        sender,
        activities.create_of(node.uris.activity(node.ids.next(now)), document),
        post_id=new.id,
        object_uri=new.uri,
        audience="direct",
        people=written.people,
        copy_of=new.uri,
    )
    notices = notify.prepare(node, "mention", notify.here(written.people), by=sender.id, post_id=new.id)
    return Letter(new=new, told=told, notices=notices)


async def add(tx: Transaction, node: Node, sent: Letter) -> None:
    """Store a note, tell of it and queue it."""
    await posts.add(tx, sent.new)
    await tell.add(tx, node, sent.told)
    await notify.add(tx, sent.notices)


async def send(node: Node, sent: Letter) -> None:
    """Store and queue a note by itself."""
    await node.store.write(add, node, sent)
