"""Know-how: published once its people had their time, changed by its owner, written anew without who left.

    post_id = await knowhow.publish(node, draft)        when its time has come
    await knowhow.revise(node, ada, post_id, Revision(...))
    await knowhow.rewrite(node, post_id)                 somebody's words left it
    await knowhow.use(node, ben, post_id)                "I used this"
    await knowhow.hand_over(node, ada)                   before she is erased

A note belongs to who published it; a facilitator of its community may change it as well, on this node.

Rules that hold in this file
  1. A note is a post: it is told, passed on, edited and deleted as every post is.
  2. What leaves a note leaves its earlier versions, what is kept of its activities and what waits to be sent.
  3. Who leaves for good takes their words and their name; a note that they own goes on under another
     facilitator here, at an address of its own. Without one it goes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from fedcop.actions import distilling, like, own_post, post, record, tell
from fedcop.actions import draft as drafts
from fedcop.actions.distilling import MONTH, Outline
from fedcop.actions.draft import Distilled, Draft, Gathered, Place
from fedcop.as2 import activities
from fedcop.as2 import posts as as2_posts
from fedcop.errors import Invalid, NotFound, NotPermitted, Refusal
from fedcop.knowledge.distil import ROLES, Part, Said
from fedcop.node import Node
from fedcop.policy import membership
from storage import activities as kept
from storage import actors, audit, communities, know_how_drafts, knowhow, posts, unsent, visible
from storage.activities import Kept
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId
from storage.know_how_drafts import KnowHowDraft
from storage.knowhow import NewPart
from storage.knowhow import Part as Row
from storage.posts import Post

OWNED_AT_ONCE: Final = 100
NOT_TOLD: Final = "could not be told"


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner says anew of a note; ``places`` are the parts that stay in it."""

    title: str
    lead: str
    licence: str
    months: int
    language: str | None = None
    places: tuple[int, ...] = ()


class Owned(msgspec.Struct, frozen=True, kw_only=True):
    """A note of ours with its owner, its community and what it was made from."""

    post: Post
    author: Actor
    community: Actor
    licence: str
    review_at: datetime | None
    rows: tuple[Row, ...]
    people: dict[int, Actor]


async def publish(node: Node, held: KnowHowDraft) -> PostId | None:
    """Publish a draft whose people had their time; one that cannot be is stopped, and None is given."""
    if unreached := await node.store.read(know_how_drafts.unreached, held.id):
        await node.store.write(_leave_out_unreached, held, unreached, node.clock.now())
        return None  # due again at once, without them
    made = await node.store.read(distilling.made, held)
    if made is None or not made.parts:
        await node.store.write(know_how_drafts.stop, held.id)
        return None
    outline = Outline(title=held.title, lead=held.lead, language=held.language, licence=held.licence)
    try:
        distilled = distilling.distilled(
            node, outline, made.said, made.parts, community=made.community, draft=(held.id, held.version),
            review_at=node.clock.now() + held.months * MONTH,
        )  # fmt: skip
        await node.store.read(_ensure_facilitates, made.community, made.author, node.clock.now())
        return await post.publish(node, made.author, _draft(outline, distilled))
    except (Invalid, NotPermitted):
        await node.store.write(know_how_drafts.stop, held.id)
        return None


async def _leave_out_unreached(
    tx: Transaction, held: KnowHowDraft, unreached: Sequence[ActorId], now: datetime
) -> None:
    for actor_id in unreached:
        await know_how_drafts.answer(tx, held.id, actor_id, "leave_out", NOT_TOLD, now)


async def _ensure_facilitates(read: Reader, community: Actor, author: Actor, now: datetime) -> None:
    standing = await membership.standing_of(read, community, author.id, now)
    membership.ensure_facilitates(standing, community.handle)


def _draft(outline: Outline, distilled: Distilled) -> Draft:
    return Draft(text=outline.lead, title=outline.title, language=outline.language, know_how=distilled)


async def revise(node: Node, me: Actor, post_id: PostId, revision: Revision) -> None:
    """Publish a new version: its title and lead, which parts stay, and when it is to be looked at again."""
    owned = await node.store.read(owned_by, me, post_id, node.clock.now())
    rows = [row for row in owned.rows if row.place in revision.places]
    outline = Outline(
        title=revision.title, lead=revision.lead, licence=revision.licence, months=revision.months,
        language=revision.language, picks=tuple(PostId(row.place) for row in rows),
    )  # fmt: skip
    distilling.ensure_sound(node, outline)
    review_at = node.clock.now() + revision.months * MONTH
    distilled = _distilled(node, owned, rows, outline, review_at)
    await post.edit(node, owned.author, post_id, _draft(outline, distilled))
    if me.id != owned.author.id:
        noted = record.note(node, record.name_of(me), "know-how change", owned.post.uri)
        await node.store.write(audit.record, noted)


def _distilled(
    node: Node, owned: Owned, rows: Sequence[Row], outline: Outline, review_at: datetime | None
) -> Distilled:
    """Write a note from the parts that it has; those whose author is no more are left out."""
    known = [row for row in rows if row.author_id in owned.people]
    said = [_part(row, owned.people[row.author_id or 0]) for row in known]
    given = [NewPart(**{name: getattr(row, name) for name in NewPart.__struct_fields__}) for row in known]
    return distilling.distilled(
        node, outline, said, given, community=owned.community, review_at=review_at or node.clock.now()
    )


def _part(row: Row, author: Actor) -> Part:
    said = Said(
        uri=row.uri,
        url=row.url,
        author=author.uri,
        name=author.display_name or author.handle,
        host=author.domain,
        content=row.content,
    )
    return Part(role=next((role for role in ROLES if role == row.role), "answer"), said=said)


async def owned_by(read: Reader, me: Actor, post_id: PostId, now: datetime) -> Owned:
    """Give a note of ours to who may change it: its owner, or a facilitator of its community."""
    owned = await _owned(read, visible.person(me.id), post_id)
    standing = await membership.standing_of(read, owned.community, me.id, now)
    if owned.author.id != me.id and not standing.facilitator:
        raise NotPermitted("this is somebody else's know-how")
    return owned


async def _owned(read: Reader, viewer: visible.Viewer, post_id: PostId) -> Owned:
    held = await posts.find(read, viewer, post_id)
    said = await knowhow.find(read, viewer, post_id)
    if held is None or said is None or not held.local or held.community_id is None:
        raise NotFound("there is no such know-how here")
    author = await actors.find(read, visible.SYSTEM, held.author_id)
    community = await actors.find(read, visible.SYSTEM, held.community_id)
    if author is None or community is None:
        raise NotFound("there is no such know-how here")
    rows = await knowhow.parts(read, visible.SYSTEM, post_id)
    people = await actors.by_ids(read, visible.SYSTEM, [row.author_id for row in rows if row.author_id])
    return Owned(
        post=held,
        author=author,
        community=community,
        licence=said.licence,
        review_at=said.review_at,
        rows=tuple(rows),
        people={one.id: one for one in people if one.state == "active"},
    )


async def rewrite(node: Node, post_id: PostId) -> None:
    """Write a note anew that somebody's words left; nothing that is kept or waits holds them any more.

    A note without any part is what its owner says alone; if that is nothing, it goes.
    """
    try:
        owned = await node.store.read(_owned, visible.SYSTEM, post_id)
    except NotFound:  # it went meanwhile
        await node.store.write(knowhow.put_off, post_id, None)
        return
    outline = _outline(owned)
    distilled = _distilled(node, owned, owned.rows, outline, owned.review_at)
    if not distilled.content:
        await own_post.delete(node, owned.author, post_id)
        return
    draft = _draft(outline, distilled)
    create = await node.store.read(_create, post_id)
    body = await _created_anew(node, owned, draft, create) if create is not None else b""
    await node.store.write(_purge, post_id, create.uri if create else "", body)
    await post.edit(node, owned.author, post_id, draft)


def _outline(owned: Owned) -> Outline:
    return Outline(
        title=owned.post.title, lead=owned.post.source, language=owned.post.language, licence=owned.licence
    )


async def _create(read: Reader, post_id: PostId) -> Kept | None:
    return next((one for one in await kept.of_post(read, post_id) if one.type == "Create"), None)


async def _created_anew(node: Node, owned: Owned, draft: Draft, create: Kept) -> bytes:
    """Give the Create of a note as it would read had nobody left it: outbox and thread keep their place."""
    community, now = owned.community, node.clock.now()
    place = Place(parent=None, answered=None, community=community, audience=owned.post.audience)
    written = drafts.compose(
        node, owned.author, draft, Gathered(place=place, named={}),
        post_id=owned.post.id, at=owned.post.published_at, edited_at=now,
    )  # fmt: skip
    document = activities.create_of(create.uri, as2_posts.post_of(written.outgoing, node.uris, now=now))
    if community.approves:
        document = activities.addressed_to(document, tell.readers_of(community))
    return activities.bytes_of(await node.signing.prove(owned.author.id, document))


async def _purge(tx: Transaction, post_id: PostId, create_uri: str, body: bytes) -> None:
    """Let go of what is kept of a note with the words that left it, and of what waits to be sent."""
    await kept.supersede(tx, post_id)
    await kept.rewrite(tx, create_uri, body)
    await unsent.drop_posts(tx, [post_id])


async def use(node: Node, me: Actor, post_id: PostId) -> None:
    """Say that one used a note; to other servers it is a like."""
    await _ensure_note(node, me, post_id)
    await like.like(node, me, post_id, used=True)


async def unuse(node: Node, me: Actor, post_id: PostId) -> None:
    """Take back that one used a note, and the like that said so."""
    await _ensure_note(node, me, post_id)
    await like.unlike(node, me, post_id)


async def _ensure_note(node: Node, me: Actor, post_id: PostId) -> None:
    if await node.store.read(knowhow.find, visible.person(me.id), post_id) is None:
        raise NotFound("there is no such know-how")


async def hand_over(node: Node, person: Actor) -> None:
    """Let the notes of somebody who leaves go on under another facilitator of this node."""
    while owned := await node.store.read(_with_heir, person.id):
        for post_id, heir in owned:
            heir_id = await _pass_on(node, post_id, heir) if heir is not None else post_id
            await node.store.write(_put_heir, post_id, heir, heir_id)


async def _with_heir(read: Reader, person_id: ActorId) -> list[tuple[PostId, Actor | None]]:
    """Give notes of somebody that were not passed on yet, each with who takes it."""
    found = []
    for post_id in await knowhow.owned(read, person_id, limit=OWNED_AT_ONCE):
        held = await posts.find(read, visible.SYSTEM, post_id)
        people = []
        if held is not None and held.community_id is not None:
            people = await communities.facilitators_of(read, visible.SYSTEM, held.community_id)
        found.append((post_id, next((one for one in people if _may_take(one, person_id)), None)))
    return found


def _may_take(one: Actor, person_id: ActorId) -> bool:
    return one.local and one.id != person_id and one.state == "active"


async def _pass_on(node: Node, post_id: PostId, heir: Actor) -> PostId:
    owned = await node.store.read(_owned, visible.SYSTEM, post_id)
    outline = _outline(owned)
    rows = [row for row in owned.rows if row.author_id != owned.author.id]
    try:
        distilled = _distilled(node, owned, rows, outline, owned.review_at)
        return await post.publish(node, heir, _draft(outline, distilled))
    except Refusal:  # a community that is closed, or whoever cannot post there: the note goes with its owner
        return post_id


async def _put_heir(tx: Transaction, post_id: PostId, heir: Actor | None, heir_id: PostId) -> None:
    await knowhow.put_heir(tx, post_id, heir_id)
    if heir is not None and heir_id != post_id:
        await know_how_drafts.hand_over(tx, post_id, heir.id, heir_id)
