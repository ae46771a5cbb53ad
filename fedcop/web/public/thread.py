"""``/posts/ID``: a post with its thread, for people; who is signed in replies there.

Of an ask it shows what became of it, with accepted answers first.

Strangers see posts of this node, and those in a community of it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop import uris
from fedcop.actions import distilling, respond
from fedcop.actions.post import Draft
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.node import Node
from fedcop.policy.pictures import Pictures
from fedcop.web import escalation, page, reader, session, text
from fedcop.web.escalation import Explained
from storage import answers, communities, service_list, threads, views
from storage.asks import Ask
from storage.engine import Reader
from storage.ids import PostId
from storage.service_list import Service
from storage.views import PostView
from storage.visible import Viewer


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a thread asks for; ``own`` if the reader asked it, ``may_accept`` if they may accept answers.

    ``explained``: whom it was put to and what comes next, in numbers, for who asked and facilitators.
    """

    ask: Ask
    about: list[Service]
    accepted: frozenset[PostId]
    own: bool
    may_accept: bool
    explained: Explained | None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows: the post asked for, its thread with accepted answers first, and what it asks."""

    post: PostView
    thread: Sequence[PostView]
    asked: Asked | None


# A reply has no more readers than what it answers.
REPLIES: Final = {"direct": "direct", "followers": "followers", "unlisted": "unlisted"}


async def show(request: Request) -> Response:
    """Show a thread from its beginning, the post asked for among it."""
    return await _page(request)


async def reply(request: Request) -> Response:
    """Publish a reply; what cannot be published stays in the form."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    answered = (await _found(request, await reader.of(request))).post
    draft = Draft(
        text=form.get("text", "").replace("\r\n", "\n"),
        audience=REPLIES.get(answered.post.audience, "public"),
        language=language if (language := form.get("language", "")) in text.LANGUAGES else None,
        in_reply_to=answered.post.id,
    )
    try:
        post_id = await respond.publish(node, signed_in.actor, draft)
    except (Invalid, NotPermitted) as refusal:
        return await _page(request, typed=form, fault=refusal)
    return RedirectResponse(f"/posts/{post_id}#post-{post_id}", 303)


async def _page(
    request: Request, *, typed: Mapping[str, str] | None = None, fault: Invalid | NotPermitted | None = None
) -> Response:
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    shown = await _found(request, viewer)
    post = shown.post
    pictures = Pictures(origin="", reader=viewer.actor, key=node.signing.address_key, now=node.clock.now())
    speech = text.of(page.language_of(request))
    named = not (post.community or post.post.author_id == viewer.actor)
    return page.answer(
        request,
        "public/thread.html",
        status=200 if fault is None else 422,
        post=post,
        thread=shown.thread,
        asked=shown.asked,
        pictures=pictures,
        may_distil=await node.store.read(_may_distil, node, viewer, post.post.root_id),
        may_reply=viewer.kind == "person" and not post.post.locked and post.post.removed_at is None,
        typed=typed or ({"text": f"@{post.author.handle}@{post.author.domain} "} if named else {}),
        faults=speech.faults(fault, "text") if fault else {},
    )


async def _may_distil(read: Reader, node: Node, viewer: Viewer, root_id: PostId) -> bool:
    """Tell whether who reads may make know-how of a thread."""
    if viewer.kind != "person":
        return False
    return await distilling.may_distil(read, viewer.actor, root_id, node.clock.now()) is not None


async def _found(request: Request, viewer: Viewer) -> Shown:
    node: Node = request.app.state.node
    post_id = uris.row_id_in(request.path_params["post_id"])
    found = await node.store.read(_shown, viewer, PostId(post_id)) if post_id is not None else None
    if found is None or (viewer.kind != "person" and not _is_here(node, found.post)):
        raise NotFound("no such post")
    return found


def _is_here(node: Node, view: PostView) -> bool:
    """Tell whether a post is ours to show: by somebody here, or written into a community here."""
    return view.post.local or (view.community is not None and node.uris.is_ours(view.community.uri))


async def _shown(read: Reader, viewer: Viewer, post_id: PostId) -> Shown | None:
    post = await views.post_view(read, viewer, post_id)
    if post is None:
        return None
    root = PostId(post.post.root_id)
    accepted = [one.post_id for one in await answers.of_ask(read, viewer, root)]
    below = await threads.descendants(read, viewer, root)
    thread = await views.views(
        read, viewer, [root, *accepted, *(one for one in below if one not in accepted)]
    )
    return Shown(post=post, thread=thread, asked=await _asked(read, viewer, root, thread, accepted))


async def _asked(
    read: Reader, viewer: Viewer, root: PostId, thread: Sequence[PostView], accepted: Sequence[PostId]
) -> Asked | None:
    begun = thread[0] if thread and thread[0].post.id == root else None
    if begun is None or begun.ask is None or begun.community is None:
        return None
    asks = viewer.kind == "person" and viewer.actor == begun.ask.asker_id
    facilitates = viewer.kind == "person" and await communities.is_facilitator(
        read, begun.community.id, viewer.actor
    )
    about = await service_list.by_ids(read, begun.ask.services)
    return Asked(
        ask=begun.ask,
        about=list(about.values()),
        accepted=frozenset(accepted),
        own=asks,
        may_accept=asks or facilitates,
        explained=await escalation.of(read, begun.ask) if asks or facilitates else None,
    )


ROUTES = [Route("/posts/{post_id}", show), Route("/posts/{post_id}", reply, methods=["POST"])]
