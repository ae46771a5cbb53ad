"""What follows an accepted answer by itself: the community says so, and who asked is asked whether it helped.

    await follow_up.say_resolved(node, ask_id)       one Note, where the node of who asked shows nothing
    await follow_up.ask_again(node, ask_id)          30 days later, once, to people here only
    await follow_up.helped(node, ada, ask_id, "partly", "The fee is new.")

Both are due rows, done by a worker. Done twice, each gives the same post.
"""

from typing import Final

import msgspec

from fedcop.actions import post
from fedcop.actions.post import Draft
from fedcop.actions.replied import LONGEST
from fedcop.actions.setup import ASK
from fedcop.as2 import asks as as2_asks
from fedcop.content import helped as words
from fedcop.errors import Invalid, NotFound, Refusal
from fedcop.node import Node
from storage import actors, answers, asks, posts, visible
from storage.actors import Actor
from storage.asks import Ask
from storage.engine import Reader, Transaction
from storage.ids import PostId
from storage.posts import Post

_AGAIN: Final = {
    "en": (
        "30 days ago you accepted an answer to “{title}”: {url}\n\nDid it help? Reply yes, partly or no, "
        "with a line about what came of it if you like. Reply stop, and you are not asked such a thing again."
    ),
    "cy": (
        "30 diwrnod yn ôl, derbynioch ateb i “{title}”: {url}\n\nA oedd o gymorth? Atebwch ie, rhannol neu "
        "na, gyda llinell am yr hyn a ddaeth ohono os hoffech. Atebwch stopio, ac ni ofynnir hyn i chi eto."
    ),
}


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    ask: Ask
    thread: Post
    asker: Actor
    community: Actor


async def say_resolved(node: Node, ask_id: PostId) -> None:
    """Let a community of ours say in a thread that it is resolved, with a link to the answer."""
    case, by = await node.store.read(_case, ask_id), None
    if case is not None and case.ask.accepted_url is not None:
        line = as2_asks.line_of(case.ask, case.ask.accepted_url, case.thread.language)
        draft = Draft(
            text=line,
            in_reply_to=ask_id,
            language=case.thread.language,
            idempotency=(0, f"resolved {ask_id}"),
        )
        by = await _published(node, case.community, draft)
    await node.store.write(answers.said, ask_id, by)


async def ask_again(node: Node, ask_id: PostId) -> None:
    """Ask somebody here who accepted an answer whether it helped."""
    case, by = await node.store.read(_case, ask_id), None
    sender = await node.store.read(actors.find_by_handle, visible.SYSTEM, ASK, node.config.node.domain)
    if case is not None and sender is not None and case.asker.state == "active":
        language = case.thread.language if case.thread.language in _AGAIN else "en"
        text = _AGAIN[language].format(title=case.thread.title, url=case.thread.url)
        draft = Draft(
            text=f"@{case.asker.handle} {text}",
            audience="direct",
            language=language,
            idempotency=(0, f"did it help {ask_id}"),
        )
        by = await _published(node, sender, draft)
    await node.store.write(answers.asked_again, ask_id, by, node.clock.now())


async def _published(node: Node, author: Actor, draft: Draft) -> PostId | None:
    """Publish it, if that may be: a thread that was locked or left meanwhile needs no more words."""
    try:
        return await post.publish(node, author, draft)
    except Refusal:
        return None


async def helped(node: Node, asker: Actor, ask_id: PostId, said: str, how: str) -> None:
    """Keep what an asker says, who was asked whether it helped: yes, partly, no, or stop."""
    if said not in words.WORDS.values():
        raise Invalid(helped=f"found {said!r}, wanted one of yes, partly, no, stop")
    if len(how) > LONGEST:
        raise Invalid(how=f"is longer than {LONGEST} characters")
    if not await node.store.write(_keep, ask_id, asker, said, how.strip()):
        raise NotFound("you were not asked whether this helped")


async def _keep(tx: Transaction, ask_id: PostId, asker: Actor, said: str, how: str) -> bool:
    return await answers.helped(tx, ask_id, asker.id, said, how)


async def _case(read: Reader, ask_id: PostId) -> _Case | None:
    ask, thread = (
        await asks.find(read, visible.SYSTEM, ask_id),
        await posts.find(read, visible.SYSTEM, ask_id),
    )
    if ask is None or thread is None:
        return None
    asker = await actors.find(read, visible.SYSTEM, ask.asker_id)
    community = await actors.find(read, visible.SYSTEM, ask.community_id)
    if asker is None or community is None:
        return None
    return _Case(ask=ask, thread=thread, asker=asker, community=community)
