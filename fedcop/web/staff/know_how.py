"""``/know-how/new?thread=ID`` and ``/know-how/drafts/ID``: a facilitator makes know-how of a thread.

They pick posts, see what becomes of them, and let those whom it quotes know.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop import uris
from fedcop.actions import distilling, objections
from fedcop.actions.distilling import MOST_PICKS, Made, Outline
from fedcop.actions.draft import Distilled
from fedcop.as2.knowhow import LICENCES
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.web import page, session, text
from fedcop.web.session import SignedIn
from storage import know_how_drafts, threads, views, visible
from storage.engine import Reader
from storage.ids import ActorId, EntryId, PostId, RowId
from storage.know_how_drafts import Answer, KnowHowDraft
from storage.views import PostView

NEW: Final = "/know-how/new"
DRAFT: Final = "/know-how/drafts/{draft_id}"
PICK: Final = "pick-"


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What the form shows: the posts of a thread to pick from, and the draft that is changed, if any."""

    root: PostView
    posts: list[PostView]
    draft: KnowHowDraft | None = None
    picked: frozenset[int] = frozenset()


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A draft with what it would be, and what its people said."""

    draft: KnowHowDraft
    made: Made
    answers: dict[ActorId, Answer]


async def new(request: Request) -> Response:
    """Show the posts of a thread, to pick from."""
    signed_in = await session.ensure(request)
    return await _form(request, signed_in, await _new(request, signed_in))


async def create(request: Request) -> Response:
    """Keep a draft."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    shown = await _new(request, signed_in)
    try:
        draft_id = await distilling.draft(node, signed_in.actor, shown.root.post.id, outline_in(form))
    except Invalid as refusal:
        return await _form(request, signed_in, shown, typed=form, refusal=refusal)
    return RedirectResponse(f"/know-how/drafts/{draft_id}", 303)


async def _new(request: Request, signed_in: SignedIn) -> Form:
    root_id = PostId(uris.row_id_in(request.query_params.get("thread", "")) or 0)
    return await _found(request, signed_in, root_id, None)


async def _found(request: Request, signed_in: SignedIn, root_id: PostId, draft: KnowHowDraft | None) -> Form:
    node: Node = request.app.state.node
    found = await node.store.read(_thread, node, signed_in, root_id, draft)
    if found is None:
        raise NotFound("no such thread, or not yours to distil")
    return found


async def _thread(
    read: Reader, node: Node, signed_in: SignedIn, root_id: PostId, draft: KnowHowDraft | None
) -> Form | None:
    if await distilling.may_distil(read, signed_in.actor.id, root_id, node.clock.now()) is None:
        return None
    viewer = visible.person(signed_in.actor.id)
    ids = [root_id, *await threads.descendants(read, viewer, root_id)][:MOST_PICKS]
    found = await views.views(read, viewer, [EntryId(post_id) for post_id in ids])
    if not found or found[0].post.id != root_id:
        return None
    picked = await know_how_drafts.picked(read, viewer, draft.id) if draft is not None else ids
    return Form(root=found[0], posts=found, draft=draft, picked=frozenset(picked))


def outline_in(form: Mapping[str, str]) -> Outline:
    """Give what a form says of a note."""
    picks = (uris.row_id_in(name.removeprefix(PICK)) for name in form if name.startswith(PICK))
    return Outline(
        title=form.get("title", ""),
        lead=form.get("text", "").replace("\r\n", "\n"),
        picks=tuple(PostId(one) for one in picks if one is not None),
        language=language if (language := form.get("language", "")) in text.LANGUAGES else None,
        licence=form.get("licence", ""),
        months=int(months) if (months := form.get("months", "")).isdecimal() and len(months) < 4 else 0,
    )


async def _form(
    request: Request,
    signed_in: SignedIn,
    shown: Form,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response:
    speech = text.of(page.language_of(request))
    held = shown.draft
    given = {"title": shown.root.post.title}
    if held is not None:
        given = {
            "title": held.title, "text": held.lead, "language": held.language or "",
            "licence": held.licence, "months": str(held.months),
        }  # fmt: skip
    picked = shown.picked if typed is None else frozenset(outline_in(typed).picks)
    return page.answer(
        request,
        "staff/know_how_form.html",
        status=422 if refusal else 200,
        shown=shown,
        licences=LICENCES,
        picked=picked,
        typed=given if typed is None else typed,
        faults=speech.faults(refusal, "title") if refusal else {},
    )


async def show(request: Request) -> Response:
    """Show a draft as it would be published, whom it quotes and what they said."""
    signed_in = await session.ensure(request)
    return await _shown(request, await _draft(request, signed_in))


async def _draft(request: Request, signed_in: SignedIn) -> KnowHowDraft:
    node: Node = request.app.state.node
    draft_id = uris.row_id_in(request.path_params["draft_id"])
    viewer = visible.person(signed_in.actor.id)
    held = await node.store.read(know_how_drafts.find, viewer, RowId(draft_id or 0))
    if held is None:
        raise NotFound("no such draft")
    return held


async def _shown(request: Request, held: KnowHowDraft, refusal: Invalid | None = None) -> Response:
    node: Node = request.app.state.node
    if held.state == "published" and held.post_id is not None:
        return RedirectResponse(f"/know-how/{held.post_id}", 303)
    made = await node.store.read(distilling.made, held)
    if made is None:
        raise NotFound("no such draft")
    answers = {one.actor_id: one for one in await node.store.read(know_how_drafts.answers, held.id)}
    preview, wrong = _preview(node, held, made)
    refusal = refusal or wrong
    return page.answer(
        request,
        "staff/know_how_draft.html",
        status=422 if refusal else 200,
        shown=Shown(draft=held, made=made, answers=answers),
        preview=preview.content if preview else "",
        others=any(one.id != held.by_actor for one in made.people),
        faults=text.of(page.language_of(request)).faults(refusal, "picks") if refusal else {},
    )


def _preview(node: Node, held: KnowHowDraft, made: Made) -> tuple[Distilled | None, Invalid | None]:
    outline = Outline(title=held.title, lead=held.lead, language=held.language, licence=held.licence)
    at = node.clock.now()
    try:
        return distilling.distilled(
            node, outline, made.said, made.parts, community=made.community, review_at=at
        ), None
    except Invalid as refusal:
        return None, refusal


async def tell(request: Request) -> Response:
    """Let those whom a draft quotes know of it."""
    node: Node = request.app.state.node
    signed_in, _ = await session.posted(request)
    held = await _draft(request, signed_in)
    try:
        await objections.tell(node, signed_in.actor, held.id)
    except Invalid as refusal:
        return await _shown(request, held, refusal)
    return RedirectResponse(request.url.path, 303)


async def edit(request: Request) -> Response:
    """Show the form of a draft that is there."""
    signed_in = await session.ensure(request)
    held = await _draft(request, signed_in)
    return await _form(request, signed_in, await _found(request, signed_in, held.root_id, held))


async def change(request: Request) -> Response:
    """Change a draft."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    held = await _draft(request, signed_in)
    version = uris.row_id_in(form.get("version", "")) or 0
    try:
        await distilling.change(node, signed_in.actor, held.id, version, outline_in(form))
    except Invalid as refusal:
        shown = await _found(request, signed_in, held.root_id, held)
        return await _form(request, signed_in, shown, typed=form, refusal=refusal)
    return RedirectResponse(f"/know-how/drafts/{held.id}", 303)


ROUTES = [
    Route(NEW, new),
    Route(NEW, create, methods=["POST"]),
    Route(DRAFT, show),
    Route(DRAFT, tell, methods=["POST"]),
    Route(f"{DRAFT}/edit", edit),
    Route(f"{DRAFT}/edit", change, methods=["POST"]),
]
