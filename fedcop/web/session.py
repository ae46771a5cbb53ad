"""Who is signed in at the pages: a cookie that the client API never looks at.

The cookie is HttpOnly and SameSite=Lax, and named ``__Host-`` on https, so that no neighbour can set it.
Every form carries the session's CSRF text; before there is a session, SameSite and the Origin header guard.
"""

import hmac
from datetime import datetime

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from fedcop.actions import account as accounts
from fedcop.errors import Invalid, NotPermitted, NotSignedIn
from fedcop.node import Node
from fedcop.web import page
from storage import actors, sessions, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.sessions import Session

FORMS_MOST = 65_536
ACCOUNT = "/settings/account"  # all that somebody suspended may open, beside their archive


class Suspended(NotPermitted):
    """Says that whoever is signed in may open the page of their account and nothing else."""


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A session that holds, and whose it is."""

    session: Session
    actor: Actor


def cookie_name(node: Node) -> str:
    """Give the cookie's name; on loopback the port is in it, since cookies do not tell ports apart."""
    if page.is_secure(node):
        return "__Host-session"
    return f"session-{node.config.server.port}"


async def find(request: Request) -> SignedIn | None:
    """Give who is signed in, or None, also for somebody suspended; the page that answers shows it."""
    found = await find_any(request)
    if found is not None and found.session.state == "active":
        return found
    request.state.signed_in = None
    return None


async def find_any(request: Request) -> SignedIn | None:
    """Give who is signed in, be they suspended, or None; the page that answers shows it."""
    node: Node = request.app.state.node
    secret = request.cookies.get(cookie_name(node))
    if not secret:
        return None
    found = await node.store.read(_find, accounts.hash_of(secret), node.clock.now())
    request.state.signed_in = found
    return found


async def ensure(request: Request) -> SignedIn:
    """Give who is signed in; raise ``NotSignedIn``, which a page that is read answers by the sign-in page.

    Raises ``Suspended``, which leads to the page of the account.
    """
    signed_in = await ensure_any(request)
    if signed_in.session.state != "active":
        request.state.signed_in = None
        raise Suspended("this account is suspended")
    return signed_in


async def ensure_any(request: Request) -> SignedIn:
    """Give who is signed in, be they suspended; raise ``NotSignedIn``."""
    signed_in = await find_any(request)
    if signed_in is None:
        raise NotSignedIn("Your session has ended; sign in again.")
    return signed_in


async def posted(request: Request, *, longest: int = FORMS_MOST) -> tuple[SignedIn, dict[str, str]]:
    """Give who sent a form of one of our pages, and its fields; raise for any other."""
    form = await form_of(request, longest=longest)
    signed_in = await ensure(request)
    ensure_csrf(form, signed_in)
    return signed_in, form


async def posted_by_any(request: Request) -> tuple[SignedIn, dict[str, str]]:
    """Give who sent a form, be they suspended, and its fields; raise as ``posted``."""
    form = await form_of(request)
    signed_in = await ensure_any(request)
    ensure_csrf(form, signed_in)
    return signed_in, form


async def _find(read: Reader, secret: str, now: datetime) -> SignedIn | None:
    session = await sessions.find(read, secret, now)
    actor = await actors.find(read, visible.SYSTEM, session.actor_id) if session else None
    return SignedIn(session=session, actor=actor) if session and actor else None


def begin(response: Response, node: Node, session: accounts.Session) -> Response:
    """Give a session's cookie to the browser."""
    response.set_cookie(
        cookie_name(node),
        session.secret,
        max_age=node.config.sign_in.session_days * 86400,
        httponly=True,
        samesite="lax",
        secure=page.is_secure(node),
        path="/",
    )
    return response


async def end(request: Request, response: Response) -> Response:
    """End the session of a request, here and in the browser."""
    node: Node = request.app.state.node
    if secret := request.cookies.get(cookie_name(node)):
        await node.store.write(sessions.end, accounts.hash_of(secret))
    response.delete_cookie(
        cookie_name(node), path="/", httponly=True, samesite="lax", secure=page.is_secure(node)
    )
    return response


def address_of(request: Request) -> str:
    """Give the address from which a request came."""
    return request.client.host if request.client else ""


async def form_of(request: Request, *, longest: int = FORMS_MOST) -> dict[str, str]:
    """Give the fields of a form that one of our own pages sent; raise ``NotPermitted`` for any other.

    A field longer than ``longest`` bytes raises ``Invalid``, as does what is no form.
    """
    _ensure_own_origin(request)
    try:
        async with request.form(max_files=0, max_fields=50, max_part_size=longest) as form:
            return {name: value for name, value in form.items() if isinstance(value, str)}
    except HTTPException as error:
        raise Invalid(f"this form cannot be read: {error.detail}") from error


def ensure_csrf(form: dict[str, str], signed_in: SignedIn) -> None:
    """Raise ``NotPermitted`` unless a form carries the text of the session that it came with."""
    if not hmac.compare_digest(form.get("csrf", "").encode(), signed_in.session.csrf.encode()):
        raise NotPermitted("This form is too old or came from elsewhere; go back and send it again.")


def _ensure_own_origin(request: Request) -> None:
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    host = (origin or "").partition("://")[2]
    if site == "cross-site" or (origin not in (None, "null") and host != request.headers.get("host", "")):
        raise NotPermitted("This form came from another site.")
