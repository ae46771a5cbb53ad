"""Which form of an address is wanted: the ActivityPub document, or the page for people."""

from collections.abc import Mapping
from datetime import datetime
from html import escape

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from activitypub.document import Json
from activitypub.vocab.write import CONTEXT
from fedcop.as2.activities import moment_of
from fedcop.node import Node

# Lemmy compares the whole string with three allowed forms; this is the shortest (federation.md 4.2).
ACTIVITY = "application/activity+json"
# What an address answers depends on these: a cache that ignores them would show one reader another's copy.
VARY = "Accept, Signature, Signature-Input"
PRIVATE: Mapping[str, str] = {"Vary": VARY, "Cache-Control": "private, no-cache"}
PUBLIC: Mapping[str, str] = {"Vary": VARY, "Cache-Control": "public, max-age=180"}

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="alternate" type="application/activity+json" href="{uri}"></head>
<body><h1>{title}</h1></body></html>
"""


def wants_activity(request: Request) -> bool:
    """Tell whether the Accept header names an ActivityPub type, with whatever parameters."""
    names = {
        item.partition(";")[0].strip() for item in request.headers.get("accept", "").lower().split(",")
    }
    return bool(names & {ACTIVITY, "application/ld+json"})


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


def page(node: Node, title: str, uri: str) -> Response:
    """Answer a browser: where public pages are on, what this is and where its document lies; else nothing."""
    if not node.config.web.public_pages:
        return PlainTextResponse("not found\n", 404, PRIVATE)
    return HTMLResponse(PAGE.format(title=escape(title), uri=escape(uri)), 200, PUBLIC)
