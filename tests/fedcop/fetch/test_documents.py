from collections.abc import Iterable
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from starlette.types import Receive, Scope, Send

from activitypub.errors import Malformed, WrongOrigin, WrongType
from activitypub.sig import cavage, verify
from fedcop import fetch
from fedcop.errors import PeerTrouble, Withheld
from storage import keys, peers
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


class Verifier:
    """A server that takes only what its verifier reads as signed, and may say how it wants it."""

    def __init__(self, *, takes: str, refuses: int = 401, wish: str = "") -> None:
        self.takes = takes
        self.refuses = refuses
        self.wish = wish
        self.key = ""
        self.ways: list[str] = []
        self.asked: list[dict[str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append(headers)
        self.ways.append(self._way(scope, headers))
        taken = self.ways[-1] == self.takes
        given = [(b"content-type", ACTIVITY.encode())]
        if self.wish and not taken:
            given = [(b"accept-signature", self.wish.encode())]
        uri = f"https://{headers['host']}{scope['raw_path'].decode()}"
        if scope["query_string"]:
            uri += f"?{scope['query_string'].decode()}"
        status = 200 if taken else self.refuses
        await send({"type": "http.response.start", "status": status, "headers": given})
        await send({"type": "http.response.body", "body": f'{{"id": "{uri}", "type": "Note"}}'.encode()})

    def _way(self, scope: Scope, headers: dict[str, str]) -> str:
        if "signature-input" in headers:
            return "wished" if "nonce=" in headers["signature-input"] else "rfc9421"
        path = scope["path"]
        parameters = cavage.parse(headers["signature"])
        values = {name: headers.get(name, "") for name in parameters.covered}
        held = load_pem_public_key(self.key.encode())
        assert isinstance(held, RSAPublicKey)
        for name, target in (("path", path), ("query", f"{path}?{scope['query_string'].decode()}")):
            base = cavage.base_of(parameters.covered, values | {"(request-target)": f"get {target}"})
            try:
                held.verify(parameters.octets, base, padding.PKCS1v15(), hashes.SHA256())
            except InvalidSignature:
                continue
            return name
        return "nothing"


async def verifier(kent: Council, network: Network, **given: Any) -> Verifier:
    server = Verifier(**given)
    own = await kent.node.store.read(keys.public_of, kent.node.actor_id)
    server.key = next(key.public for key in own if key.kind == "rsa")
    network.router.add("surrey.example", server)
    return server


PAGE = f"{BASE}/outbox?page=1"


@pytest.mark.parametrize("refuses", [400, 401, 403])
@pytest.mark.parametrize(
    ("takes", "first", "later"),
    [
        ("query", ["query"], ["query"]),
        ("path", ["query", "path"], ["path"]),
        ("rfc9421", ["query", "path", "rfc9421"], ["rfc9421"]),
    ],
)
async def test_a_query_is_signed_then_left_out_then_signed_by_the_rfc_and_what_was_taken_is_kept(
    kent: Council, network: Network, takes: str, first: list[str], later: list[str], refuses: int
) -> None:
    server = await verifier(kent, network, takes=takes, refuses=refuses)
    for ways in (first, later):
        server.ways.clear()
        assert await fetch.document(kent.node, PAGE) is not None
        assert server.ways == ways


async def test_a_peer_that_reads_queries_again_is_found_out(kent: Council, network: Network) -> None:
    server = await verifier(kent, network, takes="path")
    await fetch.document(kent.node, PAGE)
    server.takes = "query"
    server.ways.clear()
    for _ in range(2):
        assert await fetch.document(kent.node, PAGE) is not None
    assert server.ways == ["path", "query", "query"]


async def test_a_page_that_is_withheld_is_asked_for_each_way_once(kent: Council, network: Network) -> None:
    server = await verifier(kent, network, takes="nothing else", refuses=403)
    with pytest.raises(Withheld):
        await fetch.document(kent.node, PAGE)
    assert server.ways == ["query", "path", "rfc9421"]
    server.ways.clear()
    with pytest.raises(Withheld):
        await fetch.document(kent.node, f"{BASE}/1")
    assert server.ways == ["path"], "without a query a 403 is not about the signature"


@pytest.mark.parametrize("known", ["cavage", "rfc9421"])
async def test_what_a_peer_says_that_it_wants_is_what_it_gets(
    kent: Council, network: Network, known: str
) -> None:
    await kent.node.store.write(peers.set_scheme, "surrey.example", known, network.clock.now())
    wish = 'sig7=("@method" "@authority" "date");created;nonce="n-1";tag="fedi"'
    server = await verifier(kent, network, takes="wished", wish=wish)
    assert await fetch.document(kent.node, f"{BASE}/1") is not None
    assert server.ways == ["path" if known == "cavage" else "rfc9421", "wished"]
    signed = server.asked[-1]["signature-input"]
    assert signed.startswith('sig7=("@method" "@target-uri" "@authority" "date");created=')
    assert signed.endswith(';nonce="n-1";tag="fedi"')
    held = await kent.node.store.read(peers.find, "surrey.example")
    assert held is not None
    assert held.scheme == "rfc9421"


async def test_a_wish_that_changes_with_each_answer_is_followed_once(kent: Council, network: Network) -> None:
    server = await verifier(kent, network, takes="nothing", wish='a=("@method");nonce="n"')
    with pytest.raises(Withheld):
        await fetch.document(kent.node, f"{BASE}/1")
    assert server.ways == ["path", "wished"]


async def test_lemmy_gets_a_digest_of_nothing_and_nobody_else_does(kent: Council, network: Network) -> None:
    # federation.md 2.2: its verifier wants one on each request, NodeBB's refuses one.
    now = network.clock.now()
    server = await verifier(kent, network, takes="path")
    for software in ("nodebb", "lemmy"):
        await kent.node.store.write(
            peers.set_software, "surrey.example", software=software, version="1", kind="group", now=now
        )
        await fetch.document(kent.node, f"{BASE}/1")
    other, lemmy = server.asked
    assert "digest" not in other
    assert lemmy["digest"] == "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert "digest" in cavage.parse(lemmy["signature"]).covered
