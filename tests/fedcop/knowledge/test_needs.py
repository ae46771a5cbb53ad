"""Ten needs in people's own words, over a network of 3 000: the right person is among the first three."""

import os
import re
from pathlib import Path

import pytest

from fedcop.actions import council_list, service_file
from fedcop.knowledge import one_box
from fedcop.knowledge.one_box import FoundActor, Page, Results
from storage import councils, service_list
from storage.engine import Reader
from storage.service_list import Service
from storage.visible import person
from tests.support.grown import NEEDS, Network
from tests.support.network import Council

SHARED = Path(os.environ.get("FEDCOP_SHARED", "../shared")) / "data"
REGISTERS = (
    "local-authorities.csv", "mysociety_uk_local_authorities_current.csv", "mysociety_la_labels.csv",
)  # fmt: skip
KENT = "E10000016"
RIGHT = 8


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs FEDCOP_SHARED")
async def test_who_can_meet_a_need_is_among_the_first_three_and_every_reason_is_true(kent: Council) -> None:
    node, store = kent.node, kent.node.store
    await service_file.take(node, [_text("esd_functions.csv"), _text("esd_services_lgsl.csv")])
    await council_list.take(node, [_text(name) for name in REGISTERS])
    await council_list.bind(node, KENT, node.uris.domain)
    hosts = [listed[0] for listed in (await store.read(councils.hosts_by_code)).values()]
    ada = await kent.person("ada")
    grown = Network(hosts, await store.scan(_services), node.clock.now(), seed=1)
    await grown.grow(store, ada.id)
    alike = await _alike(kent, grown.hosts)

    right = 0
    for text, service in NEEDS:
        results = await store.scan(
            one_box.look,
            person(ada.id),
            text,
            node.clock.now(),
            Page(limit=10),
            home="kent.example",
            need=True,
        )
        first = [one.row.id for one in results.people[:3]]
        print(text, "·", grown.planted[service] in first)
        right += grown.planted[service] in first
        for one in results.people:
            _ensure_true(one, results, grown, alike)

    assert right >= RIGHT


def _text(name: str) -> str:
    return (SHARED / name).read_text("utf-8-sig")


async def _services(read: Reader) -> dict[str, Service]:
    sql = f"SELECT {service_list.COLUMNS} FROM services AS s WHERE s.id LIKE 'service/%'"
    return {one.id: one for one in await read.all(Service, sql)}


async def _alike(kent: Council, hosts: list[str]) -> dict[str, float]:
    found = await kent.node.store.read(councils.of_hosts, ["kent.example", *hosts])
    labels = {host: set().union(*map(councils.labels_of, listed)) for host, listed in found.items()}
    mine = labels["kent.example"]
    return {host: len(mine & theirs) / len(mine | theirs) for host, theirs in labels.items()}


def _ensure_true(one: FoundActor, results: Results, grown: Network, alike: dict[str, float]) -> None:
    """Compare each reason with what was drawn."""
    who = grown.people[one.row.id]
    said = {
        "topics": " ".join(grown.services[offer].label for offer in who.offers),
        "role": f"{who.role} " + " ".join(grown.services[offer].function or "" for offer in who.offers),
        "text": who.bio,
    }
    for reason in one.reasons:
        words = [results.words[term] for term in reason.terms]
        match reason.key:
            case "topics" | "text":
                assert all(_stands(word, said[reason.key]) for word in words), (reason, words, who)
            case "wrote":
                about = [text for text in who.wrote if any(_stands(word, text) for word in results.words)]
                assert 0 < reason.count <= len(about)
            case "alike":
                assert alike[who.host] >= 0.4
            case "helped" | "shared" | "followed" | "name":
                raise AssertionError(f"{reason} of {who}: nothing of this was drawn")


def _stands(word: str, text: str) -> bool:
    """Tell whether a word stands in a text, whatever its ending."""
    stem = word[: max(3, len(word) - 5)]
    return any(other.startswith(stem) for other in re.findall(r"[a-z0-9]+", text.lower()))
