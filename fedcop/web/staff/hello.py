"""``/people/NAME/hello``: a first message to somebody, begun with what both have in common."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fedcop.actions import post
from fedcop.actions.post import Draft
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.knowledge import introductions
from fedcop.node import Node
from fedcop.web import page, reader, session, text
from fedcop.web.session import SignedIn
from storage import visible
from storage.actors import Actor

MOST_LOOKED_AT: Final = 200


async def show(request: Request) -> Response:
    """Show the message, ready to be changed and sent."""
    signed_in = await session.ensure(request)
    return await _page(request, signed_in, await _person(request, signed_in))


async def _person(request: Request, signed_in: SignedIn) -> Actor:
    viewer = visible.person(signed_in.actor.id)
    person = await reader.actor_at(request, viewer, request.path_params["name"])
    if person is None or person.type == "Group" or person.id == signed_in.actor.id:
        raise NotFound("no such person")
    return person


async def _page(
    request: Request,
    signed_in: SignedIn,
    person: Actor,
    typed: Mapping[str, str] | None = None,
    fault: Invalid | NotPermitted | None = None,
) -> Response:
    speech = text.of(page.language_of(request))
    return page.answer(
        request,
        "staff/hello.html",
        status=422 if fault else 200,
        person=person,
        typed=typed or {"text": await _begun(request, signed_in, person)},
        faults=speech.faults(fault, "text") if fault else {},
    )


async def _begun(request: Request, signed_in: SignedIn, person: Actor) -> str:
    """Give the beginning of a message: who is meant, and why one writes, if they are alike.

    Names and roles are others' words: a sign in them that would address somebody else is left out.
    """
    node: Node = request.app.state.node
    language = page.language_of(request)
    words = text.of(language).words
    introduced = await node.store.scan(
        introductions.of,
        visible.person(signed_in.actor.id),
        signed_in.actor.id,
        home=node.uris.host,
        now=node.clock.now(),
        limit=MOST_LOOKED_AT,
    )
    reasons = [
        f"- {reason}"
        for one in introduced
        if one.person.id == person.id
        for reason in introductions.said(one, language)
    ]
    why = ["", words["hello_why"], *reasons] if reasons else []
    said = "\n".join([words["hello_first"].format(name=_name(person)), *why, "", ""])
    return f"@{person.handle}@{person.domain} {said.replace('@', '')}"


def _name(person: Actor) -> str:
    return person.display_name or person.handle


async def send(request: Request) -> Response:
    """Send it to the person alone; what cannot be sent stays in the form."""
    node: Node = request.app.state.node
    signed_in, form = await session.posted(request)
    person = await _person(request, signed_in)
    language = form.get("language", "")
    draft = Draft(
        text=form.get("text", "").replace("\r\n", "\n"),
        audience="direct",
        language=language if language in text.LANGUAGES else None,
    )
    try:
        post_id = await post.publish(node, signed_in.actor, draft)
    except (Invalid, NotPermitted) as refusal:
        return await _page(request, signed_in, person, form, refusal)
    return RedirectResponse(f"/posts/{post_id}", 303)


ROUTES = [Route("/people/{name}/hello", show), Route("/people/{name}/hello", send, methods=["POST"])]
