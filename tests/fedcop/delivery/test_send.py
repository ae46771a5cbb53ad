"""Sending what waits for one host."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest
from msgspec import structs

from activitypub.discovery.followers_sync import digest_of
from activitypub.sig import verify
from activitypub.wire import Request, Response
from fedcop.delivery.send import REST, put_off, send
from fedcop.errors import NotPermitted, PeerTrouble
from fedcop.node import Node
from fedcop.rules import Rules
from fedcop.transport import Budget
from storage.deliveries import Body, Claimed, Head, Queue
from storage.erasures import Dropped
from storage.ids import ActorId, RowId
from tests.storage import people
from tests.support.clock import NOON
from tests.support.network import Council

MINUTE = timedelta(minutes=1)
HOST = "devon.example"
INBOX = f"https://{HOST}/inbox"


class Answers:
    """A way out that gives one answer after the other, and keeps what it was asked."""

    def __init__(self, *answers: int | Response | Exception) -> None:
        self.answers = list(answers)
        self.seen: list[Request] = []

    async def exchange(self, request: Request, budget: Budget) -> Response:
        self.seen.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, int):
            return Response(status=answer, url=request.url, body=b"said")
        return answer

    async def close(self) -> None:
        assert not self.answers

    def schemes(self) -> list[str]:
        """Give the signature scheme of each request."""
        return ["rfc9421" if request.header("signature-input") else "cavage" for request in self.seen]


@pytest.fixture
def answers(node: Node) -> Callable[..., Answers]:
    """Let the node's way out give these answers."""

    def given(*given_answers: int | Response | Exception) -> Answers:
        way_out = Answers(*given_answers)
        node.transport = way_out
        return way_out

    return given


def claimed(
    node: Node, *, heads: int = 1, inbox: str = f"https://{HOST}/inbox", **changed: object
) -> Claimed:
    """Give deliveries of the node actor that wait for a host; ``changed`` are fields of heads or queue."""
    head = {"refusals": 0, "first_refused_at": None, "queued_at": NOON - MINUTE}
    queue = {"failures": 0, "scheme": "cavage", "heard_at": None}
    for name, value in changed.items():
        (head if name in head else queue)[name] = value  # type: ignore[assignment]
    rows = [
        Head(id=RowId(n), host=HOST, inbox=inbox, body_id=RowId(n), **head)  # type: ignore[arg-type]
        for n in range(1, heads + 1)
    ]
    bodies = {
        row.body_id: Body(
            id=row.body_id,
            uri=f"{node.uris.base_url}/activities/{row.id}",
            sender_id=changed.get("sender_id", node.actor_id),  # type: ignore[arg-type]
            sender_uri=node.uris.actor,
            body=b'{"n": %d}' % row.id,
        )
        for row in rows
    }
    queue.pop("sender_id", None)
    return Claimed(queue=Queue(host=HOST, **queue), heads=rows, bodies=bodies)  # type: ignore[arg-type]


async def test_deliveries_go_in_order_each_signed_when_it_goes(
    node: Node, answers: Callable[..., Answers]
) -> None:
    way_out = answers(202, 200, 204)
    settled = await send(node, claimed(node, heads=3))

    assert [head.id for head in settled.over] == [1, 2, 3]
    assert (settled.reached, settled.failure, settled.scheme) == (True, None, None)
    assert [request.body for request in way_out.seen] == [b'{"n": 1}', b'{"n": 2}', b'{"n": 3}']
    signature = verify.read(way_out.seen[0], now=node.clock.now())
    assert signature.key_id == f"{node.uris.actor}#main-key"


@pytest.mark.parametrize("answer", [500, 503, 429, 408, 425, 302])
async def test_the_first_that_is_not_taken_now_stops_the_rest(
    node: Node, answers: Callable[..., Answers], answer: int
) -> None:
    way_out = answers(202, answer)
    settled = await send(node, claimed(node, heads=3, failures=4))

    assert [head.id for head in settled.over] == [1]
    assert len(way_out.seen) == 2
    assert settled.failure is not None
    assert (settled.failure.id, settled.failure.answer) == (2, f"{answer} said")
    assert settled.failure.refused is (answer >= 500)
    # The first was taken, so this failure is the first of a new row.
    assert timedelta(0) < settled.failure.due_at - NOON <= MINUTE
    assert settled.failure.rest_until == NOON + REST


@pytest.mark.parametrize("answer", [403, 404, 405, 410, 413, 422])
async def test_what_is_refused_for_good_is_dropped_and_the_next_goes(
    node: Node, answers: Callable[..., Answers], answer: int
) -> None:
    answers(answer, 202)
    settled = await send(node, claimed(node, heads=2))
    assert [head.id for head in settled.over] == [1, 2]
    assert settled.dropped == {1: Dropped(answer=f"{answer} said", refused=True)}
    assert settled.failure is None


async def test_a_host_that_cannot_be_reached_is_not_said_to_have_refused(
    node: Node, answers: Callable[..., Answers]
) -> None:
    answers(PeerTrouble(HOST, "cannot be reached"))
    settled = await send(node, claimed(node, failures=3))
    assert settled.failure is not None
    assert (settled.reached, settled.failure.refused) == (False, False)
    assert settled.failure.answer == f"{HOST}: cannot be reached"
    assert settled.failure.due_at > NOON + MINUTE


async def test_a_time_that_ran_out_is_a_failure_like_any(node: Node, answers: Callable[..., Answers]) -> None:
    answers(TimeoutError())
    settled = await send(node, claimed(node))
    assert settled.failure is not None
    assert settled.failure.answer == "no answer in time"


async def test_a_wait_that_the_peer_asks_for_is_kept_whatever_it_sends_meanwhile(
    node: Node, answers: Callable[..., Answers]
) -> None:
    date = format_datetime(NOON, usegmt=True)
    answers(Response(status=429, url="", headers=(("retry-after", "7200"), ("date", date))))
    settled = await send(node, claimed(node))
    assert settled.failure is not None
    assert settled.failure.rest_until == NOON + timedelta(hours=2)
    assert NOON + timedelta(hours=2) < settled.failure.due_at <= NOON + timedelta(hours=2, minutes=1)


async def test_who_asks_for_the_same_wait_again_and_again_is_tried_less_and_less(
    node: Node, answers: Callable[..., Answers]
) -> None:
    waits = []
    for failures in range(8):
        answers(Response(status=429, url="", headers=(("retry-after", "120"),)))
        settled = await send(node, claimed(node, failures=failures))
        assert settled.failure is not None
        waits.append(settled.failure.due_at - NOON)
    assert waits == sorted(waits)
    assert sum(waits[:4], timedelta()) > timedelta(minutes=10)


@pytest.mark.parametrize(("answer", "gone"), [(404, {INBOX: False}), (410, {INBOX: True}), (403, {})])
async def test_it_is_told_which_inbox_is_not_there(
    node: Node, answers: Callable[..., Answers], answer: int, gone: dict[str, bool]
) -> None:
    answers(answer)
    settled = await send(node, claimed(node))
    assert settled.gone == gone


@pytest.mark.parametrize("first", [400, 401])
@pytest.mark.parametrize(("known", "other"), [("cavage", "rfc9421"), ("rfc9421", "cavage")])
async def test_a_signature_that_is_not_liked_is_made_once_more_the_other_way_and_that_is_kept(
    node: Node, answers: Callable[..., Answers], first: int, known: str, other: str
) -> None:
    way_out = answers(first, 202, 202)
    settled = await send(node, claimed(node, heads=2, scheme=known))
    assert way_out.schemes() == [known, other, other]
    assert (len(settled.over), settled.scheme) == (2, other)


async def test_a_bad_request_in_both_schemes_is_dropped(node: Node, answers: Callable[..., Answers]) -> None:
    way_out = answers(400, 400)
    settled = await send(node, claimed(node))
    assert way_out.schemes() == ["cavage", "rfc9421"]
    assert (len(settled.over), settled.failure, settled.scheme) == (1, None, None)


async def test_a_signature_that_is_refused_in_both_schemes_is_tried_again_later(
    node: Node, answers: Callable[..., Answers]
) -> None:
    answers(401, 401)
    settled = await send(node, claimed(node))
    assert settled.failure is not None
    assert settled.failure.refused is True


WISHES = Response(status=401, url="", headers=(("accept-signature", 'a=("@method" "date");nonce="7"'),))


@pytest.mark.parametrize(
    ("known", "given", "schemes"),
    [
        ("cavage", [WISHES, 202], ["cavage", "rfc9421"]),
        ("rfc9421", [WISHES, 202], ["rfc9421", "rfc9421"]),
        # It says what it wants only once it sees a signature of that kind.
        ("cavage", [401, WISHES, 202], ["cavage", "rfc9421", "rfc9421"]),
    ],
)
async def test_a_peer_that_says_how_it_wants_to_be_signed_to_gets_that(
    node: Node, answers: Callable[..., Answers], known: str, given: list[int | Response], schemes: list[str]
) -> None:
    way_out = answers(*given)
    settled = await send(node, claimed(node, scheme=known))
    assert way_out.schemes() == schemes
    signed = way_out.seen[-1].header("signature-input") or ""
    assert signed.startswith('a=("@method" "@target-uri" "content-digest" "date");')
    assert signed.endswith(';nonce="7"')
    assert (len(settled.over), settled.scheme) == (1, "rfc9421" if known == "cavage" else None)


@pytest.mark.parametrize("scheme", ["cavage", "rfc9421"])
async def test_who_of_the_host_follows_is_said_and_signed_with_what_is_private_only(
    kent: Council, node: Node, answers: Callable[..., Answers], scheme: str
) -> None:
    ana, makers = await kent.person("ana"), await kent.person("mel")
    for follower, host, accepted in (("bo", HOST, True), ("cy", HOST, False), ("di", "essex.example", True)):
        follower_id = await people.add(node.store, follower, host)
        await people.follow(node.store, follower_id, ana.id, accepted=accepted)
    await people.follow(node.store, makers.id, ana.id)
    way_out = answers(202, 202)
    waiting = claimed(node, heads=2, scheme=scheme)
    for number, private in ((1, True), (2, False)):
        body = waiting.bodies[RowId(number)]
        waiting.bodies[RowId(number)] = structs.replace(
            body, sender_id=ana.id, sender_uri=ana.uri, private=private
        )
    await send(node, waiting)
    first, second = way_out.seen
    digest = digest_of([f"https://{HOST}/people/bo"])
    assert first.header("collection-synchronization") == (
        f'collectionId="{ana.uri}/followers", url="{ana.uri}/followers/synchronization", digest="{digest}"'
    )
    assert "collection-synchronization" in verify.read(first, now=node.clock.now()).covered
    assert second.header("collection-synchronization") is None


HOURS = timedelta(hours=2)


@pytest.mark.parametrize(
    ("refusals", "since", "heard_at", "probe", "dropped"),
    [
        (9, HOURS, NOON - MINUTE, None, True),
        (9, HOURS, NOON - 2 * HOURS, 200, True),
        (9, HOURS, None, 200, True),
        (9, HOURS, None, 503, False),
        (9, HOURS, None, PeerTrouble(HOST, "cannot be reached"), False),
        (8, HOURS, NOON - MINUTE, None, False),
        (9, MINUTE, NOON, None, False),
    ],
)
async def test_a_head_that_a_well_peer_refuses_again_and_again_makes_way(
    node: Node,
    answers: Callable[..., Answers],
    refusals: int,
    since: timedelta,
    heard_at: object,
    probe: int | Exception | None,
    dropped: bool,
) -> None:
    way_out = answers(500, *([] if probe is None else [probe]), *([202] if dropped else []))
    waiting = claimed(node, heads=2, refusals=refusals, first_refused_at=NOON - since, heard_at=heard_at)
    # Only the head was ever tried.
    waiting.heads[1] = Head(RowId(2), HOST, f"https://{HOST}/inbox", RowId(2), 0, None, NOON)
    settled = await send(node, waiting)

    assert [head.id for head in settled.over] == ([1, 2] if dropped else [])
    assert (settled.failure is None) is dropped
    assert way_out.answers == []
    if probe is not None:
        assert way_out.seen[1].method == "GET"
        assert way_out.seen[1].header("signature") is not None


async def test_after_thirty_days_it_is_given_up_unsent(node: Node, answers: Callable[..., Answers]) -> None:
    way_out = answers()
    settled = await send(node, claimed(node, queued_at=NOON - timedelta(days=31)))
    assert (len(settled.over), settled.reached, settled.failure, way_out.seen) == (1, False, None, [])


async def test_a_host_that_left_the_list_meanwhile_is_left_alone(
    node: Node, answers: Callable[..., Answers]
) -> None:
    answers(NotPermitted("not on the list"))
    node.rules = Rules(mode="allowlist")
    settled = await send(node, claimed(node))
    assert settled.failure is not None
    assert settled.over == []


@pytest.mark.parametrize("inbox", ["https://devon.example/in box", "ftp://devon.example/inbox"])
async def test_an_inbox_that_is_no_address_is_dropped(
    node: Node, answers: Callable[..., Answers], inbox: str
) -> None:
    way_out = answers()
    settled = await send(node, claimed(node, inbox=inbox))
    assert (len(settled.over), way_out.seen) == (1, [])


async def test_an_address_that_is_never_dialled_is_dropped(
    node: Node, answers: Callable[..., Answers]
) -> None:
    answers(NotPermitted("wanted https"))
    settled = await send(node, claimed(node, inbox=f"http://{HOST}/inbox"))
    assert (len(settled.over), settled.failure) == (1, None)


async def test_what_nobody_here_can_sign_is_dropped(node: Node, answers: Callable[..., Answers]) -> None:
    way_out = answers()
    settled = await send(node, claimed(node, sender_id=ActorId(1)))
    assert (len(settled.over), way_out.seen) == (1, [])


async def test_a_queue_put_off_for_a_reason_of_ours_is_as_it_was(node: Node) -> None:
    settled = put_off(node, claimed(node, heads=2), "LookupError: a bug")
    assert (settled.over, settled.reached) == ([], False)
    assert settled.failure is not None
    assert (settled.failure.id, settled.failure.refused) == (1, False)


async def test_later_failures_wait_longer(node: Node, answers: Callable[..., Answers]) -> None:
    waits = []
    for failures in (0, 3, 8, 30):
        answers(503)
        settled = await send(node, claimed(node, failures=failures))
        assert settled.failure is not None
        waits.append(settled.failure.due_at - NOON)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)
