"""/api/v1/accounts/:id/...: follow, block, mute, note, their undoing; a community is joined by following."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import follow as actions
from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller, Person
from fedcop.mastodon.entities import account as entities
from fedcop.mastodon.forms import ABSENT
from fedcop.mastodon.methods.accounts import find_actor
from fedcop.node import Node
from storage import blocks, follows, visible
from storage.actors import Actor

Act = Callable[[Node, Actor, Actor], Awaitable[object]]


class Follow(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody is to be followed; what is absent stays as it is."""

    reblogs: bool | None = None
    notify: bool | None = None


class Mute(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody is to be muted; ``duration`` in seconds, 0 for good."""

    notifications: bool = True
    duration: Annotated[int, msgspec.Meta(ge=0, le=315_360_000)] = 0


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """A private note about somebody; empty takes it back."""

    comment: Annotated[str, msgspec.Meta(max_length=2000)] = ""


async def standing(request: Request, scope: str) -> tuple[Person, Actor]:
    """Give the person who acts and the account that they act on."""
    person = await auth.person(request, scope)
    caller = Caller(viewer=person.viewer)
    target = await request.app.state.node.store.read(find_actor, caller, forms.number(request))
    return person, target


async def related(request: Request, person: Person, target: Actor) -> Response:
    """Answer how a person stands to an account."""
    node: Node = request.app.state.node
    rows = await node.store.read(
        follows.relationships, visible.SYSTEM, person.actor.id, [target.id], node.clock.now()
    )
    if not rows:
        raise NotFound(ABSENT)
    return answer.entity(entities.relationship(rows[0]))


def relation(scope: str, act: Act) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that changes how a person stands to an account, and answers how they stand."""

    async def endpoint(request: Request) -> Response:
        person, target = await standing(request, scope)
        await act(request.app.state.node, person.actor, target)
        return await related(request, person, target)

    return endpoint


async def follow(request: Request) -> Response:
    """POST /api/v1/accounts/:id/follow; again, it changes the options."""
    form = await forms.read(request, Follow)
    person, target = await standing(request, "write:follows")
    await actions.follow(
        request.app.state.node, person.actor, target, reblogs=form.reblogs, notify_posts=form.notify
    )
    return await related(request, person, target)


async def mute(request: Request) -> Response:
    """POST /api/v1/accounts/:id/mute."""
    form = await forms.read(request, Mute)
    person, target = await standing(request, "write:mutes")
    await actions.mute(
        request.app.state.node,
        person.actor,
        target,
        notifications=form.notifications,
        seconds=form.duration,
    )
    return await related(request, person, target)


async def note(request: Request) -> Response:
    """POST /api/v1/accounts/:id/note."""
    form = await forms.read(request, Remark)
    person, target = await standing(request, "write:accounts")
    node: Node = request.app.state.node
    await node.store.write(blocks.set_remark, person.actor.id, target.id, form.comment)
    return await related(request, person, target)


_RELATIONS = {
    "follow": follow,
    "unfollow": relation("write:follows", actions.unfollow),
    "remove_from_followers": relation("write:follows", actions.remove_follower),
    "block": relation("write:blocks", actions.block),
    "unblock": relation("write:blocks", actions.unblock),
    "mute": mute,
    "unmute": relation("write:mutes", actions.unmute),
    "note": note,
}

ROUTES = [
    Route(f"/api/v1/accounts/{{id}}/{name}", endpoint, methods=["POST"])
    for name, endpoint in _RELATIONS.items()
]
