"""The service list that ships, and one that is brought in."""

import pytest

from storage import service_list
from storage.engine import Store
from storage.service_list import Service


async def test_a_small_list_ships_in_two_languages(store: Store) -> None:
    listed = await store.read(service_list.functions)
    assert len(listed) > 50
    assert all(row.label and row.label_cy and row.id.startswith("function/") for row in listed)
    groups = {row.id for row in listed if row.function is None}
    assert {row.function for row in listed} - {None} <= groups


async def test_a_service_is_found_by_its_label_in_either_language(store: Store) -> None:
    found = await store.read(service_list.named, ["Parking", "PARCIO", "Gritting", "space travel"])
    assert {name: row.id for name, row in found.items()} == {
        "parking": "function/110",
        "parcio": "function/110",
        "gritting": "service/561",
    }
    parking = found["parking"]
    assert [service_list.label_of(parking, language) for language in ("en", "cy", "gd")] == [
        "Parking",
        "Parcio",
        "Parking",
    ]
    assert await store.read(service_list.named, []) == {}


async def test_services_are_given_by_id_in_the_order_that_is_asked_for(store: Store) -> None:
    found = await store.read(service_list.by_ids, ["service/561", "function/9999", "function/110"])
    assert list(found) == ["service/561", "function/110"]
    assert await store.read(service_list.by_ids, []) == {}


async def test_a_list_that_is_brought_in_keeps_what_it_does_not_say(store: Store) -> None:
    before = await store.read(service_list.held)
    listed = [
        Service("function/110", "Parking", "", None),
        Service("function/38", "Waste management", "", "function/30"),
        Service("service/474", "Parking permits", "", None),
    ]
    await store.write(service_list.put, listed)
    await store.write(service_list.put, listed)
    assert await store.read(service_list.held) == before + 1
    found = await store.read(service_list.by_ids, [row.id for row in listed])
    assert found["function/110"] == Service("function/110", "Parking", "Parcio", "function/105")
    assert found["function/38"] == Service("function/38", "Waste management", "", "function/30")
    assert found["service/474"].function is None
    assert await store.read(service_list.named, ["gwastraff"]) == {}


@pytest.mark.parametrize("first", ["function/100", "service/499"])
async def test_of_two_that_bear_a_label_the_function_comes_first(store: Store, first: str) -> None:
    listed = [Service(one, "Building control", "", None) for one in ("service/499", "function/100")]
    await store.write(service_list.put, listed if first == "service/499" else listed[::-1])
    found = await store.read(service_list.named, ["building control"])
    assert found["building control"].id == "function/100"


async def test_what_a_text_names_is_found_by_the_longest_label(store: Store) -> None:
    async def named(text: str) -> list[str]:
        return await store.read(service_list.named_in, text)

    assert await named("Who has replaced paper Parking permits?") == ["function/110"]
    assert await named("Business rates, and BUDD-DALIADAU?") == ["function/9", "function/3"]
    assert await named("Advice and benefits") == ["function/1"], "not benefits alone"
    assert await named("Who has parked here?") == []
    assert await named("") == []
    assert await named("parking " * 1_000) == ["function/110"]


async def test_of_an_id_that_comes_twice_the_last_row_counts(store: Store) -> None:
    twice = [Service("service/9001", label, "", None) for label in ("Moats", "Castle moats")]
    await store.write(service_list.put, twice)
    assert [one.label for one in (await store.read(service_list.by_ids, ["service/9001"])).values()] == [
        "Castle moats"
    ]
