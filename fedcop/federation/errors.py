"""Refusals as another server reads them: a status, and one line that says why."""

from starlette.responses import PlainTextResponse, Response

from activitypub.errors import RemoteFault
from fedcop.errors import PeerTrouble, Refusal, TooMany
from fedcop.federation.negotiate import VARY
from fedcop.node import Node

# What is refused to one may be given to another, so no cache on the way may keep it.
HEADERS = {"Vary": VARY, "Cache-Control": "no-store"}
# A peer that is told 503 comes again; after a 4xx Lemmy counts the activity as delivered (federation.md 7.2).
COME_AGAIN = 60


def answer_of(error: RemoteFault | Refusal) -> Response:
    """Give the answer to a peer for what was refused."""
    return PlainTextResponse(f"{error}\n", error.status, HEADERS | _again(error))


def _again(error: RemoteFault | Refusal) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    return {"Retry-After": str(COME_AGAIN)} if isinstance(error, PeerTrouble) else {}


def busy(node: Node) -> Response:
    """Give the answer for a moment at which the database takes nothing."""
    return answer_of(PeerTrouble(node.uris.host, "is too busy; come again"))
