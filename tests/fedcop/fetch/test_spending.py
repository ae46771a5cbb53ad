"""How many requests one received activity may cost."""

import asyncio

import pytest

from fedcop.errors import NotPermitted
from fedcop.fetch import spending
from tests.fedcop.receive.conftest import act, announced, create, note
from tests.support.attacked import Scene
from tests.support.network import Council, Network

URL = "https://surrey.example/1"


@pytest.fixture
async def scene(network: Network, kent: Council) -> Scene:
    ada = await kent.person("ada")
    return Scene(network, kent, ada, await kent.community("makers", ada))


def test_what_was_allowed_is_spent_and_no_more() -> None:
    with spending.at_most(2):
        spending.spend(URL)
        spending.spend(URL)
        with pytest.raises(NotPermitted, match="as many requests as it may"):
            spending.spend(URL)


def test_what_was_answered_is_weighed() -> None:
    with spending.at_most(9, octets=10):
        spending.spend(URL)
        spending.weigh(b"x" * 9)
        spending.spend(URL)
        spending.weigh(b"x")
        with pytest.raises(NotPermitted, match="as many bytes as it may"):
            spending.spend(URL)
    spending.weigh(b"x")


async def test_large_answers_end_what_one_activity_sets_off(scene: Scene) -> None:
    for number in range(9):
        large = note(scene.surrey, number, "x" * 600_000, inReplyTo=f"{scene.surrey.base}/notes/{number + 1}")
        scene.surrey.put(f"/notes/{number}", large | {"source": {"content": "y" * 190_000}})
    await scene.joins_planning()
    named = announced(scene.lemmy, 1, f"{scene.surrey.base}/notes/0")
    await scene.send(scene.lemmy, named)
    taken = [line for line in scene.network.fetches() if "/notes/" in line]
    assert len(taken) <= 4


def test_outside_nothing_is_counted() -> None:
    for _ in range(spending.MOST_REQUESTS + 1):
        spending.spend(URL)


async def test_tasks_spend_from_the_same_purse() -> None:
    async def spend() -> None:
        spending.spend(URL)

    with spending.at_most(3):
        await asyncio.gather(*(spend() for _ in range(3)))
        with pytest.raises(NotPermitted):
            spending.spend(URL)


async def test_a_batch_in_one_announce_costs_no_more_than_any_activity(scene: Scene) -> None:
    await scene.joins_planning()
    for number in range(100):
        scene.lemmy.documents[f"/users/p{number}"] = scene.lemmy.documents["/users/cal"] | {
            "id": scene.lemmy.uri(f"p{number}"),
            "preferredUsername": f"p{number}",
        }
    posts = [
        create(
            note(
                scene.lemmy,
                number,
                "x",
                attributedTo=scene.lemmy.uri(f"p{number}"),
                inReplyTo=f"{scene.surrey.base}/notes/{number}",
            )
        )
        for number in range(100)
    ]
    by_id = [
        act(scene.surrey, "Create", number, f"{scene.surrey.base}/notes/{number}") for number in range(100)
    ]
    for number, batch in enumerate((posts, by_id)):
        await scene.send(scene.lemmy, announced(scene.lemmy, number, batch))
        assert 0 < len(scene.network.fetches()) <= spending.MOST_REQUESTS
    assert await scene.kent.post(posts[0]["object"]["id"]) is not None
