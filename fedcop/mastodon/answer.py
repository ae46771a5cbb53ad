"""An entity or a page of them to a Response; ``Link`` headers; addresses that a client dials.

Every answer is ``application/json``, faults and ``{}`` too: masto.js throws on any other type.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from fedcop.mastodon.forms import query_of
from fedcop.node import Node
from fedcop.rules import is_loopback
from storage.pages import Page

_CURSORS = frozenset({"max_id", "since_id", "min_id", "limit"})
_HERE = re.compile(r"(127\.0\.0\.1|localhost)(:[0-9]{1,5})?")


@lru_cache(maxsize=4096)  # a page has eighty moments, and the next reader's page has the same ones
def time(moment: datetime) -> str:
    """Write a moment as every client reads it: three digits and ``Z`` (Ice Cubes takes nothing else)."""
    # Every moment here is in UTC; strftime takes ten times as long.
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def time_if(moment: datetime | None) -> str | None:
    """Write a moment, or null for one that has not come."""
    return None if moment is None else time(moment)


def entity(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Give one entity, or a list of them that has no further pages."""
    return Response(
        msgspec.json.encode(value), status_code=status, headers=headers, media_type="application/json"
    )


def page(
    request: Request, entities: Any, page: Page, ids: Sequence[int], *, full_only: bool = False
) -> Response:
    """Give a page of entities with its ``Link`` header, ``ids`` being the cursors of its rows.

    ``full_only``: a page that is not full is the last one. A timeline drops rows after it read them, so
    there a short page says nothing. An empty page has no ``Link``: Tusky follows ``prev`` until it is gone.
    """
    links = []
    if ids:
        here = _address(request, page)
        if not full_only or len(ids) >= page.limit:
            links.append(f'<{here}&max_id={min(ids)}>; rel="next"')
        # toot's expression is anchored at the first entry: next comes first.
        links.append(f'<{here}&min_id={max(ids)}>; rel="prev"')
    return entity(entities, headers={"link": ", ".join(links)} if links else None)


def _address(request: Request, page: Page) -> str:
    """Give the address of a list as it was asked for, without a cursor."""
    kept = [(name, text) for name, text in query_of(request) if name not in _CURSORS]
    query = urlencode([*kept, ("limit", page.limit)], quote_via=quote)
    # masto.js splits the header at commas, so an address has none.
    path = quote(request.scope["path"].rstrip("/"), safe="/")
    return f"{origin(request)}{path}?{query}"


def origin(request: HTTPConnection) -> str:
    """Give where a client is to dial: the public address, or the loopback authority that it dialled.

    Many programs cannot resolve ``kent.localhost``; a node with such a name answers them under the name
    they used. With any other Host the address comes from the configuration.
    """
    node: Node = request.app.state.node
    base_url = node.config.node.base_url
    dialled = request.headers.get("host", "").lower()
    if _HERE.fullmatch(dialled) and is_loopback(node.uris.host):
        return f"{base_url.partition(':')[0]}://{dialled}"
    return base_url
