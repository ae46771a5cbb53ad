"""``/settings/profile/offers`` and its like: services of the list, to be ticked, or named in a line."""

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import profile
from fedcop.actions.profile import Changes
from fedcop.as2.practices import MOST, NAMES, labels_in, read_lines
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.web import page, session, text
from fedcop.web.session import SignedIn
from storage import practices, service_list
from storage.engine import Reader
from storage.practices import Practice
from storage.service_list import Service

HERE: Final = "/settings/profile"
OTHERS: Final = "others"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group of functions as the page shows it: id and label of each, the group itself first."""

    label: str
    options: tuple[tuple[str, str], ...]


async def show(request: Request) -> Response:
    """Show the functions, those that were chosen ticked."""
    signed_in = await session.ensure(request)
    return await _page(request, signed_in)


async def _page(
    request: Request,
    signed_in: SignedIn,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    node: Node = request.app.state.node
    kind = _kind(request)
    language = page.language_of(request)
    practice = practices.of(signed_in.actor)
    chosen = getattr(practice, kind)
    groups = _groups(await node.store.read(service_list.functions), language)
    shown = {one for group in groups for one, _ in group.options}
    named = "; ".join(practice.names.get(one, one) for one in chosen if one not in shown)
    return page.answer(
        request,
        "staff/profile_services.html",
        status=422 if faults else 200,
        kind=kind,
        most=MOST[kind],
        groups=groups,
        chosen={one for one in typed if "/" in one} if typed else set(chosen),
        typed=typed or {OTHERS: named},
        faults=faults or {},
        here=request.url.path,
    )


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in MOST:
        raise NotFound("no such page")
    return kind


def _groups(listed: list[Service], language: str) -> list[Group]:
    """Give the functions by group, in the order of their labels."""
    below: dict[str, list[tuple[str, str]]] = {}
    tops = [row for row in listed if row.function is None]
    for row in listed:
        if row.function is not None:
            below.setdefault(row.function, []).append((row.id, service_list.label_of(row, language)))
    return [
        Group(
            label=label,
            options=((row.id, label), *sorted(below.get(row.id, []), key=lambda option: option[1])),
        )
        for label, row in sorted((service_list.label_of(row, language), row) for row in tops)
    ]


async def save(request: Request) -> Response:
    """Keep what was ticked, and what was named of the rest of the list."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    kind = _kind(request)
    try:
        ticked = [name for name in form if "/" in name]
        named = await node.store.read(_named, kind, form.get(OTHERS, ""))
        held = practices.of(signed_in.actor)
        said: Practice = msgspec.structs.replace(held, **{kind: tuple(dict.fromkeys([*ticked, *named]))})
        await profile.update(node, signed_in.actor, Changes(practice=said))
    except Invalid as refusal:
        faults = {OTHERS: next(iter(text.of(page.language_of(request)).faults(refusal, OTHERS).values()))}
        return await _page(request, signed_in, form, faults)
    return RedirectResponse(f"{HERE}?saved", 303)


async def _named(read: Reader, kind: str, typed: str) -> list[str]:
    """Give the ids of services by their labels; raise ``Invalid`` for what is on no list."""
    lines = [(NAMES[kind][0], typed)]
    said = read_lines(lines, await service_list.named(read, labels_in(lines)), "en")
    if said.rest:
        raise Invalid(others=f"found {said.rest[0][1][:100]!r}, which is not on the service list")
    return list(getattr(said.practice, kind))


ROUTES = [
    Route(f"{HERE}/{{kind:str}}", show),
    Route(f"{HERE}/{{kind:str}}", save, methods=["POST"]),
]
