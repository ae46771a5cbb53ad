"""Report a person or posts to those who can act: here, in the community, and at the other node if asked.

    new = await report.report(node, me, target, post_ids=[...], comment="Advertising")
    await report.close(node, facilitator, new)

Whoever handles the reports of a community hears of each: facilitators of this node and admins are told,
facilitators elsewhere get a Flag. Only those of this node see who reported (decision 28 of the design).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from fedcop.actions import notify, record
from fedcop.as2 import activities
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import actors, audit, communities, posts, reports, visible
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.notifications import NewNotification
from storage.posts import Post
from storage.reports import NewReport, Report

LONGEST_COMMENT = 1000

Change = Callable[[Transaction], Awaitable[object]]


class _Flag(msgspec.Struct, frozen=True, kw_only=True):
    """A Flag to be sent to one recipient."""

    parcel: Parcel
    recipient: Actor


class _Around(msgspec.Struct, frozen=True, kw_only=True):
    """Who has to hear of a report."""

    node_actor: Actor
    target: Actor
    about: list[Post]
    community: Actor | None
    elsewhere: list[Actor]  # facilitators of a community of ours
    deciders: list[ActorId]


async def report(
    node: Node,
    me: Actor,
    target: Actor,
    *,
    post_ids: Sequence[PostId] = (),
    comment: str = "",
    category: str = "other",
    forward: bool = False,
) -> int:
    """Report somebody, or what they posted, and give the report's id.

    ``forward`` sends it to the node of whoever is reported, and of the posts' community, too: signed by the
    node actor, so that nobody there learns who reported.
    """
    if len(comment) > LONGEST_COMMENT:
        raise Invalid(comment=f"is longer than {LONGEST_COMMENT} characters")
    about, community_id = await node.store.read(_about, me, target, list(post_ids))
    now = node.clock.now()
    new = NewReport(
        id=RowId(node.ids.next(now)),
        uri=None,
        by_actor=me.id,
        target_id=target.id,
        community_id=community_id,
        comment=comment,
        category=category,
        posts=tuple(post.id for post in about),
        forwarded=forward and not target.local,
        created_at=now,
    )
    await take(node, new, forward=forward)
    return new.id


async def take(node: Node, new: NewReport, *, forward: bool = False, sender: str = "") -> bool:
    """Store a report and tell everybody who can act on it; False if its id is known already.

    ``sender`` is the host from which it came, to which it is not sent back.
    """
    around = await node.store.read(_around, node, new)
    notices = notify.prepare(
        node,
        "report",
        [one for one in around.deciders if one != new.target_id],
        by=new.by_actor,
        report_id=new.id,
    )
    flags = [flag for flag in _flags(node, around, new, forward=forward) if flag.recipient.host != sender]
    return await node.store.write(_take, node, new, notices, flags)


def _flags(node: Node, around: _Around, new: NewReport, *, forward: bool) -> list[_Flag]:
    target, about, community = around.target, around.about, around.community
    flagged = [target.uri, *[post.uri for post in about]]
    recipients = [(one, flagged, [one.uri]) for one in around.elsewhere if one.id != target.id]
    if forward:
        recipients.append((target, flagged, []))
        if community is not None and about:
            # Lemmy takes a Flag of one post, addressed to its community (federation.md 1.7).
            recipients.append((community, [about[0].uri], [community.uri]))
    return [
        _flag(node, around.node_actor, recipient, objects, to, new.comment)
        for recipient, objects, to in recipients
        if not recipient.local
    ]


def _flag(
    node: Node, node_actor: Actor, recipient: Actor, objects: list[str], to: list[str], comment: str
) -> _Flag:
    uri = node.uris.activity(node.ids.next(node.clock.now()))
    document = activities.flag_of(uri, node_actor.uri, objects, to=to, text=comment)
    sent = fanout.parcel(node, document, uri=uri, kind="Flag", sender_id=node_actor.id, object_uri=objects[0])
    return _Flag(parcel=sent, recipient=recipient)


async def _take(
    tx: Transaction, node: Node, new: NewReport, notices: list[NewNotification], flags: list[_Flag]
) -> bool:
    if not await reports.add(tx, new):
        return False
    await notify.add(tx, notices)
    for flag in flags:
        await fanout.enqueue(tx, node, flag.parcel, [fanout.target_of(flag.recipient)], new.created_at)
    return True


async def _about(
    read: Reader, me: Actor, target: Actor, post_ids: list[PostId]
) -> tuple[list[Post], ActorId | None]:
    found = [await posts.find(read, visible.person(me.id), post_id) for post_id in post_ids]
    about = [post for post in found if post is not None and post.author_id == target.id]
    if len(about) != len(post_ids):
        raise NotFound("a reported post is not there, or is somebody else's")
    return about, next((post.community_id for post in about if post.community_id), None)


async def _around(read: Reader, node: Node, new: NewReport) -> _Around:
    found = [await posts.find(read, visible.SYSTEM, post_id) for post_id in new.posts]
    target = await actors.find(read, visible.SYSTEM, new.target_id)
    community = await actors.find(read, visible.SYSTEM, new.community_id) if new.community_id else None
    node_actor = await actors.find(read, visible.SYSTEM, node.actor_id)
    if target is None or node_actor is None:
        raise NotFound("whoever is reported is not there")
    facilitators = []
    if community is not None and community.local:
        facilitators = await communities.facilitators_of(read, visible.SYSTEM, community.id)
    return _Around(
        node_actor=node_actor,
        target=target,
        about=[post for post in found if post is not None],
        community=community,
        elsewhere=[one for one in facilitators if not one.local],
        deciders=await reports.deciders(read, new.community_id, new.by_actor),
    )


async def close(node: Node, me: Actor, report_id: RowId) -> None:
    """Mark a report as handled; it is so for everybody."""
    now = node.clock.now()
    await _decide(node, me, report_id, "report close", lambda tx: reports.close(tx, report_id, me.id, now))


async def reopen(node: Node, me: Actor, report_id: RowId) -> None:
    """Mark a report as not handled after all."""
    await _decide(node, me, report_id, "report reopen", lambda tx: reports.reopen(tx, report_id))


async def assign(node: Node, me: Actor, report_id: RowId, *, to_me: bool) -> None:
    """Say that one handles a report oneself, or that nobody does."""
    to = me.id if to_me else None
    verb = "report assign" if to_me else "report unassign"
    await _decide(node, me, report_id, verb, lambda tx: reports.assign(tx, report_id, to))


async def set_category(node: Node, me: Actor, report_id: RowId, category: str) -> None:
    """Put a report under another heading."""
    await _decide(
        node,
        me,
        report_id,
        "report category",
        lambda tx: reports.set_category(tx, report_id, category),
        after={"category": category},
    )


async def _decide(
    node: Node,
    me: Actor,
    report_id: RowId,
    verb: str,
    change: Change,
    *,
    after: Mapping[str, str] | None = None,
) -> None:
    noted = record.note(node, me.handle, verb, str(report_id), after=after)
    await node.store.write(_write_decision, me, report_id, change, noted)


async def _write_decision(
    tx: Transaction, me: Actor, report_id: RowId, change: Change, noted: Note
) -> Report:
    held = await reports.find(tx, visible.person(me.id), report_id)
    if held is None:
        raise NotFound("there is no such report, or it is not yours to decide")
    await change(tx)
    await audit.record(tx, noted)
    return held


async def appeal(node: Node, me: Actor, words: str) -> int:
    """Tell the admins that what was decided about oneself is not right; give the report's id.

    It stands among the reports as one about whoever made it. One waits at a time.
    """
    said = words.strip()
    if not 1 <= len(said) <= LONGEST_COMMENT:
        raise Invalid(appeal=f"found {len(said)} characters, wanted 1 to {LONGEST_COMMENT}")
    if await node.store.read(reports.has_open, visible.person(me.id), me.id):
        raise Invalid(appeal="an appeal of yours waits already")
    now = node.clock.now()
    new = NewReport(
        id=RowId(node.ids.next(now)),
        uri=None,
        by_actor=me.id,
        target_id=me.id,
        community_id=None,
        comment=said,
        created_at=now,
    )
    await take(node, new)
    return new.id
