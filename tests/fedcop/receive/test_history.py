"""What a community said before somebody here joined it is read from its outbox, and only by proof."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from fedcop import fetch
from fedcop.errors import PeerTrouble
from fedcop.receive import history
from storage.actors import Actor
from tests.support import closed
from tests.support.attacked import Scene
from tests.support.closed import Closed
from tests.support.network import Council, Network, titles
from tests.support.speak import PUBLIC


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
    await history.read(scene.kent.node, community)

    held = [await scene.kent.post(f"{scene.surrey.base}/notes/{n}") for n in (1, 2, 3)]
    assert [post is not None for post in held] == [True, False, False]
    assert titles(await scene.kent.home(scene.ada)) == ["Page 1"]


async def test_an_outbox_that_cannot_be_had_is_asked_for_again(club: tuple[Scene, Actor]) -> None:
    scene, community = club
    scene.network.router.down.add("lemmy.example")
    with pytest.raises(PeerTrouble):
        await history.read(scene.kent.node, community)


@pytest.fixture
async def floods(network: Network, kent: Council) -> tuple[Scene, Actor]:
    """Give kent's ada as the first member of a community of the lemmy server that everybody reads."""
    scene = Scene(network, kent, ada := await kent.person("ada"), await kent.community("makers", ada))
    return scene, await scene.joins_planning()


def outbox(scene: Scene, community: Actor, *items: Any, **more: Any) -> None:
    uri = f"{community.uri}/outbox"
    document = {"id": uri, "type": "OrderedCollection", "orderedItems": list(items)} | more
    scene.lemmy.put("/users/planning/outbox", document)


def public(scene: Scene, community: Actor, number: int, **more: Any) -> dict[str, Any]:
    """Give the Create of a page on the surrey server, which serves that page too."""
    made = page(scene, community, number, to=[community.uri, PUBLIC], **more) | {"to": [PUBLIC]}
    scene.surrey.put(f"/notes/{number}", made["object"])
    return made


async def test_the_newest_threads_of_a_public_community_are_listed_in_their_order(
    floods: tuple[Scene, Actor],
) -> None:
    scene, community = floods
    own = page(scene, community, 1, to=[community.uri, PUBLIC])
    own = msgspec.json.decode(
        msgspec.json.encode(own).replace(b"surrey.example/users/sam", b"lemmy.example/users/cal")
        .replace(b"surrey.example", b"lemmy.example")
    )  # fmt: skip
    create = public(scene, community, 4)
    public(scene, community, 3)
    outbox(
        scene,
        community,
        create,
        announce(community, 3, f"{scene.surrey.base}/notes/3"),
        announce(community, 2, public(scene, community, 2)),
        announce(community, 1, own),
    )
    await history.read(scene.kent.node, community)

    # As Lemmy announces, with and without having to be asked for; as Mastodon's groups do; and bare Creates.
    assert titles(await scene.kent.home(scene.ada)) == ["Page 4", "Page 3", "Page 2", "Page 1"]
    asked = [line for line in scene.network.fetches() if "/notes/" in line]
    assert [line.rpartition("/")[2] for line in asked] == ["2", "3", "4"], "what has the origin needs no look"


async def test_no_more_is_listed_than_the_community_may_list(floods: tuple[Scene, Actor]) -> None:
    scene, community = floods
    elsewhere = public(scene, community, 1, audience=scene.makers.uri)
    elsewhere["object"]["to"] = [PUBLIC]
    by_another = announce(community, 2, public(scene, community, 2)) | {"actor": scene.cal}
    not_listed = announce(community, 3, "https://denied.example/notes/3")
    outbox(scene, community, elsewhere, by_another, not_listed, 7, {"type": "Note"})
    scene.network.router.take()
    await history.read(scene.kent.node, community)
    assert [view.post.title for view in await scene.kent.home(scene.ada)] == []
    assert not [line for line in scene.network.fetches() if "denied" in line]


async def test_what_was_deleted_does_not_come_back_by_an_outbox(floods: tuple[Scene, Actor]) -> None:
    scene, community = floods
    announced = announce(community, 1, scene.proved(public(scene, community, 1)))
    boosted = announce(community, 2, f"{scene.surrey.base}/notes/2")
    public(scene, community, 2)
    await fetch.actor(scene.kent.node, scene.sam)
    for number in (1, 2, 3):
        uri = f"{scene.surrey.base}/notes/{number}"
        await scene.send(
            scene.surrey, {"id": f"{uri}/d", "type": "Delete", "actor": scene.sam, "object": uri}
        )
    outbox(scene, community, public(scene, community, 3), boosted, announced)
    await history.read(scene.kent.node, community)
    assert [await scene.kent.post(f"{scene.surrey.base}/notes/{n}") for n in (1, 2, 3)] == [None] * 3


async def test_a_hostile_outbox_costs_no_more_than_its_budget(floods: tuple[Scene, Actor]) -> None:
    scene, community = floods
    for number in range(1, 2000):
        made = {"id": scene.surrey.uri(f"p{number}"), "preferredUsername": f"p{number}"}
        scene.surrey.put(f"/users/p{number}", scene.surrey.documents["/users/sam"] | made)
    items = [
        announce(
            community,
            number,
            [
                public(
                    scene, community, 100 * number + n, attributedTo=scene.surrey.uri(f"p{number * 20 + n}")
                )
                | {"actor": scene.surrey.uri(f"p{number * 20 + n}")}
                for n in range(20)
            ],
        )
        for number in range(1, 30)
    ]
    outbox(scene, community, *items, first=f"{community.uri}/outbox", next=f"{community.uri}/outbox?2")
    scene.network.router.take()
    await history.read(scene.kent.node, community)
    assert 50 < len(scene.network.fetches()) <= history.MOST_REQUESTS
