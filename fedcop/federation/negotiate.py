"""Which form of an address is wanted: the ActivityPub document, or the page for people.

An address of a person, a community or a post is both. ``DocumentRoute`` takes only requests that name an
ActivityPub type; all others go on to whoever has the page.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from activitypub.document import Json
from activitypub.vocab.write import CONTEXT
from fedcop import uris
from fedcop.as2.activities import moment_of
from fedcop.errors import NotFound

# Lemmy compares the whole string with three allowed forms; this is the shortest (federation.md 4.2).
ACTIVITY = "application/activity+json"
# What an address answers depends on these: a cache that ignores them would show one reader another's copy.
VARY = "Accept, Signature, Signature-Input"
PRIVATE: Mapping[str, str] = {"Vary": VARY, "Cache-Control": "private, no-cache"}
PUBLIC: Mapping[str, str] = {"Vary": VARY, "Cache-Control": "public, max-age=180"}


class DocumentRoute(Route):
    """A route that is there only for requests that want an ActivityPub document."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as any route does, unless a page is wanted."""
        match, found = super().matches(scope)
        if match is not Match.NONE and not wants_activity(scope):
            return Match.NONE, {}
        return match, found


def wants_activity(scope: Scope) -> bool:
    """Tell whether the Accept header names an ActivityPub type, with whatever parameters."""
    accept = b",".join(value for name, value in scope["headers"] if name == b"accept").lower()
    names = {item.partition(b";")[0].strip() for item in accept.split(b",")}
    return bool(names & {b"application/activity+json", b"application/ld+json"})


def row_id_in(request: Request) -> int:
    """Give the row id that stands in a path; raise ``NotFound`` for what is none."""
    text: str = request.path_params["row_id"]
    row_id = uris.row_id_in(text)
    if row_id is None:
        raise NotFound(f"{text[:40]!r} is the id of nothing here")
    return row_id


def document(body: bytes | Json, *, status: int = 200, headers: Mapping[str, str] = PRIVATE) -> Response:
    """Answer with an ActivityPub document."""
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Response(content, status, headers, ACTIVITY)


def tombstone(uri: str, former_type: str, deleted_at: datetime) -> Response:
    """Answer 410 for what was here: peers that ask again remove their copy."""
    body: Json = {
        "@context": CONTEXT,
        "id": uri,
        "type": "Tombstone",
        "formerType": former_type,
        "deleted": moment_of(deleted_at),
    }
    return document(body, status=410)
