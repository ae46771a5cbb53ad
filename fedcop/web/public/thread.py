"""``/posts/ID``: a post of this node, or in a community of it, with its thread, for people."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop import uris
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.policy.pictures import Pictures
from fedcop.web import page
from fedcop.web.public import reader
from storage import threads, views
from storage.engine import Reader
from storage.ids import PostId
from storage.views import PostView
from storage.visible import Viewer


async def show(request: Request) -> Response:
    """Show a thread from its beginning, the post asked for among it."""
    node: Node = request.app.state.node
    viewer = await reader.of(request)
    post_id = uris.row_id_in(request.path_params["post_id"])
    shown = await node.store.read(_shown, viewer, PostId(post_id)) if post_id is not None else None
    if shown is None or not _is_here(node, shown[0]):
        raise NotFound("no such post")
    addresses = Pictures(origin="", reader=viewer.actor, key=node.signing.address_key, now=node.clock.now())
    return page.answer(request, "public/thread.html", post=shown[0], thread=shown[1], pictures=addresses)


def _is_here(node: Node, view: PostView) -> bool:
    """Tell whether a post is ours to show: by somebody here, or written into a community here."""
    return view.post.local or (view.community is not None and node.uris.is_ours(view.community.uri))


async def _shown(read: Reader, viewer: Viewer, post_id: PostId) -> tuple[PostView, Sequence[PostView]] | None:
    post = await views.post_view(read, viewer, post_id)
    if post is None:
        return None
    root = post.post.root_id
    ids = [root, *await threads.descendants(read, viewer, root)]
    return post, await views.views(read, viewer, ids)


ROUTES = [Route("/posts/{post_id}", show)]
