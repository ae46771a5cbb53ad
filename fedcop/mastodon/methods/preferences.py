"""/api/v1/preferences."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.mastodon import answer, auth
from fedcop.mastodon.entities.account import VISIBILITY
from fedcop.mastodon.methods.accounts import own


async def preferences(request: Request) -> Response:
    """GET /api/v1/preferences: how a person wants to write; how to read is the client's to decide."""
    _, (_, sign_in, _) = await auth.read(request, "read:accounts", own)
    return answer.entity(
        {
            "posting:default:visibility": VISIBILITY[sign_in.audience],
            "posting:default:sensitive": sign_in.sensitive,
            "posting:default:language": sign_in.language,
            "posting:default:quote_policy": sign_in.quote_policy,
            "reading:expand:media": "default",
            "reading:expand:spoilers": False,
            "reading:autoplay:gifs": False,
        }
    )


ROUTES = [Route("/api/v1/preferences", preferences)]
