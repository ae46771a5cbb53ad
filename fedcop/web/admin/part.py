"""A long list on a page: a hundred rows at once, and only those that somebody looks for.

shown = part.of(request, rows, lambda row: row.host)        rows, what was looked for, the next page
"""

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request

from fedcop.uris import row_id_in

AT_ONCE: Final = 100

T = TypeVar("T")


class Part(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Some rows of ``total``; ``older`` is the address of the next page, from this one on, or empty."""

    rows: list[T]
    total: int
    wanted: str
    older: str


def of(request: Request, rows: Sequence[T], name: Callable[[T], str]) -> Part[T]:
    """Give the rows in whose name the text of ``?find=`` stands, from the place ``?from=`` on."""
    wanted = request.query_params.get("find", "").strip().lower()
    begins = row_id_in(request.query_params.get("from", "")) or 0
    found = [row for row in rows if wanted in name(row).lower()]
    ends = begins + AT_ONCE
    query = urlencode({"find": wanted, "from": ends} if wanted else {"from": ends})
    return Part(
        rows=found[begins:ends],
        total=len(found),
        wanted=wanted,
        older=f"?{query}" if len(found) > ends else "",
    )
