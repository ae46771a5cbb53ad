"""/api/v1/polls: look at a poll again, and vote. A poll has the id of its status."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import vote
from fedcop.errors import NotFound
from fedcop.mastodon import answer, auth, forms
from fedcop.mastodon.auth import Caller
from fedcop.mastodon.entities import poll as entities
from fedcop.mastodon.forms import ABSENT
from fedcop.node import Node
from storage import polls, posts
from storage.engine import Reader
from storage.ids import ActorId, PostId
from storage.polls import Poll


class Votes(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody chooses, by place from 0."""

    choices: Annotated[tuple[int, ...], msgspec.Meta(max_length=vote.MOST_CHOICES)] = ()


async def show(request: Request) -> Response:
    """GET /api/v1/polls/:id; another node's is asked for its counts, for who is signed in."""
    node: Node = request.app.state.node
    poll_id = forms.number(request)
    caller, (poll, _) = await auth.read_open(request, "read:statuses", _find, poll_id)
    if caller.me:
        await vote.refresh(node, poll)
    return await _shown(request, poll_id, "read:statuses")


async def cast(request: Request) -> Response:
    """POST /api/v1/polls/:id/votes."""
    node: Node = request.app.state.node
    poll_id = forms.number(request)
    person = await auth.person(request, "write:statuses")
    form = await forms.read(request, Votes)
    await vote.vote(node, person.actor, PostId(poll_id), form.choices)
    return await _shown(request, poll_id, "write:statuses")


async def _shown(request: Request, poll_id: int, scope: str) -> Response:
    node: Node = request.app.state.node
    caller, (poll, author) = await auth.read_open(request, scope, _find, poll_id)
    return answer.entity(entities.poll(poll, author=author, me=caller.me, now=node.clock.now()))


async def _find(read: Reader, caller: Caller, poll_id: int) -> tuple[Poll, ActorId]:
    post = await posts.find(read, caller.viewer, PostId(poll_id))
    poll = await polls.find(read, caller.viewer, PostId(poll_id))
    if post is None or poll is None:
        raise NotFound(ABSENT)
    return poll, post.author_id


ROUTES = [
    Route("/api/v1/polls/{id}", show),
    Route("/api/v1/polls/{id}/votes", cast, methods=["POST"]),
]
