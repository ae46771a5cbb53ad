import json
from typing import Any

import pytest

from activitypub.discovery import nodeinfo
from activitypub.discovery.nodeinfo import Software
from activitypub.errors import Malformed

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"


def links(*pairs: tuple[str, str]) -> bytes:
    return json.dumps({"links": [{"rel": rel, "href": href} for rel, href in pairs]}).encode()


@pytest.mark.parametrize("name", ["fedcop", "lemmy", "piefed", "mbin", "nodebb", "discourse", "Lemmy"])
def test_software_with_communities_is_of_kind_group(name: str) -> None:
    assert nodeinfo.kind_of(name) == "group"


def test_any_other_software_is_plain() -> None:
    assert nodeinfo.kind_of("mastodon") == "plain"
    assert nodeinfo.kind_of("") == "plain"


def test_nothing_known_is_unknown() -> None:
    assert nodeinfo.kind_of(None) == "unknown"


def test_the_newest_document_is_chosen() -> None:
    body = links((f"{SCHEMA}1.0", "a"), (f"{SCHEMA}2.1", "c"), (f"{SCHEMA}2.0", "b"), ("https://other", "d"))
    assert nodeinfo.read_links(body) == "c"


def test_an_older_document_will_do() -> None:
    assert nodeinfo.read_links(links((f"{SCHEMA}2.0", "b"))) == "b"


@pytest.mark.parametrize("body", [b'{"links":[]}', links((f"{SCHEMA}9.9", "x")), links((f"{SCHEMA}2.1", ""))])
def test_without_a_document_there_is_none(body: bytes) -> None:
    assert nodeinfo.read_links(body) is None


@pytest.mark.parametrize("body", [b"", b"{}", b'{"links":5}', b'{"links":[5]}', b"<html>"])
def test_what_is_no_list_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        nodeinfo.read_links(body)


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_software_is_read(version: str) -> None:
    body = json.dumps({"version": version, "software": {"name": "Mastodon", "version": "4.5.0"}}).encode()
    assert nodeinfo.read(body) == Software(name="mastodon", version="4.5.0")


def test_a_long_name_is_cut() -> None:
    body = json.dumps({"software": {"name": "x" * 500, "version": "y" * 500}}).encode()
    assert nodeinfo.read(body) == Software(name="x" * 100, version="y" * 100)


@pytest.mark.parametrize("software", [None, {}, {"name": ""}, {"name": 5}, "lemmy"])
def test_nodeinfo_without_a_name_is_malformed(software: Any) -> None:
    with pytest.raises(Malformed):
        nodeinfo.read(json.dumps({"software": software}).encode())


def test_our_list_names_both_versions_and_the_node_actor() -> None:
    assert json.loads(nodeinfo.links_of("https://kent.example")) == {
        "links": [
            {"rel": f"{SCHEMA}2.1", "href": "https://kent.example/nodeinfo/2.1"},
            {"rel": f"{SCHEMA}2.0", "href": "https://kent.example/nodeinfo/2.0"},
            {
                "rel": "https://www.w3.org/ns/activitystreams#Application",
                "href": "https://kent.example/actor",
            },
        ]
    }


@pytest.mark.parametrize("schema", ["2.0", "2.1"])
def test_our_document_follows_the_schema_and_counts_nothing(schema: str) -> None:
    body = nodeinfo.document_of(
        schema=schema, name="fedcop", version="1.2", open_registrations=False, node_name="Kent"
    )
    assert json.loads(body) == {
        "version": schema,
        "software": {"name": "fedcop", "version": "1.2"},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": False,
        "usage": {"users": {}},
        "metadata": {"nodeName": "Kent", "nodeDescription": ""},
    }
    assert nodeinfo.read(body) == Software(name="fedcop", version="1.2")
    assert (
        nodeinfo.read_links(nodeinfo.links_of("https://kent.example")) == "https://kent.example/nodeinfo/2.1"
    )
