import json

import pytest

from activitypub.wire import Request, Response
from tests.support.network import Council, Network


async def ask(network: Network, kent: Council, path: str) -> Response:
    return await network.router.send(Request(method="GET", url=kent.url(path)))


@pytest.mark.parametrize(
    ("resource", "uri"),
    [
        ("acct:ada@kent.example", "https://kent.example/people/ada"),
        ("acct:ADA@KENT.example", "https://kent.example/people/ada"),
        ("https://kent.example/people/ada", "https://kent.example/people/ada"),
        ("acct:kent.example@kent.example", "https://kent.example/actor"),
        ("https://kent.example/", "https://kent.example/actor"),
        ("acct:ask@kent.example", "https://kent.example/people/ask"),
    ],
)
async def test_webfinger_names_who_is_here(kent: Council, network: Network, resource: str, uri: str) -> None:
    await kent.person("ada")
    answer = await ask(network, kent, f"/.well-known/webfinger?resource={resource}")
    assert answer.status == 200
    assert answer.header("content-type") == "application/jrd+json"
    assert answer.header("access-control-allow-origin") == "*"
    links = json.loads(answer.body)["links"]
    assert [link["href"] for link in links if link["rel"] == "self"] == [uri]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?resource=", 400),
        ("?resource=ada", 400),
        ("?resource=acct:nobody@kent.example", 404),
        ("?resource=acct:ada@devon.example", 404),
        ("?resource=https://devon.example/people/ada", 404),
    ],
)
async def test_webfinger_says_what_is_wrong(kent: Council, network: Network, query: str, status: int) -> None:
    await kent.person("ada")
    assert (await ask(network, kent, f"/.well-known/webfinger{query}")).status == status


async def test_a_node_whose_handles_have_another_domain_answers_for_both(network: Network) -> None:
    kent = await network.open(
        "kent.example", node={"domain": "kent.example", "base_url": "https://cop.kent.example"}
    )
    for domain in ("kent.example", "cop.kent.example"):
        answer = await ask(network, kent, f"/.well-known/webfinger?resource=acct:ask@{domain}")
        assert json.loads(answer.body)["subject"] == "acct:ask@kent.example"


async def test_nodeinfo_leads_to_what_runs_here(kent: Council, network: Network) -> None:
    links = json.loads((await ask(network, kent, "/.well-known/nodeinfo")).body)["links"]
    for link in links:
        if "nodeinfo" in link["rel"]:
            document = json.loads((await ask(network, kent, link["href"].removeprefix(kent.url("")))).body)
            assert document["software"]["name"] == "fedcop"
            assert document["version"] == link["rel"].rpartition("/")[2]


async def test_host_meta_leads_to_webfinger(kent: Council, network: Network) -> None:
    answer = await ask(network, kent, "/.well-known/host-meta")
    assert b"https://kent.example/.well-known/webfinger?resource={uri}" in answer.body
    assert answer.header("content-type") == "application/xrd+xml"
