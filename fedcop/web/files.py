"""``/media/NAME``: pictures of this node, each under a name that is made from its content."""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from fedcop.errors import NotFound

TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
# Nothing but letters, digits and one dot a part: no name leads out of the folder.
NAME = re.compile(r"(?:[A-Za-z0-9_-]+/)?[A-Za-z0-9_-]+\.([a-z]{3,4})")
HEADERS = {
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "access-control-allow-origin": "*",
}


async def show(request: Request) -> Response:
    """Give a picture; its type comes from the name, which this node chose, and never from its sender."""
    name = request.path_params["name"]
    found = NAME.fullmatch(name)
    kind = TYPES.get(found[1]) if found else None
    path = Path(request.app.state.node.config.media.folder) / name
    if kind is None or not path.is_file():
        raise NotFound("no such file")
    return FileResponse(path, media_type=kind, headers=HEADERS)


ROUTES = [Route("/media/{name:path}", show)]
