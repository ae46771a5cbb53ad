"""/api/v1/admin/domain_allows and domain_blocks: the federation list, for admins.

An entry that the configuration file fixes is listed and cannot be removed here. Whatever ends with a change
is what ``fedcop deny`` would end (design 16).
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import allowlist
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller, Person
from fedcop.mastodon.entities import domain as entities
from fedcop.mastodon.forms import ABSENT, Paging
from fedcop.node import Node
from fedcop.rules import Severity
from storage import allowlist as rows
from storage.allowlist import RuleRow
from storage.engine import Reader

ALLOWS, BLOCKS = "domain_allows", "domain_blocks"
_NEVER = datetime.fromtimestamp(0, UTC)


Reason = Annotated[str, msgspec.Meta(max_length=1000)]


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """A host or ``*.suffix``; ``reason`` is ours, ``private_comment`` Mastodon's word for it."""

    domain: str = ""
    reason: Reason = ""
    private_comment: Reason = ""


def index(kind: str, severity: Severity) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that lists the entries of a kind."""

    async def endpoint(request: Request) -> Response:
        page = (await forms.read(request, Paging)).page(100, 500)
        caller, held = await auth.read(request, f"admin:read:{kind}", _all)
        wanted = sorted(
            (row for row in _listed(request, caller, held) if row.severity == severity),
            key=lambda row: entities.id_of(row.pattern),
            reverse=True,
        )
        ids = [entities.id_of(row.pattern) for row in wanted]
        low, high = max(page.since_id or 0, page.min_id or 0), page.max_id or max(ids, default=0) + 1
        chosen = [row for row, row_id in zip(wanted, ids, strict=True) if low < row_id < high]
        chosen = chosen[-page.limit :] if page.turned else chosen[: page.limit]
        cursors = [entities.id_of(row.pattern) for row in chosen]
        return answer.page(request, [_entity(row) for row in chosen], page, cursors, full_only=True)

    return endpoint


async def _all(read: Reader, caller: Caller) -> list[RuleRow]:
    return await rows.all_rules(read)


def _listed(request: Request, caller: Caller, held: list[RuleRow]) -> list[RuleRow]:
    """Give the whole list, what the file fixes among it, to an admin."""
    if caller.bearer is None or not caller.bearer.admin:
        raise NotPermitted("This action is not allowed")
    fixed = _fixed(request.app.state.node)
    known = {(row.pattern, row.severity) for row in fixed}
    return [*fixed, *(row for row in held if (row.pattern, row.severity) not in known)]


def _fixed(node: Node) -> list[RuleRow]:
    """Give what the configuration file fixes."""
    return [
        RuleRow(rule.pattern, rule.severity, rule.reason, "", rule.source, _NEVER)
        for rule in node.config.rules()
    ]


def _entity(row: RuleRow) -> entities.DomainAllow | entities.DomainBlock:
    return entities.allow(row) if row.severity == "allow" else entities.block(row)


def show(kind: str, severity: Severity) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint of one entry of a kind."""

    async def endpoint(request: Request) -> Response:
        caller, held = await auth.read(request, f"admin:read:{kind}", _all)
        return answer.entity(_entity(_found(request, caller, held, severity)))

    return endpoint


def _found(request: Request, caller: Caller, held: list[RuleRow], severity: Severity) -> RuleRow:
    wanted = forms.number(request)
    for row in _listed(request, caller, held):
        if entities.id_of(row.pattern) == wanted and row.severity == severity:
            return row
    raise NotFound(ABSENT)


def create(kind: str, severity: Severity) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that adds an entry; the same one again gives the one that is there."""

    async def endpoint(request: Request) -> Response:
        node: Node = request.app.state.node
        person = await _admin(request, f"admin:write:{kind}")
        form = await forms.read(request, Domain)
        if not form.domain.strip():
            raise Invalid(domain="can't be blank")
        change = allowlist.allow if severity == "allow" else allowlist.deny
        held = await _named(node, form.domain, severity)
        if held is None:
            reason = form.reason or form.private_comment
            await change(node, form.domain, reason=reason, by=person.actor.handle, source="client")
            held = await _named(node, form.domain, severity)
        if held is None:
            raise NotFound(ABSENT)  # another admin was faster
        return answer.entity(_entity(held))

    return endpoint


async def _named(node: Node, text: str, severity: Severity) -> RuleRow | None:
    """Give the entry of a pattern, if it is of a kind."""
    pattern = allowlist.pattern_of(text)
    held = await node.store.read(rows.find, pattern)
    named = [*_fixed(node), *([held] if held else [])]
    return next((row for row in named if (row.pattern, row.severity) == (pattern, severity)), None)


async def _admin(request: Request, scope: str) -> Person:
    person = await auth.person(request, scope)
    if not person.bearer.admin:
        raise NotPermitted("This action is not allowed")
    return person


async def update(request: Request) -> Response:
    """PUT /api/v1/admin/domain_blocks/:id: another reason; all else of an entry that denies is fixed."""
    node: Node = request.app.state.node
    form = await forms.read(request, Domain)
    caller, held = await auth.read(request, f"admin:write:{BLOCKS}", _all)
    row = _found(request, caller, held, "deny")
    person = await _admin(request, f"admin:write:{BLOCKS}")
    reason = form.reason or form.private_comment
    if reason and reason != row.reason:
        _ensure_not_fixed(row)
        await allowlist.deny(node, row.pattern, reason=reason, by=person.actor.handle, source="client")
        row = await _named(node, row.pattern, "deny") or row
    return answer.entity(_entity(row))


def _ensure_not_fixed(row: RuleRow) -> None:
    if row.source == "file":
        raise Invalid(domain=f"{row.pattern} is fixed by the configuration file")


def remove(kind: str, severity: Severity) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that takes an entry off the list."""

    async def endpoint(request: Request) -> Response:
        node: Node = request.app.state.node
        caller, held = await auth.read(request, f"admin:write:{kind}", _all)
        row = _found(request, caller, held, severity)
        _ensure_not_fixed(row)
        person = await _admin(request, f"admin:write:{kind}")
        await allowlist.forget(node, row.pattern, by=person.actor.handle)
        return answer.entity({} if severity == "deny" else _entity(row))

    return endpoint


def _routes(kind: str, severity: Severity) -> list[Route]:
    path = f"/api/v1/admin/{kind}"
    return [
        Route(path, index(kind, severity)),
        Route(path, create(kind, severity), methods=["POST"]),
        Route(f"{path}/{{id}}", show(kind, severity)),
        Route(f"{path}/{{id}}", remove(kind, severity), methods=["DELETE"]),
    ]


ROUTES = [
    *_routes(ALLOWS, "allow"),
    *_routes(BLOCKS, "deny"),
    Route(f"/api/v1/admin/{BLOCKS}/{{id}}", update, methods=["PUT"]),
]
