"""``/admin/list``: the federation list: whom this node talks with, why, and what a change would cut off."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import allowlist
from fedcop.actions.narrow import Effects, Result
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.rules import Rule, Verdict, canonical
from fedcop.web import page, text
from fedcop.web.admin import guard, part
from fedcop.web.admin.guard import Form
from fedcop.web.session import SignedIn

HERE: Final = "/admin/list"
SOURCE: Final = "page"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A change that somebody wants, as its form says."""

    do: str
    domain: str
    reason: str
    review_on: date | None
    until: date | None


async def show(request: Request) -> Response:
    """Show every entry, and which of them decides about a name that somebody asks for."""
    await guard.admin(request)
    name = request.query_params.get("explain", "")
    verdict, faults = None, {}
    if name:
        try:
            node: Node = request.app.state.node
            verdict = node.rules.verdict(canonical(name))
        except ValueError as error:
            faults = {"explain": text.of(page.language_of(request)).refusal(str(error))}
    typed = {"explain": name, "domain": request.query_params.get("domain", "")}
    return _page(request, typed=typed, faults=faults, verdict=verdict)


def _page(
    request: Request,
    *,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    verdict: Verdict | None = None,
) -> Response:
    node: Node = request.app.state.node
    return page.answer(
        request,
        "admin/entries.html",
        status=422 if faults else 200,
        shown=part.of(request, sorted(node.rules.rules, key=_order), lambda rule: rule.pattern),
        open_to_all=node.config.federation.mode == "open",
        today=node.clock.now().date(),
        verdict=verdict,
        typed=typed,
        faults=faults,
        here=HERE,
    )


def _order(rule: Rule) -> tuple[str, ...]:
    """Put what belongs together beside each other: by the name from its end."""
    return tuple(reversed(rule.pattern.split(".")))


async def look(request: Request) -> Response:
    """Show what a change would cut off, and ask whether to make it; nothing is changed yet."""
    _, form = await guard.posted(request)
    try:
        wanted = _wanted(form)
        effects = await _effects(request.app.state.node, wanted)
    except (Invalid, NotFound) as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "domain")
        return _page(request, typed=form, faults=faults)
    return page.answer(request, "admin/entry_look.html", wanted=wanted, effects=effects, form=form)


async def _effects(node: Node, wanted: Wanted) -> Effects:
    named = (wanted.domain,)
    if wanted.do == "allow":
        return await allowlist.effects(node, allow=named)
    if wanted.do == "deny":
        return await allowlist.effects(node, deny=named)
    return await allowlist.effects(node, forget=named)


async def change(request: Request, signed_in: SignedIn, form: Form) -> Response:
    """Make a change, and show what ended with it."""
    try:
        wanted = _wanted(form)
        result = await _changed(request.app.state.node, wanted, signed_in.actor.handle)
    except (Invalid, NotFound) as refusal:
        faults = text.of(page.language_of(request)).faults(refusal, "domain")
        return _page(request, typed=form, faults=faults)
    return page.answer(request, "admin/entry_done.html", wanted=wanted, result=result, here=HERE)


async def _changed(node: Node, wanted: Wanted, by: str) -> Result:
    if wanted.do == "forget":
        return await allowlist.forget(node, wanted.domain, reason=wanted.reason, by=by)
    put = allowlist.allow if wanted.do == "allow" else allowlist.deny
    return await put(
        node,
        wanted.domain,
        reason=wanted.reason,
        review_on=wanted.review_on,
        until=wanted.until,
        by=by,
        source=SOURCE,
    )


def _wanted(form: Form) -> Wanted:
    """Read the form; raise ``Invalid`` for each field that cannot be read."""
    days: dict[str, date | None] = {}
    wrong = {}
    for name in ("review", "until"):
        try:
            days[name] = date.fromisoformat(form[name]) if form.get(name) else None
        except ValueError:
            wrong[name] = f"found {form[name]!r}, wanted a day such as 2027-03-31"
    domain = form.get("domain", "").strip()
    try:
        allowlist.pattern_of(domain)
    except Invalid as refusal:
        wrong |= refusal.fields
    do = form.get("do", "")
    if do not in ("allow", "deny", "forget"):
        wrong["do"] = "choose whether to allow or to deny"
    reason = form.get("reason", "").strip()
    if do != "forget" and not reason:
        wrong["reason"] = "say why, for whoever looks at this entry later"
    if wrong:
        raise Invalid(**wrong)
    return Wanted(
        do=do,
        domain=domain,
        reason=reason,
        review_on=days["review"],
        until=days["until"],
    )


ROUTES = [
    Route(HERE, show),
    Route(HERE, look, methods=["POST"]),
    Route(f"{HERE}/change", guard.grave(change), methods=["POST"]),
]
