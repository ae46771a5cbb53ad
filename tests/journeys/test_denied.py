"""A node that is denied after it was known: by no path does it get anything, and by none is it contacted.

One test a path of decision 16: inbox, signed GET, key, fetch, each redirect, WebFinger, media, NodeInfo,
delivery, what an allowed community passes on, the workers, search, directory, pages and the client API.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from activitypub.errors import WrongOrigin
from activitypub.origin import host_of
from fedcop import fetch
from fedcop.actions import allowlist, token
from fedcop.errors import Invalid, NotFound, NotPermitted, PeerTrouble
from fedcop.fetch import pictures
from fedcop.server.app import build
from fedcop.workers import delivery, history, pull, upkeep
from storage import deliveries, received
from storage.actors import Actor
from storage.visible import STRANGER, SYSTEM
from tests.fedcop.actions.scene import Scene
from tests.fedcop.fetch.test_documents import Scripted
from tests.support import pictures as shown
from tests.support.hosts import Pointing
from tests.support.network import Council, Network
from tests.support.pictures import PictureHost, Reply
from tests.support.speak import PUBLIC, Peer, signed

ROGUE = "rogue.example"
WORD = "zebra"
REFUSED = "rogue.example is not on the federation list"


@dataclass
class Denied:
    """Kent, which knew rex of rogue.example by follows both ways and a post, and then denied that node."""

    network: Network
    kent: Council
    rogue: Peer
    surrey: Peer
    ada: Actor
    rex: Actor
    post: str

    def contacts(self) -> list[str]:
        """Give what was sent to the denied node since it was denied."""
        return [f"{one.method} {one.url}" for one in self.network.router.seen if host_of(one.url) == ROGUE]


@pytest.fixture
async def denied(network: Network) -> Denied:
    kent = await network.open("kent.example", web={"public_pages": True})
    surrey, rogue = network.peer("surrey.example"), network.peer(ROGUE)
    surrey.person("sam")
    icon = {"type": "Image", "mediaType": "image/png", "url": f"{rogue.base}/rex.png"}
    uri = rogue.person("rex", icon=icon)
    await allowlist.allow(kent.node, ROGUE, by="test")
    ada = await kent.person("ada")
    floods = await kent.community("floods", ada)
    rex = await fetch.handle(kent.node, "rex", ROGUE)
    assert rex is not None
    await kent.follow(ada, rex)
    await network.settle()
    (asked,) = rogue.sent("Follow")
    inbox = kent.url("/inbox")
    assert await rogue.post(inbox, {"id": f"{uri}/1", "type": "Accept", "actor": uri, "object": asked}) == 202
    joined = {"id": f"{uri}/2", "type": "Follow", "actor": uri, "object": floods.uri}
    assert await rogue.post(inbox, joined) == 202
    post = {
        "id": f"{rogue.base}/posts/1",
        "type": "Page",
        "name": f"About a {WORD}",
        "attributedTo": uri,
        "to": [PUBLIC, floods.uri],
        "audience": floods.uri,
        "content": f"<p>A {WORD} #{WORD}</p>",
    }
    create = {"id": f"{uri}/3", "type": "Create", "actor": uri, "object": post, "to": post["to"]}
    assert await rogue.post(inbox, create) == 202
    await network.settle()
    assert await kent.post(f"{rogue.base}/posts/1") is not None
    network.router.down.add(ROGUE)
    await kent.publish(ada, "Sandbags\n\n@floods At the depot.")
    await network.settle()
    assert await kent.node.store.read(deliveries.backlog) != []
    network.router.down.clear()
    await allowlist.deny(kent.node, ROGUE, by="test")
    network.router.take()
    return Denied(network, kent, rogue, surrey, ada, rex, f"{rogue.base}/posts/1")


async def test_an_inbox_takes_nothing_of_it(denied: Denied) -> None:
    before = await denied.kent.node.store.read(received.counts)
    uri = denied.rogue.uri("rex")
    for path in ("/inbox", "/people/ada/inbox", "/communities/floods/inbox"):
        like = {"id": f"{uri}/{path}", "type": "Like", "actor": uri, "object": "https://kent.example/posts/1"}
        assert await denied.rogue.post(denied.kent.url(path), like) == 403
    assert await denied.kent.node.store.read(received.counts) == before
    assert denied.contacts() == []


async def test_a_signed_get_gives_it_nothing(denied: Denied) -> None:
    for path in ("/people/ada", "/people/ada/outbox", "/communities/floods", "/communities/floods/followers"):
        answer = await denied.rogue.get(denied.kent.url(path), by=denied.rogue.uri("rex"))
        assert answer.status == 403, path
        assert b"@context" not in answer.body
    assert denied.contacts() == []


async def test_its_key_is_not_asked_for_nor_used_whoever_is_named_as_the_actor(denied: Denied) -> None:
    sam = denied.surrey.uri("sam")
    body = b'{"id": "%s/1", "type": "Like", "actor": "%s", "object": "x"}' % (sam.encode(), sam.encode())
    rex = denied.rogue.uri("rex")
    for key_id in (f"{rex}#main-key", f"{denied.rogue.base}/keys/9"):
        now = denied.network.clock.now()
        asked = signed("POST", denied.kent.url("/inbox"), body, key_id=key_id, by=rex, now=now)
        assert (await denied.network.router.send(asked)).status == 403
        with pytest.raises(NotPermitted, match=REFUSED):
            await fetch.key(denied.kent.node, f"{denied.rogue.base}/keys/9")
    assert denied.contacts() == []


async def test_nothing_is_fetched_by_its_id(denied: Denied) -> None:
    node, base = denied.kent.node, denied.rogue.base
    for look in (fetch.document, fetch.post, fetch.actor):
        with pytest.raises(NotPermitted, match=REFUSED):
            await look(node, f"{base}/other")  # type: ignore[operator]
    assert denied.contacts() == []


async def test_no_redirect_leads_to_it_be_it_the_first_or_the_second(denied: Denied) -> None:
    def to(address: str) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        return 302, [(b"location", address.encode())], b""

    denied.network.router.add(
        "surrey.example", Scripted({"/1": to(denied.post), "/2": to("https://surrey.example/1")})
    )
    for path in ("/1", "/2"):
        with pytest.raises((NotPermitted, WrongOrigin, PeerTrouble)):
            await fetch.document(denied.kent.node, f"https://surrey.example{path}")
    assert denied.contacts() == []


async def test_no_webfinger_asks_it_neither_by_its_name_nor_by_anothers_word(denied: Denied) -> None:
    node = denied.kent.node
    with pytest.raises(NotPermitted, match=REFUSED):
        await fetch.handle(node, "kim", ROGUE)
    links = [{"rel": "self", "type": "application/activity+json", "href": denied.rogue.uri("rex")}]
    resource = "/.well-known/webfinger?resource=acct:rex@surrey.example"
    denied.surrey.put(resource, {"subject": f"acct:rex@{ROGUE}", "links": links})
    with pytest.raises(NotPermitted, match=REFUSED):
        await fetch.handle(node, "rex", "surrey.example")
    denied.network.router.add("surrey.example", Pointing(f"{denied.rogue.base}/.well-known/webfinger"))
    with pytest.raises(NotPermitted, match=REFUSED):
        await fetch.handle(node, "kim", "surrey.example")
    assert denied.contacts() == []


async def test_no_picture_is_fetched_from_it(denied: Denied) -> None:
    node, scene = denied.kent.node, Scene(denied.kent.node)
    host = PictureHost(denied.network.router)
    host.replies["/b.png"] = Reply(b"", 302, f"{denied.rogue.base}/b.png")
    sam = await scene.remote("sam", "surrey.example")
    for url in (f"{denied.rogue.base}/a.png", "https://surrey.example/b.png"):
        file = await shown.received(scene, sam, url)
        with pytest.raises(NotFound):
            await pictures.of_post(node, STRANGER, file.id)
    for viewer in (STRANGER, SYSTEM):
        with pytest.raises(NotFound):
            await pictures.of_actor(node, viewer, denied.rex.id, "icon")
    assert denied.contacts() == []


async def test_it_is_not_asked_what_it_runs(denied: Denied) -> None:
    denied.network.clock.move(timedelta(days=2))
    with pytest.raises(NotPermitted, match=REFUSED):
        await fetch.peer_kind(denied.kent.node, ROGUE)
    assert await fetch.node_host(denied.kent.node, ROGUE) is None
    assert denied.contacts() == []


async def test_nothing_more_is_delivered_to_it(denied: Denied) -> None:
    kent = denied.kent
    assert await kent.node.store.read(deliveries.backlog) == []
    await kent.publish(denied.ada, "Pumps\n\n@floods Two.")
    await kent.publish(denied.ada, "To my followers", audience="followers")
    with pytest.raises(Invalid, match="this node does not talk with rogue"):
        await kent.publish(denied.ada, f"@rex@{ROGUE} are you there?")
    denied.network.clock.move(timedelta(days=1))
    await denied.network.settle()
    assert await kent.node.store.read(deliveries.backlog) == []
    assert denied.contacts() == []


async def test_what_an_allowed_node_passes_on_does_not_bring_it_back(denied: Denied) -> None:
    sam = denied.surrey.uri("sam")
    boost = {"type": "Announce", "actor": sam, "to": [PUBLIC]}
    inside = {
        "id": f"{denied.rogue.base}/4",
        "type": "Create",
        "actor": denied.rogue.uri("rex"),
        "object": denied.post,
    }
    for number, what in enumerate((denied.post, f"{denied.rogue.base}/posts/2", inside)):
        activity = boost | {"id": f"{sam}/{number}", "object": what}
        assert await denied.surrey.post(denied.kent.url("/inbox"), activity) == 202
    await denied.network.settle()
    assert not await denied.kent.knows(f"{denied.rogue.base}/posts/2")
    assert await denied.kent.post(f"{denied.rogue.base}/posts/2") is None
    assert denied.contacts() == []


async def test_no_worker_asks_it_in_a_month(denied: Denied) -> None:
    for _ in range(31):
        denied.network.clock.move(timedelta(days=1))
        for worker in (upkeep, pull, history, delivery):
            await worker.work(denied.kent.node)
    assert await denied.kent.post(denied.post) is None, "what was held is deleted by then"
    assert denied.contacts() == []


@pytest.fixture
async def app(denied: Denied) -> AsyncIterator[httpx.AsyncClient]:
    """Give pages and client API, asked with Ada's token."""
    secret = await token.create(denied.kent.node, "ada", scopes="read write follow", app_name="x", by="test")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=build(denied.kent.node)),
        base_url="https://kent.example",
        headers={"authorization": f"Bearer {secret}"},
    ) as client:
        yield client


WORDS = ("rex", f"@rex@{ROGUE}", f"https://{ROGUE}/posts/1", f"https://{ROGUE}/new", WORD, f"#{WORD}")
PATHS = (
    "/api/v1/timelines/home",
    "/api/v1/timelines/public",
    f"/api/v1/timelines/tag/{WORD}",
    "/api/v1/directory",
    "/api/v1/notifications",
    "/api/v1/accounts/search?q=rex",
    "/",
    "/communities/floods",
)


async def test_no_search_finds_or_asks_it(denied: Denied, app: httpx.AsyncClient) -> None:
    for words in WORDS:
        found = await app.get("/api/v2/search", params={"q": words, "resolve": "true"})
        assert found.status_code in (200, 403, 404, 422), found.text
        assert ROGUE not in found.text.replace(REFUSED, ""), words
    assert denied.contacts() == []


async def test_no_timeline_list_or_page_shows_it(denied: Denied, app: httpx.AsyncClient) -> None:
    for path in PATHS:
        answer = await app.get(path)
        assert answer.status_code == 200, path
        assert ROGUE not in answer.text, path
        assert f"About a {WORD}" not in answer.text, path
    assert denied.contacts() == []


async def test_what_is_held_of_it_has_no_address_here(denied: Denied, app: httpx.AsyncClient) -> None:
    held = await denied.kent.post(denied.post)
    assert held is not None
    for path in (
        f"/posts/{held.id}",
        f"/api/v1/statuses/{held.id}",
        f"/api/v1/statuses/{held.id}/context",
        f"/api/v1/accounts/{denied.rex.id}",
        f"/api/v1/accounts/{denied.rex.id}/statuses",
        f"/api/v1/accounts/{denied.rex.id}/followers",
    ):
        assert (await app.get(path)).status_code == 404, path
    for path in (
        f"statuses/{held.id}/favourite",
        f"statuses/{held.id}/reblog",
        f"accounts/{denied.rex.id}/follow",
    ):
        assert (await app.post(f"/api/v1/{path}")).status_code in (403, 404), path
    assert denied.contacts() == []


class Narrowing(Peer):
    """A server that is denied while it takes its first delivery."""

    kent: Council

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await allowlist.deny(self.kent.node, self.host, by="test")
        await super().__call__(scope, receive, send)


async def test_a_list_narrowed_while_deliveries_are_under_way_stops_them(
    network: Network, kent: Council
) -> None:
    ada = await kent.person("ada")
    leaves = Narrowing("devon.example", network.router, network.clock)
    leaves.kent = kent
    stays = network.peer("surrey.example")
    for peer in (leaves, stays):
        sam = await fetch.actor(kent.node, peer.person("sam"))
        await Scene(kent.node).joined(sam, ada)
    network.router.down |= {leaves.host, stays.host}
    for number in range(5):
        await kent.publish(ada, f"Number {number}", audience="public")
    network.router.down.clear()
    network.clock.move(timedelta(hours=1))
    await network.settle()
    assert (len(leaves.received), len(stays.received)) == (1, 5)
    assert await kent.node.store.read(deliveries.backlog) == []
