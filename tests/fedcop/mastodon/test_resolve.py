"""A handle or an address, asked of its own node."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from fedcop.clock import SetClock
from fedcop.mastodon import resolve
from fedcop.mastodon.resolve import Found
from fedcop.node import Node, open_node
from tests.fedcop.mastodon.conftest import BASE, DOMAIN, Client, app_of, settings
from tests.support import described
from tests.support.hosts import Door, HostRouter
from tests.support.speak import PUBLIC, Peer

DEVON = "devon.example"


@pytest.fixture
def router() -> HostRouter:
    """Give the world outside."""
    return HostRouter()


@pytest.fixture
async def node(folder: Path, clock: SetClock, router: HostRouter) -> AsyncIterator[Node]:
    """Give the node, which may talk with Devon."""
    door = Door(router)
    config = settings(folder, federation={"allow": [DEVON]})
    opened = await open_node(config, clock=clock, transport=door)
    door.node = opened
    yield opened
    await opened.close()


@pytest.fixture
async def http(node: Node) -> AsyncIterator[httpx.AsyncClient]:
    """Give what sends requests to the node."""
    async with httpx.AsyncClient(transport=described.Described(app=app_of(node)), base_url=BASE) as client:
        yield client


@pytest.fixture
def devon(router: HostRouter, clock: SetClock) -> Peer:
    """Give a server in Devon with a community and a post in it."""
    peer = Peer(DEVON, router, clock, software="lemmy")
    floods = peer.person("floods", type="Group")
    author = peer.person("dan")
    peer.put(
        "/post/1",
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{peer.base}/post/1",
            "type": "Page",
            "attributedTo": author,
            "name": "Which pumps?",
            "content": "<p>We look for pumps.</p>",
            "to": [floods, PUBLIC],
            "cc": [],
            "audience": floods,
            "published": "2026-03-02T11:00:00Z",
        },
    )
    return peer


@pytest.mark.parametrize("text", [f"!floods@{DEVON}", f"@Floods@{DEVON}", f"acct:floods@{DEVON}", "{uri}"])
async def test_a_community_elsewhere_is_found(ada: Client, devon: Peer, text: str) -> None:
    found = await ada.get("/api/v2/search", q=text.format(uri=devon.uri("floods")), resolve="true")
    assert [(one["acct"], one["group"]) for one in found["accounts"]] == [(f"floods@{DEVON}", True)]


async def test_a_post_elsewhere_is_found_with_its_title(ada: Client, devon: Peer) -> None:
    found = await ada.get("/api/v2/search", q=f"{devon.base}/post/1", resolve="1")
    [status] = found["statuses"]
    assert status["content"] == "<p><strong>Which pumps?</strong></p><p>We look for pumps.</p>"
    assert (status["account"]["acct"], status["uri"]) == (f"dan@{DEVON}", f"{devon.base}/post/1")
    assert status["application"] is None


async def test_nothing_is_asked_of_a_peer_unless_it_is_wanted(
    ada: Client, devon: Peer, router: HostRouter
) -> None:
    router.take()
    assert (await ada.get("/api/v2/search", q=f"@floods@{DEVON}"))["accounts"] == []
    assert (await ada.get("/api/v2/search", q=f"{devon.base}/post/1"))["statuses"] == []
    assert router.take() == []


async def test_a_document_is_fetched_once_for_both_questions(
    node: Node, devon: Peer, router: HostRouter
) -> None:
    router.take()
    assert (await resolve.found(node, devon.uri("dan"))).actor_id is not None
    assert router.take().count(f"GET {devon.uri('dan')}") == 1


@pytest.mark.parametrize(
    "text",
    [
        f"@nobody@{DEVON}",
        f"https://{DEVON}/nothing",
        "https://leeds.example/post/1",
        "@x@leeds.example",
        f"@nobody@{DOMAIN}",
        f"{BASE}/posts/1",
    ],
)
async def test_what_cannot_be_had_is_nothing(node: Node, devon: Peer, text: str) -> None:
    assert await resolve.found(node, text) == Found()


async def test_what_is_no_actor_and_no_post_is_nothing(node: Node, devon: Peer) -> None:
    context = "https://www.w3.org/ns/activitystreams"
    devon.put(
        "/list", {"@context": context, "id": f"{devon.base}/list", "type": "Collection", "totalItems": 0}
    )
    assert await resolve.found(node, f"{devon.base}/list") == Found()


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("ada", None),
        ("two words@x", None),
        ("@ada", None),
        (f"Ada@{DOMAIN.upper()}", ("ada", DOMAIN)),
        (" !floods@devon.example ", ("floods", DEVON)),
        ("https://devon.example/@ada", None),
    ],
)
def test_a_handle_is_read_with_whatever_stands_before_it(
    node: Node, text: str, handle: tuple[str, str] | None
) -> None:
    assert resolve.handle_of(node, text) == handle


@pytest.mark.parametrize(
    ("text", "is_one"), [("https://x.example/1", True), ("https://", False), ("x", False)]
)
def test_an_address_has_a_host(text: str, is_one: bool) -> None:
    assert resolve.is_address(text) is is_one
