"""Wake a client by Web Push: what a person was told, encrypted for that client alone.

    outcome = await push.send(node, subscription, told)

A push service learns which node woke which client and when, never what was said.
"""

from functools import lru_cache
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from activitypub.wire import Request
from fedcop.content import sanitise, webpush
from fedcop.errors import NotPermitted, PeerTrouble
from fedcop.node import Node
from fedcop.transport import Budget
from storage.push import Subscription

BUDGET = Budget(seconds=10, max_bytes=16_384, kind="push")
LONGEST_BODY = 140

Outcome = Literal["sent", "gone", "later"]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a person was told, as a client shows it before it asks for more."""

    notification_id: int
    notification_type: str
    icon: str
    title: str
    body: str
    preferred_locale: str = "en"
    access_token: str = ""  # Mastodon sends the token itself; here only its hash is kept


@lru_cache(maxsize=16)
def _keys(secret: bytes) -> tuple[EllipticCurvePrivateKey, str]:
    key = webpush.application_key(secret)
    return key, webpush.public_of(key)


def key_of(node: Node) -> str:
    """Give the key that a client passes to its push service, so that only this node may wake it."""
    return _keys(node.signing.push_secret)[1]


def excerpt(markup: str) -> str:
    """Give the first words of a post as plain text."""
    text = " ".join(sanitise.text_of(markup).split())
    return text if len(text) <= LONGEST_BODY else f"{text[: LONGEST_BODY - 1].rsplit(' ', 1)[0]}…"


async def send(node: Node, held: Subscription, told: Told) -> Outcome:
    """Send one message: ``gone`` if the service knows the client no longer, ``later`` if it is to wait."""
    key, _ = _keys(node.signing.push_secret)
    headers, body = webpush.message(
        key,
        f"mailto:{node.config.node.contact_email}" if node.config.node.contact_email else node.uris.actor,
        held.endpoint,
        held.p256dh,
        held.secret,
        msgspec.json.encode(told),
        standard=held.standard,
        now=node.clock.now(),
    )
    agent = ("User-Agent", node.user_agent)
    request = Request(method="POST", url=held.endpoint, headers=(agent, *headers), body=body)
    try:
        status = (await node.transport.exchange(request, BUDGET)).status
    except NotPermitted:
        return "gone"
    except PeerTrouble:
        return "later"
    if status in (404, 410):
        return "gone"
    # 413: it will never fit, and the client sees it when it asks.
    return "sent" if status < 300 or status == 413 else "later"
