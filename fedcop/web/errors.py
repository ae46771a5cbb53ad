"""Refusals to pages."""

from starlette.requests import Request
from starlette.responses import Response

from fedcop.errors import NotFound, Refusal, TooMany
from fedcop.web import page


async def refused(request: Request, fault: Exception) -> Response:
    """Give the page that says why something cannot be done; it never leads to an address not checked."""
    assert isinstance(fault, Refusal), "the application sends refusals here and nothing else"
    if isinstance(fault, NotFound):
        return page.not_found(request)
    # 401 would want a WWW-Authenticate header, which would make a browser ask for a password of its own.
    status = 400 if fault.status == 401 else fault.status
    response = page.answer(request, "page/refused.html", status=status, text=fault.text)
    if isinstance(fault, TooMany):
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


async def not_found(request: Request, fault: Exception) -> Response:
    """Give the page for an address that nothing answers."""
    return page.not_found(request)
