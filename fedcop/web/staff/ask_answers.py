"""``/posts/ID/answer``: what is done about answers on the page of a thread.

Accept one, with thanks or without; take that back; want no answer any more, or one after all; say whether it
helped. Where nothing is said wrong, the thread is shown again.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop import uris
from fedcop.actions import answer, ask, follow_up, post
from fedcop.actions.post import Draft
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.web import page, session
from storage import views, visible
from storage.actors import Actor
from storage.ids import PostId

THANKS: Final = {"en": "Solved: thank you.", "cy": "Datryswyd: diolch."}


async def change(request: Request) -> Response:
    """Do what a button says about a post."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    post_id = uris.row_id_in(request.path_params["post_id"])
    doing = DOING.get(form.get("do", ""))
    if post_id is None:
        raise NotFound("no such post")
    if doing is None:
        raise Invalid("choose what to do")
    form["language"] = page.language_of(request)
    await doing(node, signed_in.actor, PostId(post_id), form)
    return RedirectResponse(f"/posts/{post_id}", 303)


async def _accept(node: Node, me: Actor, post_id: PostId, _: Mapping[str, str]) -> None:
    await answer.accept(node, me, post_id)


async def _thank(node: Node, me: Actor, post_id: PostId, form: Mapping[str, str]) -> None:
    """Accept by a reply that thanks: whoever answered reads it in any client."""
    view = await node.store.read(views.post_view, visible.person(me.id), post_id)
    if view is None:
        raise NotFound("no such post")
    language = form["language"] if form["language"] in THANKS else "en"
    text = f"@{view.author.handle}@{view.author.domain} {THANKS[language]}"
    await post.publish(node, me, Draft(text=text, language=language, in_reply_to=post_id))


async def _take_back(node: Node, me: Actor, post_id: PostId, _: Mapping[str, str]) -> None:
    await answer.take_back(node, me, post_id)


async def _withdraw(node: Node, me: Actor, post_id: PostId, _: Mapping[str, str]) -> None:
    await ask.withdraw(node, me, post_id)


async def _renew(node: Node, me: Actor, post_id: PostId, _: Mapping[str, str]) -> None:
    await ask.renew(node, me, post_id)


async def _helped(node: Node, me: Actor, post_id: PostId, form: Mapping[str, str]) -> None:
    await follow_up.helped(node, me, post_id, form.get("helped", ""), form.get("how", ""))


DOING: Final[Mapping[str, Callable[[Node, Actor, PostId, Mapping[str, str]], Awaitable[None]]]] = {
    "accept": _accept,
    "thank": _thank,
    "take_back": _take_back,
    "withdraw": _withdraw,
    "renew": _renew,
    "helped": _helped,
}

ROUTES = [Route("/posts/{post_id}/answer", change, methods=["POST"])]
