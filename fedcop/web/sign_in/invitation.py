"""``/invitation/SECRET``: the one-time link by which a person sets a password."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import account as accounts
from fedcop.errors import Invalid, NotPermitted
from fedcop.web import page, session, text


async def show(request: Request) -> Response:
    """Ask for a password."""
    return page.answer(request, "sign_in/invitation.html", done=False)


async def save(request: Request) -> Response:
    """Set the password and use the link up."""
    form = await session.form_of(request)
    node = request.app.state.node
    try:
        await accounts.accept_invitation(node, request.path_params["secret"], form.get("password", ""))
    except Invalid as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "password")
        return page.answer(request, "sign_in/invitation.html", status=422, faults=faults, done=False)
    except NotPermitted:
        return page.answer(request, "sign_in/link_used.html", status=403)
    return page.answer(request, "sign_in/invitation.html", done=True)


ROUTES = [Route("/invitation/{secret}", show), Route("/invitation/{secret}", save, methods=["POST"])]
