"""Whom a text names, and who is out of reach."""

import pytest

from fedcop.actions import named
from fedcop.content import markup
from fedcop.errors import Invalid
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.support.hosts import Door
from tests.support.speak import Peer


async def found_in(scene: Scene, text: str) -> list[str]:
    return [actor.uri for actor in (await named.mentions_of(scene.node, markup.found(text))).values()]


async def test_people_are_found_by_short_and_by_whole_name(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")

    assert await found_in(scene, "@ada @Dee@lemmy.example @ada@kent.example") == [ada.uri, dee.uri, ada.uri]


async def test_who_cannot_be_found_stays_text_and_stops_nobody(scene: Scene, ada: Actor) -> None:
    text = "hello @nobody @x@denied.example @y@lemmy.example"
    held = await scene.write(ada, text)

    assert await found_in(scene, text) == []
    assert held.content == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("@x@denied.example hello", "public"),
        ("@ada @x@denied.example hello", "followers"),
        ("hello @x@denied.example", "direct"),
    ],
)
async def test_what_is_for_somebody_out_of_reach_is_refused_with_the_reason(
    scene: Scene, ada: Actor, text: str, audience: str
) -> None:
    with pytest.raises(Invalid, match=r"does not talk with denied\.example"):
        await scene.write(ada, text, audience=audience)
    assert await scene.rows("SELECT id FROM posts") == []


async def test_what_is_no_domain_and_a_peer_that_talks_nonsense_stop_nobody(scene: Scene, ada: Actor) -> None:
    transport = scene.node.transport
    assert isinstance(transport, Door)
    peer = Peer("mastodon.example", transport.router, scene.node.clock)
    peer.put("/.well-known/webfinger?resource=acct:x@mastodon.example", {"subject": 5, "links": "none"})
    domains = (
        "mastodon.example",
        "-",
        "..",
        "a" * 300,
        "ä" * 70 + ".example",
        "[::1]",
        "lemmy.example:99999",
    )

    found = markup.Found(mentions=(*(("x", domain) for domain in domains), ("ada", None)), tags=())

    assert [actor.uri for actor in (await named.mentions_of(scene.node, found)).values()] == [ada.uri]
    assert any("mastodon.example" in line for line in transport.router.take())


async def test_no_text_makes_the_node_look_up_without_end(scene: Scene) -> None:
    found = markup.Found(mentions=(*[("ada", None)] * 9, ("ben", None)), tags=())
    assert len(await named.mentions_of(scene.node, found)) == 2

    many = markup.Found(
        mentions=(*((f"x{n}", None) for n in range(named.MOST_LOOKED_UP)), ("ada", None)), tags=()
    )
    assert await named.mentions_of(scene.node, many) == {}
