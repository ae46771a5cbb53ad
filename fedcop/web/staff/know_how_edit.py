"""``/know-how/ID/edit``: its owner, or a facilitator, publishes a new version or says that it still holds."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop import uris
from fedcop.actions import knowhow
from fedcop.actions.knowhow import Owned, Revision
from fedcop.as2.knowhow import LICENCES
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.web import page, session, text
from fedcop.web.session import SignedIn
from fedcop.web.staff.know_how import PICK, outline_in
from storage.ids import PostId

HERE = "/know-how/{post_id}/edit"


async def show(request: Request) -> Response:
    """Show what a note says, to be changed."""
    signed_in = await session.ensure(request)
    owned = await _owned(request, signed_in)
    given = {
        "title": owned.post.title,
        "text": owned.post.source,
        "language": owned.post.language or "",
        "licence": owned.licence,
        "months": "12",
    } | {f"{PICK}{row.place}": "yes" for row in owned.rows}
    return _page(request, owned, given)


async def change(request: Request) -> Response:
    """Publish a new version."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    owned = await _owned(request, signed_in)
    said = outline_in(form)
    revision = Revision(
        title=said.title,
        lead=said.lead,
        licence=said.licence,
        months=said.months,
        language=said.language,
        places=tuple(said.picks),
    )
    try:
        await knowhow.revise(node, signed_in.actor, owned.post.id, revision)
    except Invalid as refusal:
        return _page(request, owned, form, refusal)
    return RedirectResponse(f"/know-how/{owned.post.id}", 303)


async def _owned(request: Request, signed_in: SignedIn) -> Owned:
    node: Node = request.app.state.node
    post_id = uris.row_id_in(request.path_params["post_id"])
    if post_id is None:
        raise NotFound("no such know-how")
    return await node.store.read(knowhow.owned_by, signed_in.actor, PostId(post_id), node.clock.now())


def _page(
    request: Request, owned: Owned, typed: Mapping[str, str], refusal: Invalid | None = None
) -> Response:
    speech = text.of(page.language_of(request))
    return page.answer(
        request,
        "staff/know_how_edit.html",
        status=422 if refusal else 200,
        owned=owned,
        licences=LICENCES,
        typed=typed,
        faults=speech.faults(refusal, "title") if refusal else {},
    )


ROUTES = [Route(HERE, show), Route(HERE, change, methods=["POST"])]
