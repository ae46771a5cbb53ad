"""/api/v1/push/subscription: where a client wants to be woken by Web Push; one for each token."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activitypub.errors import Malformed
from activitypub.origin import host_of
from fedcop.content import webpush
from fedcop.delivery import push
from fedcop.errors import Invalid, NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.entities.notification import TYPES
from fedcop.mastodon.entities.push import subscription
from fedcop.node import Node
from storage import push as rows
from storage.push import Policy

NONE = "Record not found"
LONGEST = 2000
SECRET_BYTES = 16


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The client's keys, in base64."""

    p256dh: str = ""
    auth: str = ""


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """The service that wakes the client."""

    endpoint: str = ""
    keys: Keys = Keys()
    standard: bool = False


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Of what the client is told."""

    alerts: dict[str, bool | None] = {}
    policy: Policy = "all"

    def kinds(self) -> tuple[str, ...]:
        """Give the kinds of notification, in our words; what is not known here is left out."""
        return tuple(ours for ours, theirs in TYPES.items() if self.alerts.get(theirs))


class New(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription."""

    subscription: Where = Where()
    data: Wanted = Wanted()


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """Another choice of what the client is told."""

    data: Wanted = Wanted()


async def show(request: Request) -> Response:
    """GET /api/v1/push/subscription; 404 when the client has none."""
    bearer = (await auth.person(request, "push")).bearer
    return await _answer(request, bearer.token_id)


async def _answer(request: Request, token_id: int) -> Response:
    node: Node = request.app.state.node
    held = await node.store.read(rows.find, token_id)
    if held is None:
        raise NotFound(NONE)
    return answer.entity(subscription(held, push.key_of(node)))


async def create(request: Request) -> Response:
    """POST /api/v1/push/subscription: the client's one, instead of an earlier one."""
    node: Node = request.app.state.node
    person = await auth.person(request, "push")
    form = await forms.read(request, New)
    where = form.subscription
    _ensure_endpoint(node, where.endpoint)
    await node.store.write(
        rows.put,
        person.bearer.token_id,
        person.actor.id,
        endpoint=where.endpoint,
        p256dh=_point(where.keys.p256dh),
        secret=_secret(where.keys.auth),
        standard=where.standard,
        alerts=form.data.kinds(),
        policy=form.data.policy,
    )
    return await _answer(request, person.bearer.token_id)


def _ensure_endpoint(node: Node, endpoint: str) -> None:
    try:
        host = host_of(endpoint)
    except Malformed:
        raise Invalid(endpoint=f"found {endpoint[:200]!r}, wanted an https address") from None
    if len(endpoint) > LONGEST:
        raise Invalid(endpoint=f"is too long (maximum is {LONGEST})")
    if host not in node.config.push.hosts:
        raise Invalid(endpoint=f"{host} is not one of the push services that this node may use (push.hosts)")


def _point(text: str) -> bytes:
    try:
        point = webpush.decoded(text)
        webpush.ensure_point(point)
    except ValueError:
        raise Invalid(p256dh="is no public key of a client: wanted an uncompressed point of P-256") from None
    return point


def _secret(text: str) -> bytes:
    try:
        secret = webpush.decoded(text)
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise Invalid(auth=f"is no secret of a client: wanted {SECRET_BYTES} bytes in base64")
    return secret


async def update(request: Request) -> Response:
    """PUT /api/v1/push/subscription: what the client is told; where it is stays."""
    node: Node = request.app.state.node
    person = await auth.person(request, "push")
    data = (await forms.read(request, Changed)).data
    token_id = person.bearer.token_id
    if not await node.store.write(rows.change, token_id, alerts=data.kinds(), policy=data.policy):
        raise NotFound(NONE)
    return await _answer(request, token_id)


async def remove(request: Request) -> Response:
    """DELETE /api/v1/push/subscription."""
    node: Node = request.app.state.node
    person = await auth.person(request, "push")
    await node.store.write(rows.remove, person.bearer.token_id)
    return answer.entity({})


PATH = "/api/v1/push/subscription"
ROUTES = [
    Route(PATH, show),
    Route(PATH, create, methods=["POST"]),
    Route(PATH, update, methods=["PUT"]),
    Route(PATH, remove, methods=["DELETE"]),
]
