"""/api/v1/apps: client applications register here."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import authorize
from fedcop.delivery import push
from fedcop.errors import NotSignedIn
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.entities import application as entities
from fedcop.node import Node
from storage import oauth

LONGEST_NAME = 60


class AppForm(msgspec.Struct, frozen=True, kw_only=True):
    """What a client says of itself; ``redirect_uris`` is a list, or one text parted by newlines or spaces."""

    client_name: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = ""
    redirect_uris: list[str] = []
    scopes: str | None = None
    website: str | None = None


async def register(request: Request) -> Response:
    """Register an application and tell it its secret."""
    form = await forms.read(request, AppForm)
    node: Node = request.app.state.node
    made = await authorize.register(
        node,
        name=form.client_name,
        redirect_uris=[uri for text in form.redirect_uris for uri in text.split()],
        scopes=form.scopes,
        website=form.website,
    )
    return answer.entity(entities.credentials(made.app, made.secret, vapid_key=push.key_of(node)))


async def verify(request: Request) -> Response:
    """Say which application a token belongs to, be it a person's or the application's own."""
    node: Node = request.app.state.node
    secret = auth.secret_of(request)
    bearer = await node.store.read(oauth.find_token, secret) if secret else None
    app = await node.store.read(oauth.app_of_token, bearer.token_id) if bearer else None
    if app is None:
        raise NotSignedIn("The access token is invalid")
    return answer.entity(entities.application(app, vapid_key=push.key_of(node)))


ROUTES = [
    Route("/api/v1/apps", register, methods=["POST"]),
    Route("/api/v1/apps/verify_credentials", verify),
]
