"""What a person says of what they do: typed in a client, or chosen on a page."""

import pytest

from fedcop.actions import practice, profile
from fedcop.actions.profile import Changes
from fedcop.errors import Invalid
from storage import accounts, actors, councils, practices
from storage.accounts import Settings
from storage.actors import Actor
from storage.practices import Practice
from tests.fedcop.actions.scene import Scene

KENT = ("E10000016", "Kent County Council", "county", "England")
SWALE = ("E07000113", "Swale Borough Council", "district", "England")


def lines(actor: Actor) -> list[tuple[str, str]]:
    return [(field.name, field.value) for field in actors.fields_of(actor)]


async def _typed(scene: Scene, me: Actor, *typed: tuple[str, str]) -> Actor:
    return await profile.update(scene.node, me, Changes(fields=typed))


async def _bind(scene: Scene, *listed: tuple[str, str, str, str]) -> None:
    hosts = [(scene.node.uris.host, code) for code, *_ in listed]
    await scene.node.store.write(councils.put, listed, hosts)


async def test_lines_become_what_a_person_does_and_stay_lines(scene: Scene, ada: Actor) -> None:
    after = await _typed(
        scene,
        ada,
        ("Website", "https://kent.example"),
        ("Ask me about", "Parking, space travel"),
        ("Looking for", "gritting"),
        ("Role", "Engineer &amp; planner"),
    )
    assert practices.of(after) == Practice(
        role="Engineer & planner",
        offers=("function/110",),
        needs=("service/561",),
        names={"function/110": "Parking", "service/561": "Gritting"},
    )
    shown = lines(after)
    assert [name for name, _ in shown] == ["Role", "Ask me about", "Looking for", "Website", "Ask me about"]
    assert shown[1:3] == [("Ask me about", "Parking"), ("Looking for", "Gritting")]
    assert shown[4] == ("Ask me about", "space travel")
    again = await _typed(scene, after, *shown[:3], ("Website", "https://kent.example"), shown[4])
    assert (practices.of(again), lines(again)) == (practices.of(after), shown)
    assert await scene.actor(ada.id) == again


async def test_a_line_that_is_taken_out_is_said_no_more(scene: Scene, ada: Actor) -> None:
    after = await _typed(scene, ada, ("Ask me about", "Parking"), ("Role", "Engineer"))
    after = await _typed(scene, after, ("Role", "Planner"))
    assert practices.of(after) == Practice(role="Planner")


async def test_lines_are_in_the_persons_language(scene: Scene, ada: Actor) -> None:
    settings = Settings(locale="cy", audience="public", sensitive=False, language=None, quote_policy="public")
    await scene.node.store.write(accounts.set_settings, ada.id, settings)
    after = await _typed(scene, ada, ("Ask me about", "Parking"))
    assert lines(after) == [("Gofynnwch i mi am", "Parcio")]


async def test_what_is_chosen_keeps_the_other_lines(scene: Scene, ada: Actor) -> None:
    typed = await _typed(
        scene, ada, ("Website", "https://kent.example"), ("Ask me about", "Parking, space travel")
    )
    said = Practice(role="Planner", needs=("function/110",))
    after = await profile.update(scene.node, typed, Changes(practice=said))
    assert practices.of(after).needs == ("function/110",)
    assert practices.of(after).offers == ()
    kept = lines(typed)
    assert lines(after) == [("Role", "Planner"), ("Looking for", "Parking"), *kept[1:]]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([("a", "b")] * 9, "more than 8 lines"),
        ([("a", "b")] * 14, "more than 13 lines"),
        ([("a", "b" * 256)], "longer than 255"),
        ([("Ask me about", "b" * 2001)], "longer than 2000"),
    ],
)
async def test_too_much_is_refused(scene: Scene, ada: Actor, typed: list[tuple[str, str]], told: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await _typed(scene, ada, *typed)
    assert told in str(refusal.value)
    assert lines(await scene.actor(ada.id)) == []


async def test_too_many_services_and_unknown_ones_are_refused(scene: Scene, ada: Actor) -> None:
    needs = "Parking, Gritting, Libraries, Museums, Sport, Tourism"
    with pytest.raises(Invalid) as refusal:
        await _typed(scene, ada, ("Looking for", needs))
    assert "more than 5 services under 'Looking for'" in str(refusal.value)
    with pytest.raises(Invalid) as refusal:
        await practice.chosen(scene.node, ada, Practice(offers=("function/9999",)))
    assert "'function/9999', which is not on the service list" in str(refusal.value)


async def test_the_council_is_the_nodes_own(scene: Scene, ada: Actor) -> None:
    await _bind(scene, KENT)
    after = await _typed(scene, ada, ("Role", "Planner"))
    assert practices.of(after).council == KENT[0]
    assert lines(after)[1] == ("Council", KENT[1])
    assert await _typed(scene, after, *lines(after))
    with pytest.raises(Invalid) as refusal:
        await _typed(scene, after, ("Council", "Swale Borough Council"))
    assert "people of this node are of Kent County Council" in str(refusal.value)


async def test_where_no_council_is_known_its_line_stays_as_typed(scene: Scene, ada: Actor) -> None:
    after = await _typed(scene, ada, ("Council", "Kent"), ("Pronouns", "she"))
    assert lines(after) == [("Council", "Kent"), ("Pronouns", "she")]
    assert practices.of(after).council == ""


async def test_of_several_councils_of_a_node_a_person_says_which(scene: Scene, ada: Actor) -> None:
    await _bind(scene, KENT, SWALE)
    assert practices.of(await _typed(scene, ada, ("Role", "Planner"))).council == ""
    after = await _typed(scene, ada, ("Cyngor", "swale borough council"))
    assert practices.of(after).council == SWALE[0]
    after = await profile.update(scene.node, after, Changes(practice=Practice(council=KENT[0])))
    assert practices.of(after).council == KENT[0]
    after = await profile.update(scene.node, after, Changes(practice=Practice(council="X")))
    assert practices.of(after).council == ""
