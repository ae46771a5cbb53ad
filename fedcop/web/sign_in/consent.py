"""``/oauth/authorize``: a person decides what an application may do for them.

The page has a CSRF text and may not be framed. It has no ``form-action`` policy: Chromium applies that to the
redirect as well and would block the custom schemes of phone clients (mastodon-api.md 1.2).
"""

from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import authorize
from fedcop.actions.authorize import OUT_OF_BAND, Asked
from fedcop.node import Node
from fedcop.web import page, session
from fedcop.web.session import SignedIn

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"
PARAMETERS = ("client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge",
              "code_challenge_method")  # fmt: skip
GROUPS = ("read", "write", "follow", "push", "profile", "admin:read", "admin:write")


async def show(request: Request) -> Response:
    """Ask the person who is signed in; whoever is not signs in first."""
    wish = await _asked(request, request.query_params)
    signed_in = await session.find(request)
    if signed_in is None or _is_true(request.query_params.get("force_login")):
        # Once signed in, the person comes back here without being asked again.
        kept = [(name, text) for name, text in request.query_params.items() if name != "force_login"]
        back = f"/oauth/authorize?{urlencode(kept)}"
        ended = RedirectResponse(f"/sign-in?next={quote(back, safe='')}", 302)
        return await session.end(request, ended) if signed_in else ended
    return _page(request, wish, signed_in)


async def decide(request: Request) -> Response:
    """Send the application its code, or that it was refused."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    wish = await _asked(request, QueryParams(form))
    if form.get("decision") != "allow":
        return _back(wish, error="access_denied", error_description="The person did not allow it.")
    code = await authorize.consent(node, wish, signed_in.session.actor_id)
    if wish.redirect_uri == OUT_OF_BAND:
        return _guarded(page.answer(request, "sign_in/code.html", code=code, here="/"))
    return _back(wish, code=code)


async def _asked(request: Request, said: QueryParams) -> Asked:
    # Mastodon.py sends the text "None" for what it does not know.
    given = {name: said[name] for name in PARAMETERS if said.get(name) not in (None, "", "None")}
    return await authorize.asked(
        request.app.state.node,
        client_id=given.get("client_id", ""),
        redirect_uri=given.get("redirect_uri"),
        scope=given.get("scope"),
        response_type=given.get("response_type"),
        state=given.get("state"),
        challenge=given.get("code_challenge"),
        challenge_method=given.get("code_challenge_method"),
    )


def _page(request: Request, wish: Asked, signed_in: SignedIn) -> Response:
    scopes = wish.scopes.split()
    groups = [group for group in GROUPS if any(f"{scope}:".startswith(f"{group}:") for scope in scopes)]
    asked = {
        "client_id": wish.app.client_id, "redirect_uri": wish.redirect_uri, "response_type": "code",
        "scope": wish.scopes, "state": wish.state or "", "code_challenge": wish.challenge or "",
        "code_challenge_method": "S256" if wish.challenge else "",
    }  # fmt: skip
    return _guarded(
        page.answer(
            request, "sign_in/consent.html", app=wish.app, groups=groups, asked=asked, actor=signed_in.actor,
            back=request.url.path + "?" + request.url.query,
            out_of_band=wish.redirect_uri == OUT_OF_BAND,
        )
    )  # fmt: skip


def _back(wish: Asked, **said: str) -> Response:
    """Go back to the application with an answer, in an address to which nothing else is done."""
    if wish.redirect_uri == OUT_OF_BAND:
        return RedirectResponse("/", 303)
    pairs = {**said, **({"state": wish.state} if wish.state is not None else {})}
    joint = "&" if "?" in wish.redirect_uri else "?"
    response = Response(status_code=302, headers={"cache-control": "no-store"})
    # Not RedirectResponse: it would quote the address anew, and clients compare exact texts.
    response.headers["location"] = f"{wish.redirect_uri}{joint}{urlencode(pairs)}"
    return response


def _guarded(response: Response) -> Response:
    response.headers["content-security-policy"] = POLICY
    response.headers["x-frame-options"] = "DENY"
    response.headers["cache-control"] = "no-store"
    return response


def _is_true(text: str | None) -> bool:
    return text in ("true", "1")


ROUTES = [
    Route("/oauth/authorize", show),
    Route("/oauth/authorize/", show),
    Route("/oauth/authorize", decide, methods=["POST"]),
]
