"""Answers a direct note to ``@ask`` with the best people, communities and posts for what it looks for.

    await question.answer(node, post_id)       a worker's turn: at most one answer to a note

People of this node only are answered, by what they themselves may see; of the rest the answer gives a count.
The note stays with its author: it is direct, nobody else reads it, and nobody elsewhere is sent it.
"""

from typing import Final
from urllib.parse import quote

import msgspec

from fedcop.actions import post
from fedcop.actions.draft import Draft
from fedcop.actions.setup import ASK
from fedcop.knowledge import one_box, recommendation
from fedcop.knowledge.one_box import Page
from fedcop.node import Node
from storage import accounts, actors, posts, questions, search_words, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.ids import PostId

BEST: Final = 3  # of each kind
LONGEST: Final = 500  # characters of the words, in the address of the page with all of it


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    words: str
    by: Actor
    ask: Actor
    language: str


async def answer(node: Node, post_id: PostId) -> None:
    """Answer a note, unless it was removed, whoever wrote it is gone, or somebody answers it."""
    asked = await node.store.read(_asked, post_id, node.uris.domain)
    if asked is None:
        await node.store.write(questions.settle, post_id)
        return
    viewer, now, home = visible.person(asked.by.id), node.clock.now(), node.uris.domain
    # Whoever asks knows what they wrote, the question above all.
    page = Page(limit=BEST, without=(asked.by.id, asked.ask.id))
    results = await node.store.scan(one_box.look, viewer, asked.words, now, page, home=home, need=True)
    base = node.uris.base_url
    text = recommendation.text_of(
        results, asked.language, page=f"{base}/search?q={quote(asked.words[:LONGEST])}", base=base
    )
    draft = Draft(
        text=f"@{asked.by.handle} {text}",
        audience="direct",
        in_reply_to=post_id,
        language=asked.language,
    )
    # Off the list first: one answer too few is asked for again, one too many tells nothing.
    if await node.store.write(questions.settle, post_id):
        await post.publish(node, asked.ask, draft)


async def _asked(read: Reader, post_id: PostId, home: str) -> _Asked | None:
    note = await posts.find(read, visible.SYSTEM, post_id)
    if note is None or note.removed_at is not None:
        return None
    by = await actors.find(read, visible.SYSTEM, note.author_id)
    ask = await actors.find_by_handle(read, visible.SYSTEM, ASK, home)
    account = await accounts.find(read, note.author_id)
    if by is None or ask is None or account is None or by.state != "active":
        return None
    words = search_words.text_of(f"{note.summary} {note.content}").split()
    said = " ".join(word for word in words if word not in (ASK, *home.split(".")))
    return _Asked(words=said, by=by, ask=ask, language=account.locale)
