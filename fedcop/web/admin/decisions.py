"""``/admin/audit``: who decided what, as it was recorded."""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.node import Node
from fedcop.uris import row_id_in
from fedcop.web import page
from fedcop.web.admin import guard
from storage import audit
from storage.audit import Entry

AT_ONCE: Final = 50


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the record, and what it changed in lines."""

    entry: Entry
    changes: list[str]


async def show(request: Request) -> Response:
    """Show the latest decisions, or with ``?about=`` those about one thing or person."""
    node: Node = request.app.state.node
    await guard.admin(request)
    about = request.query_params.get("about", "").strip()
    if about:
        entries = await node.store.read(audit.about, about, limit=AT_ONCE)
    else:
        below = row_id_in(request.query_params.get("before", "")) or audit.NEWEST
        entries = await node.store.read(audit.latest, AT_ONCE, below=below)
    older = f"?before={entries[-1].number}" if len(entries) == AT_ONCE and not about else ""
    return page.answer(
        request,
        "admin/decisions.html",
        shown=[Decision(entry=entry, changes=_changes(entry)) for entry in entries],
        older=older,
        typed={"about": about},
    )


def _changes(entry: Entry) -> list[str]:
    """Give what changed, a line for each name; the reason of the decision is told already."""
    before, after = (
        msgspec.json.decode(said or "{}", type=dict[str, str]) for said in (entry.before, entry.after)
    )
    return [
        f"{name}: {before[name]} → {after.get(name, '')}" if name in before else f"{name}: {after[name]}"
        for name in {**before, **after}
        if name != "reason" or after.get(name) != entry.reason
    ]


ROUTES = [Route("/admin/audit", show)]
