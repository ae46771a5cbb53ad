"""/api/v1/media and /api/v2/media: files; each is ready when the upload is answered."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import film, upload
from fedcop.errors import Invalid, NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import attachment as entities
from fedcop.mastodon.entities.place import Place, place
from fedcop.mastodon.forms import ABSENT, Upload
from fedcop.node import Node
from storage import media
from storage.engine import Reader
from storage.ids import MediaId
from storage.media import Media

LONGEST_DESCRIPTION = 1500
UNREADABLE = "cannot be read; wanted a film that is whole"

Description = Annotated[str, msgspec.Meta(max_length=LONGEST_DESCRIPTION)]


class New(msgspec.Struct, frozen=True, kw_only=True):
    """A file to be put into a status."""

    file: Upload
    thumbnail: Upload | None = None
    description: Description = ""
    focus: str | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a file; what is absent stays."""

    thumbnail: Upload | None = None
    description: Description | None = None
    focus: str | None = None


async def create(request: Request) -> Response:
    """POST /api/v2/media: 202 for a film that is yet to be written anew."""
    held, at = await _taken(request)
    return answer.entity(entities.attachment(held, at, None), status=200 if held.there else 202)


async def create_ready(request: Request) -> Response:
    """POST /api/v1/media: as the other, answered when the file is ready."""
    node: Node = request.app.state.node
    held, at = await _taken(request)
    if not held.there:
        await film.write_anew(node, held.id)
        held = await node.store.read(_own, Caller(viewer=at.caller.viewer), held.id)
        if not held.there:
            raise Invalid(file=UNREADABLE)
    return answer.entity(entities.attachment(held, at, None))


async def _taken(request: Request) -> tuple[Media, Place]:
    person = await auth.person(request, "write:media")
    form = await forms.read(request, New)
    held = await upload.take(
        request.app.state.node,
        person.actor,
        form.file.data,
        description=form.description,
        focus=focus_of(form.focus),
        thumbnail=form.thumbnail.data if form.thumbnail else None,
    )
    return held, place(request, Caller(viewer=person.viewer))


async def show(request: Request) -> Response:
    """GET /api/v1/media/:id: masto.js asks after each upload until there is a url; 206 until then."""
    caller, held = await auth.read(request, "write:media", _own, forms.number(request))
    if held.raw is None and not held.there:
        raise Invalid(file=UNREADABLE)
    status = 200 if held.there else 206
    return answer.entity(entities.attachment(held, place(request, caller), None), status=status)


async def _own(read: Reader, caller: Caller, media_id: int) -> Media:
    held = await media.find(read, caller.viewer, MediaId(media_id))
    if held is None or held.owner_id != caller.me:
        raise NotFound(ABSENT)
    return held


async def describe(request: Request) -> Response:
    """PUT /api/v1/media/:id."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:media")
    form = await forms.read(request, Change)
    media_id = MediaId(forms.number(request))
    change = upload.Change(media_id=media_id, description=form.description, focus=focus_of(form.focus))
    await upload.describe(node, person.actor, change)
    if form.thumbnail is not None:
        await upload.illustrate(node, person.actor, media_id, form.thumbnail.data)
    return await show(request)


async def remove(request: Request) -> Response:
    """DELETE /api/v1/media/:id: an upload that is in no status."""
    person = await auth.person(request, "write:media")
    if not await upload.discard(request.app.state.node, person.actor, [MediaId(forms.number(request))]):
        raise NotFound(ABSENT)
    return answer.entity({})


def focus_of(text: str | None) -> tuple[float, float] | None:
    """Read ``x,y``, the point that is to be seen when a picture is cropped."""
    if not text:
        return None
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise forms.invalid("focus", "is not two numbers with a comma between them") from None
    return x, y


ROUTES = [
    Route("/api/v1/media", create_ready, methods=["POST"]),
    Route("/api/v2/media", create, methods=["POST"]),
    Route("/api/v1/media/{id}", show),
    Route("/api/v1/media/{id}", describe, methods=["PUT"]),
    Route("/api/v1/media/{id}", remove, methods=["DELETE"]),
]
