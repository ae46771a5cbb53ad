"""What goes when it has had its time, by the rules of the configuration (``retention.*``).

    lines = await retention.due(node)     what would go now, and what a hold keeps; nothing is changed
    done = await retention.apply(node)    it goes

What goes by rule goes as if somebody had decided it: the hosts that hold it are told, and the record of
decisions names each person and each post (``person delete``, ``dispose``). A hold beats every rule.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from fedcop.actions import announce, decision, leave, record, removal, tell
from fedcop.actions.tell import Told
from fedcop.as2 import activities
from fedcop.node import Node
from storage import actors, audit, holds, posts, retention, sealed, withheld
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.posts import Post
from storage.retention import Leaver, Reports
from storage.visible import SYSTEM

REASON: Final = "retention"  # told to the nodes that hold a post that goes
OTHERS: Final = "*"
AT_ONCE: Final = 20
STEP: Final = 200
_FIRST: Final = RowId(0)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says now: of whom or what, how many posts or reports would go, how many a hold keeps."""

    rule: str
    what: str
    going: int
    kept: int


class _Rule(msgspec.Struct, frozen=True):
    """A rule over the posts of a community: all of them, or threads without a word since a moment."""

    name: str
    community_id: ActorId
    slug: str
    quiet_since: datetime
    whole: bool


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    post: Post
    author: Actor
    community: Actor
    plain_by: str | None


async def due(node: Node) -> list[Line]:
    """Give what would go by each rule if it were applied now, and what stays because it is on hold."""
    lines = []
    for rule, person in await node.store.scan(_people, node):
        going, kept = (0, person.posts) if person.held else (person.posts, 0)
        lines.append(Line(rule=rule, what=person.handle, going=going, kept=kept))
    for one in await node.store.read(_rules, node):
        found = await node.store.scan(
            retention.count_posts, SYSTEM, one.community_id, one.quiet_since, whole=one.whole
        )
        if found.going or found.kept:
            lines.append(Line(rule=one.name, what=one.slug, going=found.going, kept=found.kept))
    going, kept = await _reports(node, dispose=False)
    if going or kept:
        lines.append(Line(rule="reports", what="closed", going=going, kept=kept))
    return lines


async def apply(node: Node) -> int:
    """Let go of what has had its time, and of what was sealed for a hold that was lifted; give how much."""
    done = 0
    for rule, one in await node.store.scan(_people, node):
        if not one.held:
            done += await leave.delete_person(node, one.handle, by=record.NODE, reason=rule)
    for community_rule in await node.store.read(_rules, node):
        done += await _dispose_of_posts(node, community_rule)
    done += (await _reports(node, dispose=True))[0]
    while forgotten := await node.store.bulk(sealed.forget, STEP):
        done += forgotten
    return done


async def _people(read: Reader, node: Node) -> list[tuple[str, Leaver]]:
    rules, now = node.config.retention, node.clock.now()
    found: list[tuple[str, Leaver]] = []
    if rules.leavers:
        gone = await retention.left(read, now - timedelta(days=rules.leavers))
        found += [("leavers", one) for one in gone]
    if rules.inactive_accounts:
        gone = await retention.inactive(read, now - timedelta(days=rules.inactive_accounts))
        found += [("inactive_accounts", one) for one in gone]
    return found


async def _rules(read: Reader, node: Node) -> list[_Rule]:
    """Give the rule that counts for each community here: of a closed one all goes, of others old threads."""
    rules, now = node.config.retention, node.clock.now()
    found = []
    for place in await retention.places(read):
        closed_for = (now - place.closed_at).days if place.closed_at else -1
        days = rules.threads.get(place.handle, rules.threads.get(OTHERS, 0))
        if rules.closed_communities and closed_for >= rules.closed_communities:
            found.append(_Rule("closed_communities", place.id, place.handle, now, whole=True))
        elif days:
            since = now - timedelta(days=days)
            found.append(_Rule("threads", place.id, place.handle, since, whole=False))
    return found


async def _dispose_of_posts(node: Node, rule: _Rule) -> int:
    done = 0
    while ids := await node.store.scan(
        retention.due_posts, SYSTEM, rule.community_id, rule.quiet_since, whole=rule.whole, limit=AT_ONCE
    ):
        for post_id in ids:
            done += await _dispose(node, await node.store.read(_case, rule.community_id, post_id), rule.name)
    return done


async def _case(read: Reader, community_id: ActorId, post_id: PostId) -> _Case:
    post = await posts.find(read, SYSTEM, post_id)
    assert post is not None, "posts are emptied, never deleted"
    author = await actors.find(read, SYSTEM, post.author_id)
    community = await actors.find(read, SYSTEM, community_id)
    assert author is not None, "a post has an author"
    assert community is not None, "it was just listed"
    plain_by = await announce.plain_of(read, community_id, post_id)
    return _Case(post=post, author=author, community=community, plain_by=plain_by)


async def _dispose(node: Node, case: _Case, rule: str) -> bool:
    """Remove a post as its community, for good: nothing is put away to be put back."""
    post, community = case.post, case.community
    uri = decision.new_uri(node)
    removed = activities.removal_of(uri, community.uri, post.uri, community=community.uri, reason=REASON)
    told = [
        await tell.prepare(
            node,
            community,
            removed,
            post_id=post.id,
            object_uri=post.uri,
            community=community,
            undoes=case.plain_by,
        ),
        await removal.told_to_holders(node, case.author, post, community),
    ]
    after = {"rule": rule, "community": community.uri}
    noted = record.note(node, record.NODE, "dispose", post.uri, reason=rule, after=after)
    return await node.store.write(_write, node, case, told, noted)


async def _write(tx: Transaction, node: Node, case: _Case, told: list[Told | None], noted: Note) -> bool:
    if await holds.held_among(tx, [case.post.id]):
        return False
    if not await removal.remove(tx, case.post.id, noted.at, case.community.id, REASON):
        return False
    await withheld.forget(tx, case.post.id)
    await audit.record(tx, noted)
    for one in told:
        if one is not None:
            await tell.add(tx, node, one)
    return True


async def _reports(node: Node, *, dispose: bool) -> tuple[int, int]:
    """Give how many closed reports have had their time, and how many of them are on hold."""
    days, after, going, kept = node.config.retention.reports, _FIRST, 0, 0
    before = node.clock.now() - timedelta(days=days)
    while days:
        if dispose:
            page = await node.store.bulk(_forget_reports, node, before, after)
        else:
            page = await node.store.scan(retention.due_reports, before, after=after, limit=STEP)
        going, kept = going + len(page.going), kept + page.kept
        if page.last is None:
            break
        after = page.last
    return going, kept


async def _forget_reports(tx: Transaction, node: Node, before: datetime, after: RowId) -> Reports:
    page = await retention.due_reports(tx, before, after=after, limit=STEP)
    if page.going:
        await retention.forget_reports(tx, page.going)
        gone = {"rule": "reports", "reports": str(len(page.going))}
        await audit.record(
            tx, record.note(node, record.NODE, "dispose", "reports", reason="reports", after=gone)
        )
    return page
