"""What ``@ask`` writes back."""

from typing import Any

import pytest

from fedcop.knowledge import recommendation
from fedcop.knowledge.one_box import FoundActor, Kind, Results
from fedcop.knowledge.rank import Reason
from fedcop.node import Node
from storage import actors
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.storage import people

BASE, PAGE = "https://kent.example", "https://kent.example/search?q=x"


def results(**given: Any) -> Results:
    counts: dict[Kind, int] = {"people": 0, "communities": 0, "posts": 0}
    values: dict[str, Any] = {"people": [], "communities": [], "posts": [], "words": ("ash",)}
    return Results(**(values | {"counts": counts | given.pop("counts", {})} | given))


@pytest.mark.parametrize("language", ["en", "cy"])
def test_nothing_found_says_what_to_do_next(language: str) -> None:
    assert recommendation.SAID[language].keys() == recommendation.SAID["en"].keys()
    said = recommendation.text_of(results(), language, page=PAGE, base=BASE)
    assert said == recommendation.SAID[language]["nothing"].format(page=PAGE)
    said = recommendation.text_of(results(words=()), language, page=PAGE, base=BASE)
    assert said == recommendation.SAID[language]["empty"]


async def test_each_stands_in_a_link_with_its_reasons_and_the_rest_is_counted(node: Node) -> None:
    store = node.store

    async def row(handle: str, host: str = people.HOME, **given: Any) -> Actor:
        found = await store.read(actors.find, SYSTEM, await people.add(store, handle, host, **given))
        assert found is not None
        return found

    ada = await row("ada", display_name="Ada *K*\n[x](y)")
    floods = await row("floods", "devon.example", kind="Group")
    found = results(
        people=[FoundActor(ada, 1.0, (Reason("wrote", count=2), Reason("text", (0,))))],
        communities=[FoundActor(floods, 1.0, ())],
        counts={"people": 4, "communities": 1, "posts": 7},
    )
    assert recommendation.text_of(found, "en", page=PAGE, base=BASE) == (
        "People who may know:\n\n"
        "- [Ada \\*K\\* \\[x\\](y)](https://kent.example/people/ada): "
        "posts about this: 2; “ash” in the text\n\n"
        "Communities:\n\n- [Floods](https://kent.example/communities/floods@devon.example)\n\n"
        "There are more: people 3, communities 0, posts 7.\n\n"
        "See them all: https://kent.example/search?q=x"
    )
