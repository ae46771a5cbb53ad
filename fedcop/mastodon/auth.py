"""Who asks: a bearer token to a Caller, with the scope that a method needs.

    caller, views = await auth.read(request, "read:statuses", _home, page)   # one snapshot: token and rows
    caller = await auth.person(request, "write:statuses")                    # before an action

A token is looked up in the very snapshot that answers, so one that was revoked a moment ago gives nothing.
The session cookie of the pages never counts here (design 28).
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

import msgspec
from starlette.requests import Request

from fedcop.actions.account import hash_of
from fedcop.actions.authorize import covers
from fedcop.errors import NotPermitted, NotSignedIn
from fedcop.node import Node
from storage import actors, communities, filters, oauth, visible
from storage.actors import Actor
from storage.engine import Reader
from storage.filters import Filter
from storage.ids import ActorId
from storage.oauth import Bearer
from storage.visible import Viewer

T = TypeVar("T")
P = ParamSpec("P")

# The official Android client goes on with a closed server on exactly these words.
NOBODY = "This method requires an authenticated user"
OUTSIDE = "This action is outside the authorized scopes"


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever asks; without a bearer it is anybody."""

    viewer: Viewer
    bearer: Bearer | None = None
    gated: frozenset[ActorId] = frozenset()  # communities of ours that decide who joins: Account.locked
    filters: tuple[Filter, ...] = ()

    @property
    def me(self) -> ActorId:
        """Give the row id of the person who asks, 0 for nobody."""
        return self.viewer.actor


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person who is about to change something."""

    actor: Actor
    viewer: Viewer
    bearer: Bearer


async def read(
    request: Request,
    scope: str,
    fn: Callable[Concatenate[Reader, Caller, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[Caller, T]:
    """Give the person who asks, and what ``fn(read, caller, ...)`` gives them."""
    node: Node = request.app.state.node
    return await node.store.read(read_as, secret_of(request), scope, fn, args, kwargs)


async def read_open(
    request: Request,
    scope: str,
    fn: Callable[Concatenate[Reader, Caller, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[Caller, T]:
    """As ``read``, for what strangers may read too where ``client_api.anonymous`` says so."""
    node: Node = request.app.state.node
    secret = secret_of(request)
    if secret is None and node.config.client_api.anonymous:
        return await node.store.read(_read_stranger, fn, args, kwargs)
    return await node.store.read(read_as, secret, scope, fn, args, kwargs)


async def scan(
    request: Request,
    scope: str,
    fn: Callable[Concatenate[Reader, Caller, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[Caller, T]:
    """As ``read``, for what may walk through a table (``Store.scan``)."""
    node: Node = request.app.state.node
    return await node.store.scan(read_as, secret_of(request), scope, fn, args, kwargs)


async def scan_open(
    request: Request,
    scope: str,
    fn: Callable[Concatenate[Reader, Caller, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[Caller, T]:
    """As ``read_open``, for what may walk through a table."""
    node: Node = request.app.state.node
    secret = secret_of(request)
    if secret is None and node.config.client_api.anonymous:
        return await node.store.scan(_read_stranger, fn, args, kwargs)
    return await node.store.scan(read_as, secret, scope, fn, args, kwargs)


async def person(request: Request, scope: str) -> Person:
    """Give the person who is about to change something; raise a Refusal if the token does not carry it."""
    node: Node = request.app.state.node
    return await node.store.read(_person, secret_of(request), scope)


async def application(request: Request, scope: str) -> Bearer:
    """Give what a token says, be it a person's or an application's own."""
    node: Node = request.app.state.node
    return await node.store.read(_bearer, secret_of(request), scope)


async def ensure_alive(request: Request) -> None:
    """Raise a Refusal if a token came with a request and counts no more."""
    node: Node = request.app.state.node
    if (secret := secret_of(request)) is not None:
        await node.store.read(_bearer, secret, "")


def secret_of(request: Request) -> str | None:
    """Give the hash of the token that came with a request, or None."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return None
    return hash_of(token.strip())


async def _bearer(read: Reader, secret: str | None, scope: str) -> Bearer:
    if secret is None:
        raise NotSignedIn(NOBODY)
    bearer = await oauth.find_token(read, secret)
    if bearer is None:
        raise NotSignedIn("The access token is invalid")
    if bearer.actor_id is not None and bearer.state != "active":
        raise NotPermitted(f"Your login is currently disabled: this account is {bearer.state}")
    if scope and not covers(bearer.scopes, scope):
        raise NotPermitted(OUTSIDE)
    return bearer


async def _viewer(read: Reader, secret: str | None, scope: str) -> tuple[Bearer, Viewer]:
    bearer = await _bearer(read, secret, scope)
    if bearer.actor_id is None:
        raise NotSignedIn(NOBODY)
    return bearer, visible.person(bearer.actor_id)


async def read_as(
    read: Reader,
    secret: str | None,
    scope: str,
    fn: Callable[..., Awaitable[T]],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> tuple[Caller, T]:
    """Give whoever holds the token with this hash, and what ``fn(read, caller, ...)`` gives them."""
    bearer, viewer = await _viewer(read, secret, scope)
    caller = Caller(
        viewer=viewer,
        bearer=bearer,
        gated=frozenset(await communities.gated(read)),
        filters=await filters.all_of(read, viewer.actor),
    )
    return caller, await fn(read, caller, *args, **kwargs)


async def _read_stranger(
    read: Reader, fn: Callable[..., Awaitable[T]], args: tuple[object, ...], kwargs: dict[str, object]
) -> tuple[Caller, T]:
    caller = Caller(viewer=visible.STRANGER, gated=frozenset(await communities.gated(read)))
    return caller, await fn(read, caller, *args, **kwargs)


async def hears(read: Reader, secret: str, scopes: Sequence[str]) -> ActorId:
    """Give the person who holds a token, which carries one of some scopes."""
    bearer, viewer = await _viewer(read, secret, "")
    if not any(covers(bearer.scopes, scope) for scope in scopes):
        raise NotPermitted(OUTSIDE)
    return viewer.actor


async def _person(read: Reader, secret: str | None, scope: str) -> Person:
    bearer, viewer = await _viewer(read, secret, scope)
    actor = await actors.find(read, visible.SYSTEM, viewer.actor)
    if actor is None:
        raise NotSignedIn(NOBODY)
    return Person(actor=actor, viewer=viewer, bearer=bearer)
