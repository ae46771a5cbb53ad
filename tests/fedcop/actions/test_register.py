"""Councils of a register become entries of the federation list."""

import os
from datetime import date
from pathlib import Path

import pytest

from fedcop.actions import allowlist, register
from fedcop.actions.register import Council
from fedcop.errors import Invalid, NotFound
from storage import allowlist as rows
from tests.fedcop.actions.scene import Scene
from tests.support.network import Network

DATA = Path(os.environ.get("FEDCOP_SHARED", "../shared")) / "data"

GOV_UK = """\
id,gss,snac,tier_id,slug,country_name,homepage_url,name
1,E10000016,29,1,kent,England,https://www.kent.gov.uk/,Kent County Council
2,E07000223,45UB,2,adur,England,https://www.adur-worthing.gov.uk/,Adur District Council
3,E07000229,45UH,2,worthing,England,https://www.adur-worthing.gov.uk/,Worthing Borough Council
4,W06000002,00NC,3,gwynedd,Wales,https://www.gwynedd.llyw.cymru/,"Gwynedd Council"
5,E10000023,36,1,north-yorkshire,England,http://new.northyorks.gov.uk/,North Yorkshire County Council
6,E07000026,16UB,2,allerdale,England,https://www.allerdale.gov.uk/en/,Allerdale Borough Council
7,S12000015,00QR,3,fife,Scotland,https://www.fife.gov.uk/,Fife Council
8,N09000009,,3,mid-ulster,Northern Ireland,https://www.midulstercouncil.org/,Mid Ulster District Council
"""
MYSOCIETY = """\
local-authority-code,official-name,nice-name,gss-code,end-date,replaced-by,nation,local-authority-type,gov-uk-slug
NYK,North Yorkshire County Council,North Yorkshire,E10000023,2023-04-01,NYE,England,CTY,north-yorkshire
NYE,North Yorkshire Council,North Yorkshire,E06000065,,,England,UA,
ALL,Allerdale Borough Council,Allerdale,E07000026,2023-04-01,CBD,England,NMD,allerdale
CBD,Cumberland Council,Cumberland,E06000063,,,England,UA,cumberland
FIF,Fife Council,Fife,S12000047,,,Scotland,SCO,fife
GLA,Greater London Authority,London,E61000001,,,England,SRA,
GON,Gone Borough Council,Gone,E07000999,2099-04-01,CBD,England,NMD,gone
"""


def _found(councils: list[Council], name: str) -> Council:
    (council,) = register.choose(councils, names=[name])
    return council


def test_a_council_has_the_domain_it_registered_and_not_that_of_its_website() -> None:
    councils = register.read([GOV_UK])
    assert {council.name.split()[0]: council.domain for council in councils} == {
        "Kent": "kent.gov.uk",
        "Adur": "adur-worthing.gov.uk",
        "Worthing": "adur-worthing.gov.uk",
        "Gwynedd": "gwynedd.llyw.cymru",
        "North": "northyorks.gov.uk",
        "Allerdale": "allerdale.gov.uk",
        "Fife": "fife.gov.uk",
        "Mid": "midulstercouncil.org",
    }
    kent = _found(councils, "kent county council")
    assert (kent.kind, kent.nation) == ("county", "England")


@pytest.mark.parametrize("texts", [[GOV_UK, MYSOCIETY], ["\ufeff" + MYSOCIETY, GOV_UK]])
def test_both_forms_together_know_who_was_abolished_and_who_goes_on(texts: list[str]) -> None:
    councils = register.read(texts)
    assert [council.name for council in councils] == sorted(council.name for council in councils)
    assert len(councils) == 11
    allerdale = _found(councils, "Allerdale Borough Council")
    assert (allerdale.ended_on, allerdale.successor) == (date(2023, 4, 1), "Cumberland Council")
    north = _found(councils, "north-yorkshire")
    assert (north.name, north.kind, north.domain) == (
        "North Yorkshire Council",
        "unitary",
        "northyorks.gov.uk",
    )
    assert _found(councils, "fife").domain == "fife.gov.uk"
    assert _found(councils, "Greater London Authority").kind == "combined"


def test_councils_are_chosen_by_name_kind_and_nation() -> None:
    councils = register.read([GOV_UK])
    assert [one.name for one in register.choose(councils, kinds=["district"], nations=["england"])] == [
        "Adur District Council",
        "Allerdale Borough Council",
        "Worthing Borough Council",
    ]
    assert len(register.choose(councils)) == 8
    with pytest.raises(NotFound, match="no council is called 'Kant'; wanted its whole name"):
        register.choose(councils, names=["kent", "Kant"])


async def test_each_council_is_proposed_or_not_with_the_reason(network: Network) -> None:
    federation = {"allow": ["*.gov.uk", "adur-worthing.gov.uk"], "deny": ["fife.gov.uk"]}
    kent = await network.open("community.kent.gov.uk", federation=federation)
    proposals = register.propose(kent.node, register.read([GOV_UK, MYSOCIETY]))
    assert {one.council.name: (one.state, one.why) for one in proposals} == {
        "Kent County Council": ("this node", ""),
        "Adur District Council": (
            "covered",
            "allowed: adur-worthing.gov.uk: allow adur-worthing.gov.uk (file)",
        ),
        "Worthing Borough Council": (
            "covered",
            "allowed: adur-worthing.gov.uk: allow adur-worthing.gov.uk (file)",
        ),
        "Gwynedd Council": ("new", ""),
        "North Yorkshire Council": ("covered", "allowed: northyorks.gov.uk: allow *.gov.uk (file)"),
        "Allerdale Borough Council": ("abolished", "on 2023-04-01, now Cumberland Council"),
        "Cumberland Council": ("no domain", "no file has the address of its website"),
        "Fife Council": ("denied", "denied: fife.gov.uk: deny fife.gov.uk (file)"),
        "Greater London Authority": ("no domain", "no file has the address of its website"),
        "Gone Borough Council": ("no domain", "no file has the address of its website"),
        "Mid Ulster District Council": ("new", ""),
    }


async def test_accepted_councils_are_allowed_with_all_below_and_their_names(scene: Scene) -> None:
    await allowlist.allow(scene.node, "*.adur-worthing.gov.uk", reason="ours", by="bea")
    councils = register.choose(register.read([GOV_UK, MYSOCIETY]), kinds=["district", "unitary"])
    await register.accept(scene.node, register.propose(scene.node, councils), by="ada")
    held = {row.pattern: row for row in await scene.node.store.read(rows.all_rules)}
    assert "allerdale.gov.uk" not in held
    assert "kent.gov.uk" not in held
    assert {"gwynedd.llyw.cymru", "*.gwynedd.llyw.cymru", "northyorks.gov.uk", "fife.gov.uk"} < set(held)
    both = held["adur-worthing.gov.uk"]
    assert (both.reason, both.source, both.by_name) == (
        "Adur District Council, Worthing Borough Council",
        "register",
        "ada",
    )
    assert held["*.adur-worthing.gov.uk"].reason == "ours"
    again = register.propose(scene.node, councils)
    assert "new" not in {one.state for one in again}
    await register.accept(scene.node, again, by="ada")
    assert {row.pattern: row for row in await scene.node.store.read(rows.all_rules)} == held


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "found columns nothing"),
        ("domain,severity\na.example,allow\n", "found columns domain, severity; wanted those of GOV.UK's"),
        (MYSOCIETY.replace("2099-04-01", "soon"), "line 8: found 'soon', wanted a day"),
        (GOV_UK + "9," + "x" * 200_000 + "\n", "line 9: field larger than field limit"),
        ("x" * 200_000, "line 1: field larger than field limit"),
    ],
)
def test_what_is_no_register_is_refused_with_what_was_found(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        register.read([text])


@pytest.mark.skipif(not DATA.is_dir(), reason="the registers are not here; FEDCOP_SHARED names them")
def test_the_real_registers_give_every_council_that_stands_its_domain() -> None:
    names = ("local-authorities.csv", "mysociety_uk_local_authorities_current.csv")
    councils = register.read([(DATA / name).read_text("utf-8") for name in names])
    standing = [council for council in councils if council.ended_on is None]
    assert len([council for council in standing if council.domain]) == 382
    assert {council.kind for council in standing if not council.domain} == {"combined"}
