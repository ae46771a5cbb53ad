"""A council that comes late reads what was said before it came; what was deleted stays so."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from fedcop import fetch
from fedcop.actions import token
from fedcop.server.app import build
from storage.actors import Actor
from tests.support import described
from tests.support.attacked import Scene
from tests.support.network import Council, Network, titles
from tests.support.speak import PUBLIC


async def client(council: Council, person: Actor | None) -> httpx.AsyncClient:
    """Give a client of a node, signed in as somebody or as nobody."""
    headers = {}
    if person is not None:
        secret = await token.create(council.node, person.handle, scopes="read", app_name="t", by="t")
        headers["authorization"] = f"Bearer {secret}"
    transport = described.Described(app=build(council.node))
    return httpx.AsyncClient(transport=transport, base_url=council.node.config.node.base_url, headers=headers)


def asked(network: Network) -> list[str]:
    """Give what was asked for of threads, posts and outboxes since the last time."""
    words = ("/posts/", "/outbox")
    return [line.partition(".example")[2] for line in network.fetches() if any(one in line for one in words)]


async def test_who_joins_late_sees_what_went_on_and_gets_a_thread_when_it_is_opened(network: Network) -> None:
    kent, devon = [
        await network.open(f"{name}.example", client_api={"anonymous": True}) for name in ("kent", "devon")
    ]
    fin, ben, dan = await kent.person("fin"), await devon.person("ben"), await devon.person("dan")
    floods = await kent.community("floods", fin)
    begun = []
    for number in range(3):
        begun.append(await kent.publish(fin, f"Thread {number}\n\n@floods Which?"))
    answer = await kent.publish(fin, "This one", in_reply_to=begun[2])
    below = await kent.uri_of(await kent.publish(fin, "Or that", in_reply_to=answer))
    await fetch.actor(devon.node, floods.uri)
    network.router.take()
    await devon.follow(ben, floods)
    await network.settle()

    assert titles(await devon.home(ben)) == ["Thread 2", "Thread 1", "Thread 0"]
    assert asked(network) == ["/communities/floods/outbox"], "what it announced has the origin to be believed"
    root = await devon.post(await kent.uri_of(begun[2]))
    assert root is not None
    assert root.replies_count == 0
    path = f"/api/v1/statuses/{root.id}/context"

    async with await client(devon, None) as nobody:
        assert (await nobody.get(path)).json() == {"ancestors": [], "descendants": []}
        await network.settle()
        assert asked(network) == [], "whom nobody knows sets nothing off"
    async with await client(devon, dan) as reader:
        assert (await reader.get(path)).json()["descendants"] == []
        assert asked(network) == [], "the answer waits for nobody"
        await network.settle()
        uris = [await kent.uri_of(one) for one in (begun[2], answer)]
        paths = [uri.partition(".example")[2] for uri in uris]
        assert asked(network) == [paths[0], f"{paths[0]}/context", paths[1], below.partition(".example")[2]]
        found = (await reader.get(path)).json()["descendants"]
        assert [one["uri"] for one in found] == [uris[1], below]
        await network.settle()
        assert asked(network) == [], "not again for a quarter of an hour"


Way = Callable[[Scene, dict[str, Any]], Awaitable[None]]


async def delivered(scene: Scene, create: dict[str, Any]) -> None:
    await scene.send(scene.surrey, create)


async def passed_on(scene: Scene, create: dict[str, Any]) -> None:
    await scene.send(scene.lemmy, announced(scene, create))


async def passed_on_with_a_proof(scene: Scene, create: dict[str, Any]) -> None:
    await scene.send(scene.lemmy, announced(scene, scene.proved(create)))


async def boosted(scene: Scene, create: dict[str, Any]) -> None:
    await scene.send(scene.lemmy, announced(scene, create["object"]["id"]))


async def answered(scene: Scene, create: dict[str, Any]) -> None:
    uri = f"{scene.lemmy.base}/notes/8"
    note = create["object"] | {"id": uri, "attributedTo": scene.cal, "inReplyTo": create["object"]["id"]}
    await scene.send(scene.lemmy, {"id": f"{uri}/c", "type": "Create", "actor": scene.cal, "object": note})
    assert await scene.kent.post(uri) is not None


async def looked_up(scene: Scene, create: dict[str, Any]) -> None:
    await fetch.post(scene.kent.node, create["object"]["id"])


def announced(scene: Scene, what: dict[str, Any] | str) -> dict[str, Any]:
    uri = scene.lemmy.uri("planning")
    return {"id": f"{uri}/1", "type": "Announce", "actor": uri, "to": [PUBLIC], "cc": [], "object": what}


@pytest.mark.parametrize("way", [delivered, passed_on, passed_on_with_a_proof, boosted, answered, looked_up])
@pytest.mark.parametrize("is_deleted", [True, False])
async def test_what_was_deleted_stays_so_by_whatever_way_it_comes(
    network: Network, kent: Council, *, way: Way, is_deleted: bool
) -> None:
    ada = await kent.person("ada")
    scene = Scene(network, kent, ada, await kent.community("makers", ada))
    planning = await scene.joins_planning()
    uri = f"{scene.surrey.base}/notes/1"
    note = {
        "id": uri, "type": "Page", "name": "Glue", "attributedTo": scene.sam, "audience": planning.uri,
        "to": [PUBLIC, planning.uri], "cc": [ada.uri], "content": "x", "published": "2026-03-02T11:00:00Z",
    }  # fmt: skip
    scene.surrey.put("/notes/1", note)
    await fetch.actor(kent.node, scene.sam)
    if is_deleted:
        await scene.send(
            scene.surrey, {"id": f"{uri}/d", "type": "Delete", "actor": scene.sam, "object": uri}
        )
    create = {"id": f"{uri}/c", "type": "Create", "actor": scene.sam, "object": note}
    await way(scene, create)
    assert (await kent.post(uri) is None) is is_deleted
    assert "Glue" not in titles(await kent.home(ada)) or not is_deleted
