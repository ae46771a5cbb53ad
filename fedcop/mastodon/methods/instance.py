"""/api/v1/instance and /api/v2/instance: open to everybody, since clients refuse a server that shuts them."""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from fedcop.delivery import push
from fedcop.mastodon import answer, auth
from fedcop.mastodon.entities import instance as entities
from fedcop.mastodon.entities.instance import Counts
from fedcop.node import Node
from storage import actors, everybody, peers, visible
from storage.engine import Reader

MONTH = timedelta(days=30)

# Names of languages in themselves, for the composer of a client.
LANGUAGES = {"en": "English", "cy": "Cymraeg", "gd": "Gàidhlig", "ga": "Gaeilge"}


async def v2(request: Request) -> Response:
    """Give the instance as version 2 has it."""
    node: Node = request.app.state.node
    since = node.clock.now() - MONTH
    active = await node.store.scan(everybody.count_active_people, visible.SYSTEM, since)
    return answer.entity(
        entities.instance(node.config, answer.origin(request), active=active, vapid_key=push.key_of(node))
    )


async def v1(request: Request) -> Response:
    """Give the instance as version 1 has it."""
    node: Node = request.app.state.node
    counts = await node.store.scan(_counts)
    return answer.entity(
        entities.v1_instance(node.config, answer.origin(request), counts, vapid_key=push.key_of(node))
    )


async def _counts(read: Reader) -> Counts:
    return Counts(
        user_count=await everybody.count_local_people(read, visible.SYSTEM),
        status_count=await everybody.count_local_posts(read, visible.SYSTEM),
        domain_count=len(await peers.all_met(read)),
    )


async def activity(request: Request) -> Response:
    """Give twelve weeks of figures, none of which this node keeps by the week."""
    node: Node = request.app.state.node
    weeks = [_monday(node.clock.now() - timedelta(weeks=week)) for week in range(12)]
    return answer.entity(
        [{"week": str(week), "statuses": "0", "logins": "0", "registrations": "0"} for week in weeks]
    )


def _monday(moment: datetime) -> int:
    return int((moment - timedelta(days=moment.weekday())).timestamp()) // 86400 * 86400


async def met(request: Request) -> Response:
    """Give the names of the nodes met, to whoever is signed in."""
    await auth.person(request, "read")
    node: Node = request.app.state.node
    return answer.entity([peer.host for peer in await node.store.read(peers.all_met)])


async def languages(request: Request) -> Response:
    """Give the languages of this node."""
    node: Node = request.app.state.node
    return answer.entity(
        [{"code": code, "name": LANGUAGES.get(code, code)} for code in node.config.node.languages]
    )


async def description(request: Request) -> Response:
    """Give the longer description, which is the one of the configuration."""
    node: Node = request.app.state.node
    since = await _begun(node)
    return answer.entity({"updated_at": answer.time(since), "content": node.config.node.description})


async def privacy_policy(request: Request) -> Response:
    """Give an empty page: nobody writes one here. As old as the node, since decoders want a moment."""
    since = await _begun(request.app.state.node)
    return answer.entity({"updated_at": answer.time(since), "content": ""})


async def terms_of_service(request: Request) -> Response:
    """Give an empty page, in force for as long as the node has been there."""
    since = await _begun(request.app.state.node)
    return answer.entity(
        {"effective_date": since.date().isoformat(), "effective": True, "content": "", "succeeded_by": None}
    )


async def _begun(node: Node) -> datetime:
    """Give when the node was made."""
    own = await node.store.read(actors.find_by_uri, visible.SYSTEM, node.uris.actor)
    assert own is not None
    return own.created_at


async def nothing(request: Request) -> Response:
    """Give an empty list."""
    return answer.entity([])


async def translation_languages(request: Request) -> Response:
    """Give an empty table: nothing is translated here."""
    return answer.entity({})


async def health(request: Request) -> Response:
    """Say that the process answers."""
    return PlainTextResponse("OK")


ROUTES = [
    Route("/api/v2/instance", v2),
    Route("/api/v1/instance", v1),
    Route("/api/v1/instance/activity", activity),
    Route("/api/v1/instance/peers", met),
    Route("/api/v1/instance/rules", nothing),
    Route("/api/v1/instance/domain_blocks", nothing),
    Route("/api/v1/instance/languages", languages),
    Route("/api/v1/instance/translation_languages", translation_languages),
    Route("/api/v1/instance/extended_description", description),
    Route("/api/v1/instance/privacy_policy", privacy_policy),
    Route("/api/v1/instance/terms_of_service", terms_of_service),
    Route("/api/v1/custom_emojis", nothing),
    Route("/health", health),
]
