"""Refusals to pages."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fedcop.errors import NotFound, NotSignedIn, Refusal, TooMany
from fedcop.web import page, session


async def refused(request: Request, fault: Exception) -> Response:
    """Give the page that says why something cannot be done; it never leads to an address not checked."""
    assert isinstance(fault, Refusal), "the application sends refusals here and nothing else"
    if isinstance(fault, NotSignedIn) and request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/sign-in?next={quote(request.url.path + query, safe='/')}", 302)
    if isinstance(fault, session.Suspended):
        return RedirectResponse(session.ACCOUNT, 303)
    await session.find(request)
    if isinstance(fault, NotFound):
        return page.not_found(request)
    # 401 would want a WWW-Authenticate header, which would make a browser ask for a password of its own.
    status = 403 if isinstance(fault, NotSignedIn) else 400 if fault.status == 401 else fault.status
    response = page.answer(request, "page/refused.html", status=status, text=fault.text)
    if isinstance(fault, TooMany):
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


async def not_found(request: Request, fault: Exception) -> Response:
    """Give the page for an address that nothing answers."""
    await session.find(request)
    return page.not_found(request)
