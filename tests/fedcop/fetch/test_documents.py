from collections.abc import Iterable

import pytest
from starlette.types import Receive, Scope, Send

from activitypub.errors import Malformed, WrongOrigin, WrongType
from activitypub.sig import verify
from fedcop import fetch
from fedcop.errors import PeerTrouble
from storage import peers
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class Scripted:
    """A server that gives prepared answers by path, and notes which scheme each request was signed in."""

    def __init__(self, answers: dict[str, Answer], *, refuses: Iterable[str] = ()) -> None:
        self.answers = answers
        self.refuses = set(refuses)
        self.schemes: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        names = {name for name, _ in scope["headers"]}
        scheme = "rfc9421" if b"signature-input" in names else "cavage"
        self.schemes.append(scheme)
        refused: Answer = (401, [], b"")
        status, headers, body = self.answers[scope["path"]] if scheme not in self.refuses else refused
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def document(uri: str, kind: str = ACTIVITY) -> Answer:
    return 200, [(b"content-type", kind.encode())], f'{{"id": "{uri}", "type": "Note"}}'.encode()


BASE = "https://surrey.example"


async def test_a_document_at_its_own_id_is_given(kent: Council, network: Network) -> None:
    network.router.add("surrey.example", Scripted({"/1": document(f"{BASE}/1")}))
    found = await fetch.document(kent.node, f"{BASE}/1")
    assert found is not None
    assert found.id == f"{BASE}/1"
    (asked,) = network.router.seen
    assert verify.read(asked, now=network.clock.now()).key_id == "https://kent.example/actor#main-key"


@pytest.mark.parametrize("status", [404, 410])
async def test_what_is_gone_is_none(kent: Council, network: Network, status: int) -> None:
    network.router.add("surrey.example", Scripted({"/1": (status, [], b"")}))
    assert await fetch.document(kent.node, f"{BASE}/1") is None


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_no_answer_is_trouble_with_the_peer(kent: Council, network: Network, status: int) -> None:
    network.router.add("surrey.example", Scripted({"/1": (status, [], b"")}))
    with pytest.raises(PeerTrouble):
        await fetch.document(kent.node, f"{BASE}/1")


async def test_a_page_or_a_redirect_leads_to_the_id_within_its_origin(
    kent: Council, network: Network
) -> None:
    moved: Answer = (302, [(b"location", b"/1")], b"")
    answers = {"/page": document(f"{BASE}/1"), "/old": moved, "/1": document(f"{BASE}/1")}
    network.router.add("surrey.example", Scripted(answers))
    for path in ("page", "old"):
        found = await fetch.document(kent.node, f"{BASE}/{path}")
        assert found is not None
        assert found.id == f"{BASE}/1"


async def test_nothing_leads_to_another_origin(kent: Council, network: Network) -> None:
    away: Answer = (302, [(b"location", b"https://devon.example/1")], b"")
    answers = {"/away": away, "/theirs": document("https://devon.example/1")}
    network.router.add("surrey.example", Scripted(answers))
    for path in ("away", "theirs"):
        with pytest.raises(WrongOrigin):
            await fetch.document(kent.node, f"{BASE}/{path}")
    assert len(network.router.seen) == 2


@pytest.mark.parametrize("kind", ["text/html", "application/json", "text/plain"])
async def test_only_activitypub_types_are_taken(kent: Council, network: Network, kind: str) -> None:
    network.router.add("surrey.example", Scripted({"/1": document(f"{BASE}/1", kind)}))
    with pytest.raises((WrongType, Malformed)):
        await fetch.document(kent.node, f"{BASE}/1")


async def test_the_other_signature_scheme_is_tried_once_and_remembered(
    kent: Council, network: Network
) -> None:
    await kent.node.store.write(peers.met, "surrey.example", network.clock.now())
    server = Scripted({"/1": document(f"{BASE}/1")}, refuses=["cavage"])
    network.router.add("surrey.example", server)
    for _ in range(2):
        assert await fetch.document(kent.node, f"{BASE}/1") is not None
    assert server.schemes == ["cavage", "rfc9421", "rfc9421"]


async def test_a_peer_that_refuses_both_schemes_is_trouble(kent: Council, network: Network) -> None:
    server = Scripted({"/1": document(f"{BASE}/1")}, refuses=["cavage", "rfc9421"])
    network.router.add("surrey.example", server)
    with pytest.raises(PeerTrouble):
        await fetch.document(kent.node, f"{BASE}/1")
    assert server.schemes == ["cavage", "rfc9421"]
