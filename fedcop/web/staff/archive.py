"""``/settings/archive.zip``: a person's own archive, once it is ready, to nobody else."""

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import archive
from fedcop.errors import NotFound
from fedcop.node import Node
from fedcop.web import files, session

HERE = "/settings/archive.zip"


async def give(request: Request) -> Response:
    """Give the archive of whoever is signed in; 404 while there is none."""
    node: Node = request.app.state.node
    signed_in = await session.find_any(request)
    if signed_in is None:
        return RedirectResponse(f"/sign-in?next={HERE}", 302)
    path = await archive.path_of(node, signed_in.actor.id)
    if not path.is_file():
        raise NotFound("the archive is gone; ask for a new one")
    return FileResponse(
        path,
        media_type="application/zip",
        filename=f"{signed_in.actor.handle}-{node.clock.now():%Y-%m-%d}.zip",
        headers=files.ALONE | {"cache-control": "no-store"},
    )


ROUTES = [Route(HERE, give)]
