"""Accept a reply as an answer to what its thread asks, and take that back.

    await answer.accept(node, ada, answer_id)         who asked, or a facilitator of the community
    await answer.take_back(node, ada, answer_id)
    choice = await answer.of_reply(node, ada, text, parent)      "accept" or "solved", written as a reply

Rules that hold in this file
  1. Who asked, and the facilitators of the community, accept; one answer or several.
  2. It federates as PieFed's ChooseAnswer, and its Undo. A facilitator's, in a community elsewhere, is only
     said to that community, which decides (decision 10 of the design).
  3. The post of somebody here who asked says that it is resolved, by an Update to whoever holds it; where the
     node of who asked does not know of asks, their community says so in one Note.
  4. Whose answer was accepted is told; 30 days later who asked here is asked once whether it helped.
"""

from datetime import datetime, timedelta

import msgspec

from fedcop.actions import notify, tell
from fedcop.actions.decision import new_uri
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.as2 import posts as as2_posts
from fedcop.content import accepting
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.node import Node
from fedcop.policy import membership, posting
from storage import actors, answers, communities, peers, posts, views, visible
from storage.actors import Actor
from storage.answers import Accepted
from storage.asks import NewAsk
from storage.engine import Reader, Transaction
from storage.ids import PostId
from storage.notifications import NewNotification
from storage.posts import Post
from storage.views import PostView

ASK_AGAIN_AFTER = timedelta(days=30)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A reply in a thread of a community, and who may have a say about it.

    ``shows``: the node of who asked shows by itself what became of the ask.
    """

    answer: Post
    author: Actor
    thread: PostView
    asker: Actor
    community: Actor
    shows: bool
    accepted: Accepted | None


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """An answer about to be accepted, or no longer.

    ``elsewhere``: it is only said to the community, which decides. ``shown_at``: from when the post of an
    asker here reads otherwise.
    """

    case: Case
    by: Actor
    uri: str | None
    accepts: bool
    elsewhere: bool
    told: tuple[Told, ...]
    notices: tuple[NewNotification, ...]
    at: datetime
    shown_at: datetime


async def accept(node: Node, by: Actor, answer_id: PostId) -> None:
    """Accept a reply as an answer; a second time changes nothing."""
    case = await node.store.read(_allowed, by, answer_id, node.clock.now())
    if case.accepted is None:
        await node.store.write(decide, node, await _said(node, by, case, accepts=True))


async def take_back(node: Node, by: Actor, answer_id: PostId) -> None:
    """Accept an answer no longer."""
    case = await node.store.read(_allowed, by, answer_id, node.clock.now())
    if case.accepted is not None:
        await node.store.write(decide, node, await _said(node, by, case, accepts=False))


async def of_reply(node: Node, by: Actor, text: str, parent: Post | None) -> Choice | None:
    """Give the choice that a reply makes by its first word, if who writes it may; else it is only a reply.

    Of somebody whose node knows of asks only that node makes one; for any other the community speaks.
    """
    if parent is None or parent.parent_id is None or not accepting.accepts(text):
        return None
    case = await node.store.read(case_of, parent.id)
    if case is None or case.accepted is not None or not await node.store.read(may_choose, by, case):
        return None
    if by.local:
        return await _said(node, by, case, accepts=True)
    peer = await node.store.read(peers.find, by.host)
    if not case.community.local or (peer is not None and peer.software == "fedcop"):
        return None
    return await _said(node, case.community, case, accepts=True)


async def case_of(read: Reader, answer_id: PostId) -> Case | None:
    """Give a reply of a thread that may be accepted; None for what is none, or stands in no community."""
    answer = await posts.find(read, visible.SYSTEM, answer_id)
    if answer is None or answer.removed_at is not None or answer.parent_id is None:
        return None
    thread = await views.post_view(read, visible.SYSTEM, PostId(answer.root_id))
    if thread is None or thread.post.community_id is None or answer.audience in ("direct", "followers"):
        return None
    people = [answer.author_id, thread.post.author_id, thread.post.community_id]
    author, asker, community = [await actors.find(read, visible.SYSTEM, one) for one in people]
    if author is None or asker is None or community is None or author.type == "Group":
        return None
    peer = None if asker.local else await peers.find(read, asker.host)
    return Case(
        answer=answer,
        author=author,
        thread=thread,
        asker=asker,
        community=community,
        shows=asker.local or (peer is not None and peer.software == "fedcop"),
        accepted=await answers.find(read, visible.SYSTEM, answer_id),
    )


async def may_choose(read: Reader, by: Actor, case: Case) -> bool:
    """Tell whether somebody here, or of a community here, may accept answers in a thread."""
    if by.id in (case.asker.id, case.community.id):
        return True
    return await communities.is_facilitator(read, case.community.id, by.id)


async def _allowed(read: Reader, by: Actor, answer_id: PostId, now: datetime) -> Case:
    if await posts.find(read, visible.person(by.id), answer_id) is None:
        raise NotFound("there is no such answer")
    case = await case_of(read, answer_id)
    if case is None:
        raise Invalid("only a reply in a thread of a community can be accepted as an answer")
    await _ensure_may(read, by, case, now)
    return case


async def _ensure_may(read: Reader, by: Actor, case: Case, now: datetime) -> None:
    if not await may_choose(read, by, case):
        raise NotPermitted("only who asked, or a facilitator, may accept an answer")
    standing = await membership.standing_of(read, case.community, by.id, now)
    posting.ensure_not_banned(standing, case.community.handle)


async def _said(node: Node, by: Actor, case: Case, *, accepts: bool) -> Choice:
    """Make all that goes out for a choice by somebody here."""
    held = case.accepted
    chosen = held.uri if held is not None and held.by_actor == by.id and held.uri else new_uri(node)
    document = activities.choice_of(chosen, by.uri, case.answer.uri, community=case.community.uri)
    if not accepts:
        document = activities.undo_of(new_uri(node), document)
    told = await tell.prepare(
        node,
        by,
        document,
        post_id=case.answer.id,
        object_uri=case.answer.uri,
        community=case.community,
        people=[case.author],
    )
    return await choice(node, by, case, uri=chosen, accepts=accepts, said=told)


async def choice(
    node: Node, by: Actor, case: Case, *, uri: str | None, accepts: bool, said: Told | None = None
) -> Choice:
    """Make a choice ready: what ``said`` it, what the post of an asker here says from now on, who is told."""
    now, post = node.clock.now(), case.thread.post
    elsewhere = said is not None and by.id != case.asker.id and not case.community.local
    # Whole seconds are compared on the wire, so an edit within the second of its post would be lost there.
    shown_at = max(now, (post.edited_at or post.published_at) + as2_posts.SECOND)
    told = [said] if said is not None else []
    if case.asker.local and not elsewhere:
        told.append(await _shown(node, case, shown_at, accepts=accepts))
    notices = notify.prepare(node, "update", notify.here([case.author]), by=by.id, post_id=post.id)
    return Choice(
        case=case,
        by=by,
        uri=uri,
        accepts=accepts,
        elsewhere=elsewhere,
        told=tuple(told),
        notices=tuple(notices) if accepts else (),
        at=now,
        shown_at=shown_at,
    )


async def _shown(node: Node, case: Case, at: datetime, *, accepts: bool) -> Told:
    """Make the Update by which a post of somebody here says that it is resolved, or no longer."""
    thread, answer = case.thread, case.answer
    resolved = await node.store.read(_first_of, thread.post.id, answer.id)
    if resolved is None and accepts:
        resolved = answer.url
    outgoing = msgspec.structs.replace(
        as2_posts.outgoing_of(thread, node.uris), ask=thread.ask or NewAsk(), resolved=resolved, edited_at=at
    )
    return await tell.prepare(
        node,
        case.asker,
        activities.update_of(new_uri(node), as2_posts.post_of(outgoing, node.uris, now=at)),
        post_id=thread.post.id,
        object_uri=thread.post.uri,
        audience=thread.post.audience,
        community=case.community,
        holders_of=thread.post.uri,
        copy_of=thread.post.uri,
    )


async def _first_of(read: Reader, ask_id: PostId, but: PostId) -> str | None:
    """Give the address of the first accepted answer to an ask, but for one."""
    others = [one for one in await answers.of_ask(read, visible.SYSTEM, ask_id) if one.post_id != but]
    found = await posts.find(read, visible.SYSTEM, others[0].post_id) if others else None
    return found.url if found is not None else None


async def decide(tx: Transaction, node: Node, made: Choice) -> bool:
    """Write the choice of somebody here, if they still may."""
    await _ensure_may(tx, made.by, made.case, made.at)
    return await write(tx, node, made)


async def write(tx: Transaction, node: Node, made: Choice) -> bool:
    """Accept, or accept no longer, and tell; False, and nothing changes, if it is so already."""
    if not made.elsewhere and not await _change(tx, made):
        return False
    for told in made.told:
        await tell.add(tx, node, told)
    if not made.elsewhere:
        await notify.add(tx, made.notices)
    return True


async def _change(tx: Transaction, made: Choice) -> bool:
    case = made.case
    if made.accepts:
        new = await answers.accept(
            tx,
            case.answer.id,
            by=made.by.id,
            uri=made.uri,
            now=made.at,
            say=case.community.local and not case.shows,
            again_at=made.at + ASK_AGAIN_AFTER if case.asker.local else None,
        )
    else:
        new = await answers.unaccept(tx, case.answer.id)
    if new and case.asker.local:
        await answers.touch(tx, case.thread.post.id, made.shown_at)
    return new
