"""/api/v1/directory and suggestions: people and communities that somebody may come across.

Who is there follows what each chose (decision 12 of the design): ``storage/findable.py``.
"""

from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.knowledge import introductions
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import account as entities
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.methods.accounts import find_actor
from fedcop.node import Node
from storage import findable
from storage.actors import Actor
from storage.engine import Reader

MOST_SKIPPED = 10_000


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """In which order, and from where; ``order`` is active or new."""

    order: str = "active"
    local: bool = False
    limit: int | None = None
    offset: int = 0


class Suggestions(msgspec.Struct, frozen=True, kw_only=True):
    """How many."""

    limit: int | None = None


class Suggestion(msgspec.Struct, kw_only=True):
    """Somebody whom the caller has not met, and why they are suggested."""

    source: str
    sources: list[str]
    account: entities.Account


async def directory(request: Request) -> Response:
    """GET /api/v1/directory."""
    form = await forms.read(request, Directory)
    caller, found = await auth.scan_open(request, "read:accounts", _directory, form)
    return answer.entity(entities.accounts(found, place(request, caller)))


async def _directory(read: Reader, caller: Caller, form: Directory) -> list[Actor]:
    return await findable.directory(
        read,
        caller.viewer,
        newest=form.order == "new",
        local=form.local,
        skipped=max(0, min(form.offset, MOST_SKIPPED)),
        limit=forms.clamped(form.limit, 40, 80),
    )


async def suggestions_v1(request: Request) -> Response:
    """GET /api/v1/suggestions: accounts alone."""
    caller, found = await _suggested(request)
    return answer.entity(entities.accounts(found, place(request, caller)))


async def suggestions(request: Request) -> Response:
    """GET /api/v2/suggestions: communities first."""
    caller, found = await _suggested(request)
    at = place(request, caller)
    return answer.entity([_suggestion(actor, entities.account(actor, at)) for actor in found])


async def _suggested(request: Request) -> tuple[Caller, list[Actor]]:
    limit = forms.clamped((await forms.read(request, Suggestions)).limit, 40, 80)
    now = request.app.state.node.clock.now()
    home = request.app.state.node.uris.host
    return await auth.scan(request, "read", _suggestions, home, now, limit)


async def _suggestions(read: Reader, caller: Caller, home: str, now: datetime, limit: int) -> list[Actor]:
    """Give communities that the caller has not joined, people like them, then others."""
    found = await findable.suggested(read, caller.viewer, now, limit=limit)
    introduced = await introductions.of(read, caller.viewer, caller.me, home=home, now=now, limit=limit)
    ordered = [
        *(actor for actor in found if actor.type == "Group"), *(one.person for one in introduced), *found
    ]  # fmt: skip
    return list({actor.id: actor for actor in ordered}.values())[:limit]


def _suggestion(actor: Actor, account: entities.Account) -> Suggestion:
    # Of the reasons that clients have words for, these come closest.
    if actor.type == "Group":
        return Suggestion(source="staff", sources=["featured"], account=account)
    return Suggestion(source="global", sources=["most_followed"], account=account)


async def dismiss(request: Request) -> Response:
    """DELETE /api/v1/suggestions/:id: never again."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:accounts")
    target = await node.store.read(find_actor, Caller(viewer=person.viewer), forms.number(request))
    await node.store.write(findable.dismiss, person.actor.id, target.id)
    return answer.entity({})


ROUTES = [
    Route("/api/v1/directory", directory),
    Route("/api/v1/suggestions", suggestions_v1),
    Route("/api/v2/suggestions", suggestions),
    Route("/api/v1/suggestions/{id}", dismiss, methods=["DELETE"]),
]
