"""Those who are told of what happens, as it happens: nobody outside a members-only community hears of it.

Streams, Web Push, lists, grouped and kept back notifications, polls, and what somebody writes for later.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import own_post, post
from fedcop.actions.account import hash_of
from fedcop.actions.draft import Draft, PollDraft
from fedcop.content import webpush
from fedcop.mastodon.streaming.crowd import Crowd, Listener
from fedcop.mastodon.streaming.streams import Stream
from fedcop.workers import push
from storage import oauth, polls
from storage import push as rows
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.journeys.test_leaks_clients import FORMER, FORMERS, NEIGHBOUR, NEIGHBOURS
from tests.support import closed
from tests.support.closed import Closed
from tests.support.leaks import Attempts, Leaky, Tried, entry_of, text_of
from tests.support.network import Council, Network

ATTEMPTS = Attempts()

OUTSIDERS = (*NEIGHBOURS, *FORMERS)
SERVICE = "web.push.apple.com"


def council_of(leaky: Leaky, who: str) -> Council:
    return {"dan": leaky.closed.devon, "eva": leaky.closed.essex}.get(who, leaky.kent)


def secret_of(leaky: Leaky, who: str) -> str:
    return hash_of(leaky.http[who].headers["authorization"].removeprefix("Bearer "))


async def shelter_at(leaky: Leaky, who: str) -> Actor:
    return await council_of(leaky, who).known(leaky.closed.shelter)


async def spoken(leaky: Leaky) -> None:
    """Let members talk, name who is outside, change their words and take them back."""
    world = leaky.closed
    await world.reply(world.devon, world.dee, leaky.first.uri, "Kingfisher #otterhaven")
    text = "@shelter@kent.example Egrets @ned@kent.example @dan@devon.example @eva@essex.example"
    begun = await world.begin(world.devon, world.dee, f"{text} #otterhaven")
    mine = await world.devon.post(begun.uri)
    assert mine is not None
    await post.edit(world.devon.node, world.dee, mine.id, Draft(text=f"{text} and a heron"))
    await world.network.settle()
    await own_post.delete(world.devon.node, world.dee, mine.id)
    await world.network.settle()


async def heard(leaky: Leaky, who: str, crowd: Crowd) -> tuple[Listener, Crowd]:
    """Give somebody's connection, with every stream that there is."""
    me = (await leaky.http[who].get("/api/v1/accounts/verify_credentials")).json()
    listener = Listener(secret_of(leaky, who), int(me["id"]), council_of(leaky, who).url(""))
    shelter = await shelter_at(leaky, who)
    names = ("user", "user:notification", "direct", "public", "public:local", "public:remote")
    wanted = [Stream(name) for name in names]
    wanted += [Stream("hashtag", "otterhaven"), Stream("list", str(shelter.id))]
    listener.streams = dict.fromkeys(wanted)
    return listener, crowd


@ATTEMPTS.by(NEIGHBOUR, "every stream, while members post, edit and delete", "nothing")
async def streams_by_neighbour(leaky: Leaky) -> list[str]:
    return await streamed(leaky, NEIGHBOURS)


@ATTEMPTS.by(FORMER, "every stream, while members post, edit and delete", "nothing")
async def streams_by_former(leaky: Leaky) -> list[str]:
    return await streamed(leaky, FORMERS)


async def streamed(leaky: Leaky, people: tuple[str, str]) -> list[str]:
    first, second = [await heard(leaky, who, Crowd(council_of(leaky, who).node)) for who in people]
    async with first[1].joined(first[0]), second[1].joined(second[0]):
        await asyncio.sleep(0)
        await spoken(leaky)
        # What everybody hears comes after all that was said before, with an id that no node gave before.
        leaky.closed.network.clock.move(timedelta(seconds=1))
        for who in people:
            await council_of(leaky, who).publish(await somebody(leaky, who), "Good morning")
        told = [await until_morning(listener) for listener, _ in (first, second)]
    return [text for texts in told for text in texts]


async def somebody(leaky: Leaky, who: str) -> Actor:
    world = leaky.closed
    return {"dan": world.dee, "eva": world.eva}.get(who, world.kay)


async def until_morning(listener: Listener) -> list[str]:
    found: list[str] = []
    while "Good morning" not in "".join(found):
        async with asyncio.timeout(10):
            frame = await listener.frames.get()
        assert frame is not None
        found.append(f"{frame.event} {frame.payload}")
    assert [text for text in found if text.startswith("delete")] == []
    return found


@ATTEMPTS.by(NEIGHBOUR, "the list of the community, and its timeline", "404")
async def lists_by_neighbour(leaky: Leaky) -> list[str]:
    return await listed(leaky, NEIGHBOURS)


@ATTEMPTS.by(FORMER, "the list of the community, and its timeline", "404")
async def lists_by_former(leaky: Leaky) -> list[str]:
    return await listed(leaky, FORMERS)


async def listed(leaky: Leaky, people: tuple[str, str]) -> list[str]:
    answers = []
    for who in people:
        row = (await shelter_at(leaky, who)).id
        for path in (
            f"/api/v1/lists/{row}",
            f"/api/v1/timelines/list/{row}",
            f"/api/v1/lists/{row}/accounts",
        ):
            answers.append(await leaky.http[who].get(path))
    return ["" if answer.status_code == 404 else "LEAK" for answer in answers]


@ATTEMPTS.by(NEIGHBOUR, "notifications in groups, kept back ones, a filter of a status", "nothing of it")
async def notified_by_neighbour(leaky: Leaky) -> list[str]:
    return await notified(leaky, NEIGHBOURS)


@ATTEMPTS.by(FORMER, "notifications in groups, kept back ones, a filter of a status", "nothing of it")
async def notified_by_former(leaky: Leaky) -> list[str]:
    return await notified(leaky, FORMERS)


async def notified(leaky: Leaky, people: tuple[str, str]) -> list[str]:
    answers = []
    for who in people:
        http = leaky.http[who]
        for path in ("v2/notifications", "v1/notifications/requests", "v2/notifications/unread_count"):
            answers.append(text_of(await http.get(f"/api/{path}")))
        made = (await http.post("/api/v2/filters", json={"title": "x", "context": ["home"]})).json()
        held = await council_of(leaky, who).post(leaky.first.uri)
        for row in [held.id if held else 1, await entry_of(council_of(leaky, who), leaky, leaky.first)]:
            chosen = await http.post(f"/api/v2/filters/{made['id']}/statuses", json={"status_id": str(row)})
            answers.append("" if chosen.status_code == 404 else "LEAK")
    return answers


@ATTEMPTS.by(NEIGHBOUR, "a poll, and a vote in it", "404")
async def polls_by_neighbour(leaky: Leaky) -> list[str]:
    return await polled(leaky, NEIGHBOURS)


@ATTEMPTS.by(FORMER, "a poll, and a vote in it", "404")
async def polls_by_former(leaky: Leaky) -> list[str]:
    return await polled(leaky, FORMERS)


async def asked(leaky: Leaky) -> str:
    """Let a member ask the others, and give the id of the poll."""
    world = leaky.closed
    poll = PollDraft(options=("Heron", "Egret"), seconds=3600)
    post_id = await world.kent.publish(world.kay, "@shelter@kent.example Which, otterhaven?", poll=poll)
    await world.network.settle()
    return await world.kent.uri_of(post_id)


async def polled(leaky: Leaky, people: tuple[str, str]) -> list[str]:
    uri = await asked(leaky)
    answers = []
    for who in people:
        held = await council_of(leaky, who).post(uri)
        path = f"/api/v1/polls/{held.id if held is not None else 1}"
        answers.append(await leaky.http[who].get(path))
        answers.append(await leaky.http[who].post(f"{path}/votes", json={"choices": [0]}))
    return [text_of(one) if one.status_code == 404 else "LEAK" for one in answers]


@ATTEMPTS.by("a server of other software", "a vote in a poll", "not counted")
async def vote_by_stranger(leaky: Leaky) -> list[str]:
    uri = await asked(leaky)
    kay = leaky.closed.kay.uri
    vote = {
        "id": f"{leaky.sam}#votes/1",
        "type": "Note",
        "attributedTo": leaky.sam,
        "name": "Heron",
        "inReplyTo": uri,
        "to": [kay],
    }
    create = {"id": f"{leaky.sam}#votes/1/create", "type": "Create", "actor": leaky.sam, "to": [kay]}
    await leaky.mastodon.post(f"{kay}/inbox", create | {"object": vote})
    await leaky.closed.network.settle()
    held = await leaky.kent.post(uri)
    assert held is not None
    poll = await leaky.kent.node.store.read(polls.find, SYSTEM, held.id)
    return ["" if poll is not None and poll.votes_count == 0 else "LEAK"]


@ATTEMPTS.by(FORMER, "an answer that is written for later", "404")
async def scheduled_by_former(leaky: Leaky) -> list[str]:
    answers = []
    for who in FORMERS:
        held = await council_of(leaky, who).post(leaky.first.uri)
        said = {"status": "x", "in_reply_to_id": str(held.id if held is not None else 1)}
        later = said | {"scheduled_at": "2030-01-01T00:00:00Z"}
        answers.append(await leaky.http[who].post("/api/v1/statuses", json=later))
    return [text_of(one) if one.status_code == 404 else "LEAK" for one in answers]


@pytest.mark.parametrize("tried", ATTEMPTS, ids=lambda tried: tried.run.__name__)
@pytest.mark.asyncio(loop_scope="module")
async def test_nobody_outside_is_told_a_byte(leaky: Leaky, tried: Tried) -> None:
    answers = " ".join(await tried.run(leaky)).lower()
    assert "leak" not in answers
    assert [secret for secret in await leaky.secrets() if secret.lower() in answers] == []


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Closed]:
    made = await closed.opened(network)
    yield made
    await made.close()


async def test_what_waits_to_wake_a_member_is_not_sent_once_they_have_left(shelter: Closed) -> None:
    got: list[bytes] = []

    async def take(request: Request) -> Response:
        got.append(await request.body())
        return Response(status_code=201)

    shelter.network.router.add(SERVICE, Starlette(routes=[Route("/send", take, methods=["POST"])]))
    essex, eva = shelter.essex, shelter.eva
    client = await shelter.client(essex, eva)
    secret = hash_of(client.headers["authorization"].removeprefix("Bearer "))
    bearer = await essex.node.store.read(oauth.find_token, secret)
    assert bearer is not None
    await essex.node.store.write(
        rows.put, bearer.token_id, eva.id, endpoint=f"https://{SERVICE}/send",
        p256dh=webpush._point(ec.derive_private_key(7, ec.SECP256R1()).public_key()),
        secret=b"s" * 16, standard=True, alerts=("mention",), policy="all",
    )  # fmt: skip
    await shelter.begin(shelter.devon, shelter.dee, "Heron @eva@essex.example")
    assert await push.work(essex.node) == 1
    assert len(got) == 1
    await shelter.begin(shelter.devon, shelter.dee, "Egret @eva@essex.example")
    await shelter.leave(essex, eva)
    while await push.work(essex.node):
        pass
    assert len(got) == 1
