"""What know-how is made of: the posts that a facilitator picks, as parts of a note with their people.

    outline = Outline(title="Empty gullies twice a year", picks=(root_id, answer_id))
    draft_id = await distilling.draft(node, ada, root_id, outline)
    await distilling.change(node, ada, draft_id, version, outline)
    made = await node.store.read(distilling.made, draft)        as it would be published now

Who facilitates a community makes its know-how (needs.md C4). Only what its readers read may be picked: posts
of one thread that are public, or for its members where only they read it.
"""

from collections.abc import Sequence, Set
from datetime import datetime, timedelta
from typing import Final

import msgspec

from fedcop.actions.draft import Distilled
from fedcop.as2 import knowhow as as2_knowhow
from fedcop.content import markup, sanitise
from fedcop.errors import Invalid, NotFound
from fedcop.knowledge import distil
from fedcop.knowledge.distil import Part, Said
from fedcop.node import Node
from fedcop.policy import membership
from storage import actors, answers, know_how_drafts, posts, views, visible
from storage.actors import Actor
from storage.engine import Reader, Transaction
from storage.ids import ActorId, EntryId, PostId, RowId
from storage.know_how_drafts import KnowHowDraft, NewDraft
from storage.knowhow import NewKnowHow, NewPart
from storage.posts import Post
from storage.views import PostView

MOST_PICKS: Final = 40
# Peers cut a text at 100 000 characters, and what is quoted grows by its marks.
LONGEST_NOTE: Final = 60_000
MOST_MONTHS: Final = 60
MONTH: Final = timedelta(days=30)

_AUDIENCES = frozenset({"public", "unlisted", "members"})


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """What a facilitator says of a note: ``lead`` in Markdown, ``months`` until it is looked at again."""

    title: str
    lead: str = ""
    picks: tuple[PostId, ...] = ()
    language: str | None = None
    licence: str = as2_knowhow.OPEN_GOVERNMENT
    months: int = 12


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as it would be published now: by whom, where, from which parts, and whom it quotes."""

    author: Actor
    community: Actor
    parts: tuple[NewPart, ...]
    said: tuple[Part, ...]
    people: tuple[Actor, ...]


async def draft(node: Node, me: Actor, root_id: PostId, outline: Outline) -> RowId:
    """Keep a new draft of what a thread taught."""
    ensure_sound(node, outline)
    now = node.clock.now()
    root, picked = await node.store.read(_picked, me, root_id, outline.picks, now)
    assert root.community_id is not None, "only threads of a community are picked from"
    draft_id = RowId(node.ids.next(now))
    new = _new(me.id, root.community_id, root.id, outline)
    await node.store.write(know_how_drafts.add, draft_id, new, picked, now)
    return draft_id


async def change(node: Node, me: Actor, draft_id: RowId, version: int, outline: Outline) -> None:
    """Change a draft that is not published; its people have to be told again."""
    ensure_sound(node, outline)
    await node.store.write(_change, me, draft_id, version, outline, node.clock.now())


async def _change(
    tx: Transaction, me: Actor, draft_id: RowId, version: int, outline: Outline, now: datetime
) -> None:
    held = await know_how_drafts.find(tx, visible.person(me.id), draft_id)
    if held is None:
        raise NotFound("there is no such draft")
    _, picked = await _picked(tx, me, held.root_id, outline.picks, now)
    new = _new(held.by_actor, held.community_id, held.root_id, outline)
    if not await know_how_drafts.change(tx, draft_id, version, new, picked):
        raise Invalid("the draft changed meanwhile; look at it again")


def _new(by_actor: ActorId, community_id: ActorId, root_id: PostId, outline: Outline) -> NewDraft:
    return NewDraft(
        by_actor=by_actor,
        community_id=community_id,
        root_id=root_id,
        title=" ".join(outline.title.split()),
        lead=outline.lead.strip(),
        language=outline.language,
        licence=outline.licence,
        months=outline.months,
    )


def ensure_sound(node: Node, outline: Outline) -> None:
    """Refuse, field by field, what cannot be published as it is said."""
    longest = node.config.limits.post_characters
    faults = {
        "title": _title_fault(outline.title),
        "text": f"character limit of {longest} exceeded" if len(outline.lead) > longest else "",
        "picks": _picks_fault(outline.picks),
        "licence": "" if outline.licence in as2_knowhow.LICENCES else "is none that can be chosen here",
        "months": "" if 1 <= outline.months <= MOST_MONTHS else f"must be between 1 and {MOST_MONTHS}",
    }
    if found := {name: fault for name, fault in faults.items() if fault}:
        raise Invalid(**found)


def _title_fault(title: str) -> str:
    if not title.strip():
        return "can't be blank"
    longest = distil.LONGEST_TITLE
    return f"is longer than {longest} characters" if len(title) > longest else ""


def _picks_fault(picks: Sequence[PostId]) -> str:
    if not picks:
        return "choose at least one post"
    return f"choose at most {MOST_PICKS} posts" if len(picks) > MOST_PICKS else ""


async def _picked(
    read: Reader, me: Actor, root_id: PostId, picks: Sequence[PostId], now: datetime
) -> tuple[Post, list[PostId]]:
    """Give the thread and those of the picked posts that may be quoted; raise a Refusal for any other."""
    root = await may_distil(read, me.id, root_id, now)
    if root is None:
        raise NotFound("there is no such thread, or you do not facilitate its community")
    found = [await posts.find(read, visible.person(me.id), post_id) for post_id in dict.fromkeys(picks)]
    held = [post for post in found if post is not None and _is_quotable(post, root)]
    if len(held) != len(found):
        raise Invalid(picks="names a post that is not in this thread any more, or not for its readers")
    return root, [post.id for post in held]


def _is_quotable(post: Post, root: Post) -> bool:
    return (
        (post.root_id, post.community_id) == (root.id, root.community_id)
        and post.removed_at is None
        and post.audience in _AUDIENCES
    )


async def may_distil(read: Reader, me: ActorId, root_id: PostId, now: datetime) -> Post | None:
    """Give the thread if somebody may make know-how of it: who facilitates its community."""
    root = await posts.find(read, visible.person(me), root_id)
    if root is None or root.removed_at is not None or root.community_id is None or root.root_id != root.id:
        return None
    community = await actors.find(read, visible.SYSTEM, root.community_id)
    if community is None or not (await membership.standing_of(read, community, me, now)).facilitator:
        return None
    return root


async def made(read: Reader, held: KnowHowDraft) -> Made | None:
    """Give a draft as it would be published now; None once its author or community is not there any more."""
    author = await actors.find(read, visible.SYSTEM, held.by_actor)
    community = await actors.find(read, visible.SYSTEM, held.community_id)
    if author is None or author.state != "active" or community is None or community.state != "active":
        return None
    viewer = visible.person(author.id)
    ids = await know_how_drafts.picked(read, viewer, held.id)
    found = await views.views(read, viewer, [EntryId(post_id) for post_id in ids])
    picked = [view for view in found if view.post.audience in _AUDIENCES]
    asker = next((view.author.uri for view in picked if view.post.id == held.root_id), "")
    accepted = {one.post_id for one in await answers.of_ask(read, viewer, held.root_id)}
    said = distil.parts_of([_said(view, held.root_id, accepted) for view in picked], asker)
    by_uri = {view.post.uri: view for view in picked}
    people = await actors.by_ids(read, visible.SYSTEM, list({view.author.id for view in picked}))
    return Made(
        author=author,
        community=community,
        parts=tuple(_part(part, by_uri[part.said.uri]) for part in said),
        said=said,
        people=tuple(one for one in people if one.type == "Person"),
    )


def _said(view: PostView, root_id: PostId, accepted: Set[PostId]) -> Said:
    post, author = view.post, view.author
    return Said(
        uri=post.uri,
        url=post.url or post.uri,
        author=author.uri,
        name=author.display_name or author.handle,
        host=author.domain,
        content=post.content,
        title=post.title,
        begins=post.id == root_id,
        accepted=post.id in accepted,
    )


def _part(part: Part, view: PostView) -> NewPart:
    return NewPart(
        uri=part.said.uri,
        url=part.said.url,
        post_id=view.post.id,
        author_id=view.author.id,
        role=part.role,
        content=distil.words_of(part.said),
    )


def distilled(
    node: Node,
    outline: Outline,
    parts: Sequence[Part],
    rows: Sequence[NewPart],
    *,
    community: Actor,
    draft: tuple[int, int] | None = None,
    review_at: datetime,
) -> Distilled:
    """Write a note: its lead and its parts as clean HTML, with the people that its parts name."""
    lead = markup.html_of(outline.lead, {}, node.uris.tag) if outline.lead else ""
    content = sanitise.clean(distil.html_of(lead, parts, outline.language))
    if len(content) > LONGEST_NOTE:
        raise Invalid(picks=f"makes a note of more than {LONGEST_NOTE} characters; choose fewer posts")
    return Distilled(
        content=content,
        community=community,
        new=NewKnowHow(
            licence=outline.licence,
            review_at=review_at,
            parts=tuple(rows),
            people=distil.people_of(parts),
            draft=draft,
        ),
    )
