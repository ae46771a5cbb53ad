"""Who asks: the node whose actor signed a GET, or a stranger."""

from starlette.requests import Request

from activitypub import wire
from activitypub.errors import Unsigned
from activitypub.origin import ensure_same_origin, host_of
from activitypub.sig import verify
from fedcop import fetch
from fedcop.actions import knock
from fedcop.errors import NotPermitted
from fedcop.federation.inbox import headers_of, url_of
from fedcop.node import Node
from storage import visible
from storage.visible import STRANGER, Viewer


async def viewer_of(node: Node, request: Request) -> Viewer:
    """Give the node that asks, or the stranger where signed fetch is off.

    Raises ``Unsigned`` without a signature that holds, ``NotPermitted`` for a host that is not on the list,
    of which nothing is fetched then.
    """
    if "signature" not in request.headers:
        if node.config.federation.signed_fetch:
            raise Unsigned("no signature; wanted one by an actor of an allowed node")
        return STRANGER
    asked = wire.Request(
        method=request.method, url=url_of(node, request.scope), headers=headers_of(request.scope)
    )
    now = node.clock.now()
    signature = verify.read(asked, now=now)
    host = host_of(signature.key_id)
    if not node.allows(host):
        says, agent = signature.key_id.partition("#")[0], request.headers.get("user-agent", "")
        knock.note(node, host, way="fetch", actor=says, user_agent=agent)
        raise NotPermitted(f"{host} is not on the federation list of this node")
    held = await fetch.key(node, signature.key_id)
    if not signature.holds(held.key):
        if held.is_new(now):
            raise Unsigned(f"the signature does not hold with {signature.key_id}")
        held = await fetch.key(node, signature.key_id, fresh=True)
        if not signature.holds(held.key):
            raise Unsigned(f"the signature does not hold with {signature.key_id}, asked for again")
    ensure_same_origin(held.owner, signature.key_id)
    return visible.node(host)
