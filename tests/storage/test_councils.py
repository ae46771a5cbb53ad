"""The register of councils, and whose a host is."""

import pytest

from storage import councils
from storage.councils import Council
from storage.engine import Store

POWYS = ("W06000023", "Powys County Council", "unitary", "Wales")
ADUR = ("E07000223", "Adur District Council", "district", "England")
WORTHING = ("E07000229", "Worthing Borough Council", "district", "England")


@pytest.fixture
async def register(store: Store) -> Store:
    """Give a store with three councils, of which two share a host."""
    hosts = [
        ("powys.gov.uk", POWYS[0]),
        ("adur-worthing.gov.uk", ADUR[0]),
        ("adur-worthing.gov.uk", WORTHING[0]),
    ]
    await store.write(councils.put, [POWYS, ADUR, WORTHING], hosts)
    return store


async def test_a_host_is_of_the_council_whose_name_it_lies_below(register: Store) -> None:
    asked = ["social.powys.gov.uk", "powys.gov.uk", "notpowys.gov.uk", "powys.gov.uk.evil.example"]
    found = await register.read(councils.of_hosts, asked)
    assert {host: [one.code for one in listed] for host, listed in found.items()} == {
        "social.powys.gov.uk": [POWYS[0]],
        "powys.gov.uk": [POWYS[0]],
        "notpowys.gov.uk": [],
        "powys.gov.uk.evil.example": [],
    }
    assert await register.read(councils.of_hosts, []) == {}


async def test_the_longest_name_decides(register: Store) -> None:
    await register.write(councils.put, [], [("adur.powys.gov.uk", ADUR[0]), ("127.0.0.1:8001", ADUR[0])])
    found = await register.read(councils.of_hosts, ["x.adur.powys.gov.uk", "127.0.0.1:8001"])
    assert [[one.code for one in listed] for listed in found.values()] == [[ADUR[0]], [ADUR[0]]]
    assert await register.write(councils.unbind, "adur.powys.gov.uk", ADUR[0])
    assert not await register.write(councils.unbind, "adur.powys.gov.uk", ADUR[0])
    (listed,) = (await register.read(councils.of_hosts, ["x.adur.powys.gov.uk"])).values()
    assert [one.code for one in listed] == [POWYS[0]]


async def test_a_claim_only_chooses_between_the_councils_of_a_host(register: Store) -> None:
    hosts = ["adur-worthing.gov.uk", "powys.gov.uk", "york.example"]
    found = await register.read(councils.of_hosts, hosts)
    claims = {
        (host, claimed): councils.chosen(found[host], claimed)
        for host in hosts
        for claimed in ("", WORTHING[0], POWYS[0])
    }
    assert {key: chosen and chosen.code for key, chosen in claims.items()} == {
        ("adur-worthing.gov.uk", ""): None,
        ("adur-worthing.gov.uk", WORTHING[0]): WORTHING[0],
        ("adur-worthing.gov.uk", POWYS[0]): None,
        ("powys.gov.uk", ""): POWYS[0],
        ("powys.gov.uk", WORTHING[0]): POWYS[0],
        ("powys.gov.uk", POWYS[0]): POWYS[0],
        ("york.example", ""): None,
        ("york.example", WORTHING[0]): None,
        ("york.example", POWYS[0]): None,
    }


async def test_a_council_has_a_welsh_name_and_things_in_common_with_others(register: Store) -> None:
    await register.write(councils.set_welsh, {POWYS[0]: "Cyngor Sir Powys"})
    await register.write(councils.set_labels, {POWYS[0]: ["Sparse and rural"], "X": ["Urban"]})
    powys = await register.read(councils.find, POWYS[0])
    assert powys == Council(*POWYS[:2], "Cyngor Sir Powys", *POWYS[2:], '["Sparse and rural"]')
    assert councils.labels_of(powys) == {"Sparse and rural", "Wales", "unitary"}
    assert [councils.name_of(powys, language) for language in ("en", "cy")] == [POWYS[1], "Cyngor Sir Powys"]
    assert await register.read(councils.find, "X") is None
    assert [one.code for one in await register.read(councils.all_of)] == [ADUR[0], POWYS[0], WORTHING[0]]
    assert (await register.read(councils.hosts_by_code))[ADUR[0]] == ["adur-worthing.gov.uk"]


async def test_of_a_code_that_comes_twice_the_last_row_counts(register: Store) -> None:
    await register.write(councils.put, [ADUR, (ADUR[0], "Adur Council", *ADUR[2:])], [])
    found = await register.read(councils.find, ADUR[0])
    assert found is not None
    assert found.name == "Adur Council"
