"""/oauth/token, revoke and userinfo, and the document that says where they are.

The consent page is one of the node's own pages: ``fedcop/web/sign_in``.
"""

import base64
import binascii
from urllib.parse import unquote

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import account as accounts
from fedcop.actions import authorize
from fedcop.actions.authorize import Granted, OAuthFault
from fedcop.errors import NotPermitted, NotSignedIn, Refusal
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities.account import account
from fedcop.mastodon.entities.application import Token
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.methods.accounts import find_actor
from fedcop.node import Node
from storage.actors import Actor
from storage.engine import Reader
from storage.oauth import App

FRESH = {"cache-control": "no-store", "pragma": "no-cache"}


class TokenForm(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a token, by any of the grants; clients leave out or add much of it."""

    grant_type: str = ""
    client_id: str | None = None
    client_secret: str | None = None
    code: str | None = None
    redirect_uri: str | None = None
    code_verifier: str | None = None
    scope: str | None = None
    username: str | None = None
    password: str | None = None
    token: str | None = None


async def token(request: Request) -> Response:
    """Give a token for a code, for a password where that is allowed, or to an application itself."""
    try:
        granted = await _granted(request, await forms.read(request, TokenForm))
    except OAuthFault as fault:
        return _fault(fault)
    shown = Token(access_token=granted.token, scope=granted.scopes, created_at=granted.created_at)
    return answer.entity(shown, headers=FRESH)


async def _granted(request: Request, form: TokenForm) -> Granted:
    node: Node = request.app.state.node
    client_id, secret = _client_of(request, form)
    kinds = grant_types(node)
    if form.grant_type not in kinds:
        raise OAuthFault("unsupported_grant_type", f"Only these are understood here: {', '.join(kinds)}.")
    by_code = form.grant_type == "authorization_code"
    app = await authorize.client(node, client_id, secret, public=by_code and bool(form.code_verifier))
    if by_code:
        return await authorize.redeem(
            node, app, code=form.code or "", redirect_uri=form.redirect_uri, verifier=form.code_verifier,
            secret_given=secret is not None,
        )  # fmt: skip
    if form.grant_type == "password":
        return await _by_password(request, app, form)
    return await authorize.grant(node, app, None, form.scope)


async def _by_password(request: Request, app: App, form: TokenForm) -> Granted:
    node: Node = request.app.state.node
    address = request.client.host if request.client else ""
    try:
        account = await accounts.check_password(
            node, form.username or "", form.password or "", address=address
        )
    except (NotSignedIn, NotPermitted) as refusal:
        raise OAuthFault("invalid_grant", refusal.text) from refusal
    return await authorize.grant(node, app, account.actor_id, form.scope)


def grant_types(node: Node) -> list[str]:
    """Give the grants that this node knows; by password only for suites of clients."""
    password = ["password"] if node.config.sign_in.password_grant else []
    return ["authorization_code", "client_credentials", *password]


def _client_of(request: Request, form: TokenForm) -> tuple[str, str | None]:
    """Read who the client says it is, from Basic or from the form; both may be sent when they are equal."""
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return form.client_id or "", form.client_secret
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthFault("invalid_client", "The Basic credentials cannot be read.", status=401) from None
    pair = unquote(name), unquote(secret)
    if form.client_id not in (None, pair[0]) or form.client_secret not in (None, pair[1]):
        raise OAuthFault("invalid_client", "Basic and the form name different clients.", status=401)
    return pair


async def revoke(request: Request) -> Response:
    """End a token of the client that asks."""
    form = await forms.read(request, TokenForm)
    node: Node = request.app.state.node
    try:
        client_id, secret = _client_of(request, form)
        app = await authorize.client(node, client_id, secret, public=False)
    except OAuthFault:
        fault = OAuthFault("unauthorized_client", "You are not authorized to revoke this token", status=403)
        return _fault(fault)
    await authorize.revoke(node, app, form.token or "")
    return answer.entity({})


async def userinfo(request: Request) -> Response:
    """Say who the person is that a token was given for (OpenID Connect, as far as Mastodon has it)."""
    caller, actor = await auth.read(request, "profile", _oneself)
    node: Node = request.app.state.node
    claims = {
        "iss": f"{node.config.node.base_url}/",
        "sub": actor.uri,
        "name": actor.display_name,
        "preferred_username": actor.handle,
        "profile": actor.url or actor.uri,
        "picture": account(actor, place(request, caller)).avatar,
    }
    return answer.entity(claims)


async def _oneself(read: Reader, caller: Caller) -> Actor:
    return await find_actor(read, caller, caller.me)


async def metadata(request: Request) -> Response:
    """Say where authorization happens and what is understood (RFC 8414)."""
    node: Node = request.app.state.node
    base = answer.origin(request)
    document = {
        "issuer": f"{base}/",
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "userinfo_endpoint": f"{base}/oauth/userinfo",
        "app_registration_endpoint": f"{base}/api/v1/apps",
        "scopes_supported": list(authorize.SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": grant_types(node),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "service_documentation": "https://docs.joinmastodon.org/",
    }
    return answer.entity(document)


def _fault(fault: Refusal) -> Response:
    code = fault.code if isinstance(fault, OAuthFault) else "invalid_request"
    body = {"error": code, "error_description": fault.text}
    headers = dict(FRESH)
    if fault.status == 401:
        headers["www-authenticate"] = 'Basic realm="OAuth"'
    return answer.entity(body, status=fault.status, headers=headers)


ROUTES = [
    Route("/oauth/token", token, methods=["POST"]),
    Route("/oauth/revoke", revoke, methods=["POST"]),
    Route("/oauth/userinfo", userinfo, methods=["GET", "POST"]),
    Route("/.well-known/oauth-authorization-server", metadata),
]
