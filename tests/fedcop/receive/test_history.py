"""What a community said before somebody here joined it is read from its outbox, and only by proof."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from fedcop import fetch
from fedcop.receive import dispatch, history
from storage.actors import Actor
from tests.support import closed
from tests.support.attacked import Scene
from tests.support.closed import Closed
from tests.support.network import Council, Network, titles


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Closed]:
    made = await closed.opened(network)
    yield made
    await made.close()


async def test_the_whole_of_the_newest_threads_is_read_with_all_that_was_done_in_them(
    shelter: Closed,
) -> None:
    begun = await shelter.begin(shelter.devon, shelter.dee, "Heron at the weir")
    answer = await shelter.reply(shelter.kent, shelter.kay, begun.uri, "Two herons")
    surrey = await shelter.network.open("surrey.example")
    sal = await surrey.person("sal")
    await shelter.join(surrey, sal)

    root, below = await surrey.post(begun.uri), await surrey.post(answer.uri)
    assert root is not None
    assert below is not None
    assert (below.parent_id, root.replies_count) == (root.id, 1)
    assert titles(await surrey.home(sal)) == ["Heron at the weir"]
    read = [line for line in shelter.network.fetches() if "/outbox" in line or "/threads/" in line]
    assert [line.rpartition("/")[0].rpartition("/")[2] for line in read] == ["shelter", "threads"]


async def test_the_second_member_here_costs_no_further_look(shelter: Closed) -> None:
    await shelter.begin(shelter.devon, shelter.dee, "Heron at the weir")
    shelter.network.fetches()
    await shelter.join(shelter.devon, shelter.dan)
    assert [line for line in shelter.network.fetches() if "/outbox" in line] == []
    assert titles(await shelter.devon.home(shelter.dan)) == ["Heron at the weir"]


@pytest.fixture
async def club(network: Network, kent: Council) -> tuple[Scene, Actor]:
    """Give kent's ada as the first member of a members-only community of the lemmy server."""
    scene = Scene(network, kent, ada := await kent.person("ada"), await kent.community("makers", ada))
    uri = scene.lemmy.person("club", type="Group", manuallyApprovesFollowers=True)
    found = await fetch.actor(kent.node, uri)
    await kent.follow(ada, found)
    await network.settle()
    (asked,) = scene.lemmy.sent("Follow")
    await scene.send(scene.lemmy, {"id": f"{uri}/a", "type": "Accept", "actor": uri, "object": asked})
    return scene, found


def page(scene: Scene, club: Actor, number: int, **more: Any) -> dict[str, Any]:
    uri = f"{scene.surrey.base}/notes/{number}"
    to = [club.uri, f"{club.uri}/followers"]
    document = {
        "id": uri, "type": "Page", "attributedTo": scene.sam, "name": f"Page {number}", "content": "<p>x</p>",
        "audience": club.uri, "published": "2026-03-02T11:00:00Z", "to": to, "cc": [],
    } | more  # fmt: skip
    create = {"id": f"{uri}/create", "type": "Create", "actor": scene.sam, "object": document}
    return create | {"to": to, "cc": []}


def announce(club: Actor, number: int, inner: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"{club.uri}/announces/{number}", "type": "Announce", "actor": club.uri, "object": inner}


async def test_only_what_is_proved_is_taken_however_old_the_proof_is(club: tuple[Scene, Actor]) -> None:
    scene, community = club
    proved = scene.proved(page(scene, community, 1))
    forged = msgspec.json.decode(msgspec.json.encode(scene.proved(page(scene, community, 2))))
    forged["object"]["content"] = "<p>Changed</p>"
    widened = scene.proved(page(scene, community, 3, to=[community.uri, "as:Public"]))
    foreign = announce(community, 5, proved) | {"actor": scene.cal}
    items = [announce(community, n, one) for n, one in enumerate((proved, forged, widened))]
    scene.lemmy.put(
        "/users/club/outbox",
        {
            "id": f"{community.uri}/outbox",
            "type": "OrderedCollection",
            "orderedItems": [foreign, "https://lemmy.example/x", {"type": "Note"}, *items],
        },
    )
    scene.network.clock.move(timedelta(days=90))
    await history.read(scene.kent.node, community, dispatch.apply)

    held = [await scene.kent.post(f"{scene.surrey.base}/notes/{n}") for n in (1, 2, 3)]
    assert [post is not None for post in held] == [True, False, False]
    assert titles(await scene.kent.home(scene.ada)) == ["Page 1"]


async def test_an_outbox_that_cannot_be_had_is_no_fault(club: tuple[Scene, Actor]) -> None:
    scene, community = club
    scene.network.router.down.add("lemmy.example")
    await history.read(scene.kent.node, community, dispatch.apply)
    assert await scene.kent.home(scene.ada) == []
