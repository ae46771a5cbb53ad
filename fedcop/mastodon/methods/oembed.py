"""/api/oembed: a public post as another site may show it (oembed.com), where strangers may read at all."""

from html import escape
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.errors import NotFound
from fedcop.mastodon import answer, forms
from fedcop.mastodon.entities.status import content_of
from fedcop.mastodon.forms import ABSENT
from fedcop.node import Node
from fedcop.uris import row_id_in
from storage import views, visible
from storage.ids import PostId
from storage.views import PostView

WIDTH = 400
A_DAY = 86_400


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which page is to be shown, and how wide at most."""

    url: str = ""
    maxwidth: int | None = None


async def show(request: Request) -> Response:
    """GET /api/oembed: 404 for what is not public, not ours, or where pages are not."""
    node: Node = request.app.state.node
    form = await forms.read(request, Wish)
    if not (node.config.web.public_pages or node.config.client_api.anonymous):
        raise NotFound(ABSENT)
    view = await _post(node, form.url)
    base = node.config.node.base_url
    return answer.entity(
        {
            "type": "rich",
            "version": "1.0",
            "title": view.post.title or f"{view.author.display_name} (@{view.author.handle})",
            "author_name": view.author.display_name,
            "author_url": view.author.url or view.author.uri,
            "provider_name": node.config.node.name,
            "provider_url": f"{base}/",
            "cache_age": A_DAY,
            "html": _html(view),
            "width": forms.clamped(form.maxwidth, WIDTH, WIDTH),
            "height": None,
        }
    )


async def _post(node: Node, url: str) -> PostView:
    post_id = row_id_in(urlsplit(url).path.rstrip("/").rpartition("/")[2]) if node.uris.is_ours(url) else None
    view = None
    if post_id is not None:
        view = await node.store.read(views.post_view, visible.STRANGER, PostId(post_id))
    if view is None or not view.post.local or url.rstrip("/") not in (view.post.uri, view.post.url):
        raise NotFound(ABSENT)
    return view


def _html(view: PostView) -> str:
    page, author = escape(view.post.url or view.post.uri), escape(view.author.display_name)
    # The text was cleaned when it was written.
    text = content_of(view.post.title, view.post.content, view.post.link)
    return f'<blockquote cite="{page}">{text}<p>— <a href="{page}">{author}</a></p></blockquote>'


ROUTES = [Route("/api/oembed", show)]
