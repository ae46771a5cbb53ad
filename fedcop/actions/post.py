"""Publish and edit a post; ``own_post`` deletes one.

Each reads, then builds on the loop all that goes outward, then checks again and writes rows in one
transaction (decision 19 of the design). A post in a community elsewhere is seen here at once, as its
author's; what that community passes on comes back as the community's entry only.
"""

from datetime import datetime

import msgspec

from fedcop.actions import draft as drafts
from fedcop.actions import named, notify, own_post, quote, replied, setup, tell, upload
from fedcop.actions.answer import Choice
from fedcop.actions.draft import Draft, Gathered, Place, Quoted, Written
from fedcop.actions.replied import Helped
from fedcop.actions.tell import Told
from fedcop.actions.upload import Change
from fedcop.as2 import activities
from fedcop.as2 import files as as2_files
from fedcop.as2 import posts as as2_posts
from fedcop.content import markup
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.node import Node
from fedcop.policy import membership, polls, posting
from storage import (
    accounts,
    asks,
    events,
    follows,
    know_how_drafts,
    knowhow,
    media,
    posts,
    questions,
    quotes,
    referrals,
    repeats,
    scheduled,
    threads,
    visible,
)
from storage import polls as rows_of_polls
from storage.actors import Actor
from storage.asks import Ask
from storage.engine import Reader, Transaction
from storage.events import Event
from storage.ids import ActorId, MediaId, PostId
from storage.media import Media
from storage.notifications import NewNotification
from storage.polls import Poll
from storage.posts import Post

__all__ = ["Draft", "edit", "publish"]


class _Around(msgspec.Struct, frozen=True, kw_only=True):
    uploads: list[Media]
    watchers: list[ActorId]
    quote_policy: str


class _Held(msgspec.Struct, frozen=True, kw_only=True):
    post: Post
    place: Place
    files: list[Media]
    poll: Poll | None
    event: Event | None
    ask: Ask | None
    quoted: Quoted | None


class _Edition(msgspec.Struct, frozen=True, kw_only=True):
    written: Written
    described: list[Media]
    told: Told
    notices: list[NewNotification]
    revision_id: int
    at: datetime


class _Publication(msgspec.Struct, frozen=True, kw_only=True):
    written: Written
    quoted: Quoted | None
    request: Parcel | None
    told: Told
    notices: list[NewNotification]
    done: Choice | Helped | None
    author_id: ActorId
    draft: Draft
    at: datetime


async def publish(node: Node, author: Actor, draft: Draft) -> PostId:
    """Publish what somebody wrote and give its id; the same idempotency key gives the same post again."""
    if draft.idempotency is not None:
        earlier = await node.store.read(repeats.find, *draft.idempotency)
        if earlier is not None:
            return earlier
    ensure_draft(node, draft, pictures=len(draft.media))
    found = markup.found(draft.text)
    named.ensure_reachable(node, draft.text, found, direct=draft.audience == "direct")
    people = await named.mentions_of(node, found)
    place = await drafts.place_of_draft(node, author, draft, people)
    now = node.clock.now()
    around = await node.store.read(_around, author, draft, place, now)
    closed = place.audience == "members"
    files = tuple(as2_files.file_of(upload, node.uris, closed=closed) for upload in around.uploads)
    post_id = PostId(node.ids.next(now))
    quoted = await quote.quoted_of(node, author, draft, place, people, post_id)
    gathered = Gathered(
        place=place, named=people, files=files, poll=drafts.poll_of(draft, None, now), event=draft.event,
        ask=draft.ask, quoted=quoted,
    )  # fmt: skip
    draft = msgspec.structs.replace(draft, quote_policy=draft.quote_policy or around.quote_policy)
    written = drafts.compose(node, author, draft, gathered, post_id=post_id, at=now)
    publication = _Publication(
        written=written,
        quoted=quoted,
        request=quote.request_of(node, author, quoted, written.new.uri),
        told=await _told(node, author, written, kind="Create"),
        notices=[
            *_notices(node, author, written, around.watchers),
            *quote.notices_of(node, author, quoted, post_id),
        ],
        done=await replied.prepare(node, author, draft.text, place.parent),
        author_id=author.id,
        draft=draft,
        at=now,
    )
    return await node.store.write(_publish, node, publication)


def ensure_draft(node: Node, draft: Draft, *, pictures: int) -> None:
    """Refuse a post that says nothing or too much, or asks what cannot be asked."""
    said = pictures if draft.know_how is None else 1  # know-how says something even without a lead
    posting.ensure_text(
        draft.text, title=draft.title, pictures=said, longest=node.config.limits.post_characters
    )
    if draft.poll is not None:
        polls.ensure_poll(draft.poll.options, draft.poll.seconds)


async def _publish(tx: Transaction, node: Node, publication: _Publication) -> PostId:
    new, draft = publication.written.new, publication.draft
    if draft.idempotency is not None:
        earlier = await repeats.find(tx, *draft.idempotency)
        if earlier is not None:
            return earlier
        await repeats.put(tx, *draft.idempotency, new.id, publication.at)
    await _take(tx, publication)
    await _ensure_may_post(tx, publication.author_id, publication.written.place, publication.at)
    if publication.quoted is not None:
        await quote.give(tx, publication.author_id, publication.quoted, new.uri)
    await posts.add(tx, new)
    if publication.done is None and _asks_us(publication.written):
        await questions.add(tx, new.id, publication.at)
    await referrals.take_answer(tx, new, draft.routed)
    await tell.add(tx, node, publication.told)
    await quote.ask(tx, node, publication.quoted, publication.request, publication.at)
    await notify.add(tx, publication.notices)
    if publication.done is not None:
        await replied.write(tx, node, publication.done)
    return new.id


async def _take(tx: Transaction, publication: _Publication) -> None:
    """Take what waited to be published: a scheduled post, or a draft of know-how."""
    new, waited = publication.written.new, publication.draft.scheduled
    if waited is not None and not await scheduled.remove(tx, publication.author_id, waited):
        raise NotFound("it was published already, or is no longer wanted")
    made = new.know_how.draft if new.know_how is not None else None
    if made is not None and not await know_how_drafts.close(tx, *made, new.id):
        raise NotFound("somebody objected meanwhile, or the draft was changed")


def _asks_us(written: Written) -> bool:
    """Tell whether a note is one to ``@ask``, who answers people of this node (``actions.question``)."""
    return written.new.audience == "direct" and any(
        one.local and one.type == "Service" and one.handle == setup.ASK for one in written.people
    )


async def _around(read: Reader, author: Actor, draft: Draft, place: Place, now: datetime) -> _Around:
    await _ensure_may_post(read, author.id, place, now)
    watched = [author.id, *([place.community.id] if place.community else [])]
    told_of_all = place.parent is None and place.audience not in ("followers", "direct")
    account = await accounts.find(read, author.id)
    return _Around(
        uploads=await drafts.uploads_of(read, author, draft.media),
        watchers=await follows.watchers(read, watched) if told_of_all else [],
        quote_policy=account.quote_policy if account else "nobody",
    )


async def _ensure_may_post(read: Reader, author_id: ActorId, place: Place, now: datetime) -> None:
    if place.parent is not None:
        parent = await posts.find(read, visible.SYSTEM, place.parent.id)
        if parent is None or parent.removed_at is not None:
            raise NotFound("the post that you answer is not there")
        posting.ensure_unlocked(locked=await threads.is_locked(read, place.parent.id))
    if place.community is not None and place.community.id != author_id:
        thread = place.parent.root_id if place.parent is not None else None
        standing = await membership.standing_of(read, place.community, author_id, now, thread=thread)
        posting.ensure_may_post(standing, place.community.handle)


async def _told(node: Node, author: Actor, written: Written, *, kind: str) -> Told:
    now = node.clock.now()
    document = as2_posts.post_of(written.outgoing, node.uris, now=now)
    uri = node.uris.activity(node.ids.next(now))
    creates = kind == "Create"
    new, place = written.new, written.place
    return await tell.prepare(
        node,
        author,
        activities.create_of(uri, document) if creates else activities.update_of(uri, document),
        post_id=new.id,
        object_uri=new.uri,
        audience=new.audience,
        community=place.community,
        people=written.people,
        followers=creates and new.audience in ("public", "unlisted", "followers"),
        holders_of=None if creates else new.uri,
        copy_of=new.uri,
        begins_thread=creates and place.community is not None and place.parent is None,
    )


def _notices(node: Node, author: Actor, written: Written, watchers: list[ActorId]) -> list[NewNotification]:
    """Tell whom the post names or answers, then who asked to hear of each post of its author or community."""
    mentioned = notify.here(written.named)
    others = [watcher for watcher in watchers if watcher not in mentioned]
    post_id = written.new.id
    return [
        *notify.prepare(node, "mention", mentioned, by=author.id, post_id=post_id),
        *notify.prepare(node, "post", others, by=author.id, post_id=post_id),
    ]


async def edit(
    node: Node,
    author: Actor,
    post_id: PostId,
    draft: Draft,
    *,
    files: tuple[MediaId, ...] | None = None,
    changes: tuple[Change, ...] = (),
) -> None:
    """Change a post; it stays where it is, whatever the new text mentions.

    ``files`` are those that it is to have, None those that it has; ``changes`` is what is newly said of them.
    """
    found = await node.store.read(_editable, author, post_id, files, node.clock.now())
    post, held = found.post, upload.all_changed(found.files, changes)
    described = {change.media_id for change in changes}
    ensure_draft(node, draft, pictures=len(held))
    if found.post.type == "Article" and draft.know_how is None:
        raise NotPermitted(f"know-how is changed on its page: {found.post.url}")
    if draft.poll is not None and found.poll is None:
        raise Invalid(poll="cannot be added to a post that is out already")
    gathered = Gathered(
        place=found.place,
        named=await named.mentions_of(node, markup.found(draft.text)),
        files=tuple(as2_files.file_of(file, node.uris, closed=post.audience == "members") for file in held),
        poll=drafts.poll_of(draft, found.poll, node.clock.now()),
        event=draft.event or found.event,
        ask=draft.ask or found.ask,
        resolved=found.ask.accepted_url if found.ask else None,
        quoted=found.quoted,
    )
    draft = msgspec.structs.replace(
        draft,
        # A client knows no titles, and an event keeps its name.
        title=draft.title or (post.title if found.event else ""),
        language=draft.language or post.language,
        media=tuple(file.id for file in held),
        quote_policy=draft.quote_policy or post.quote_policy,
    )
    # Whole seconds are compared on the wire, so an edit within the second of its post would be lost there.
    now = max(node.clock.now(), (post.edited_at or post.published_at) + as2_posts.SECOND)
    written = drafts.compose(
        node, author, draft, gathered, post_id=post.id, at=post.published_at, edited_at=now
    )
    edition = _Edition(
        written=written,
        described=[file for file in held if file.id in described],
        told=await _told(node, author, written, kind="Update"),
        notices=_notices(node, author, written, []),
        revision_id=node.ids.next(now),
        at=now,
    )
    await node.store.write(_edit, node, edition)


async def _edit(tx: Transaction, node: Node, edition: _Edition) -> None:
    new = edition.written.new
    edited = await posts.edit(
        tx,
        new.id,
        title=new.title,
        content=new.content,
        source=new.source,
        summary=new.summary,
        sensitive=new.sensitive,
        language=new.language,
        mentions=new.mentions,
        tags=new.tags,
        files=new.media,
        edited_at=edition.at,
        revision_id=edition.revision_id,
    )
    if not edited:
        return
    await quotes.set_policy(tx, new.id, new.quote_policy)
    for file in edition.described:
        await media.describe(tx, file)
    if new.poll is not None:
        await rows_of_polls.change(tx, new.id, new.poll)
    if new.event is not None:
        await events.put(tx, new.id, new.event)
    if new.ask is not None:
        await asks.put(tx, new.id, new.ask)
    if new.know_how is not None:
        await knowhow.put(tx, new.id, new.know_how, edition.at)
    await tell.add(tx, node, edition.told)
    await notify.add(tx, edition.notices)


async def _editable(
    read: Reader, author: Actor, post_id: PostId, files: tuple[MediaId, ...] | None, now: datetime
) -> _Held:
    post, place = await own_post.find(read, author, post_id)
    if place.community is not None:
        standing = await membership.standing_of(read, place.community, author.id, now)
        posting.ensure_not_banned(standing, place.community.handle)
    return _Held(
        post=post,
        place=place,
        files=await media.of_post(read, visible.SYSTEM, post.id)
        if files is None
        else await drafts.uploads_of(read, author, files, post.id),
        poll=await rows_of_polls.find(read, visible.SYSTEM, post.id),
        event=await events.find(read, visible.SYSTEM, post.id),
        ask=await asks.find(read, visible.SYSTEM, post.id),
        quoted=await quote.held_by(read, post),
    )
