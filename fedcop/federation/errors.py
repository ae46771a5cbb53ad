"""Refusals as another server reads them: a status, and one line that says why."""

from starlette.responses import PlainTextResponse, Response

from activitypub.errors import RemoteFault
from fedcop.errors import PeerTrouble, Refusal

# A peer that is told 503 comes again; after a 4xx Lemmy counts the activity as delivered (federation.md 7.2).
COME_AGAIN = 60


def answer_of(error: RemoteFault | Refusal) -> Response:
    """Give the answer to a peer for what was refused."""
    headers = {"Retry-After": str(COME_AGAIN)} if isinstance(error, PeerTrouble) else None
    return PlainTextResponse(f"{error}\n", error.status, headers)
