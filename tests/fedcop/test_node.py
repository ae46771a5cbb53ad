"""What a node is opened with, and whom it may ask."""

from collections.abc import AsyncIterator

import pytest

from activitypub.wire import Request
from fedcop.errors import ConfigFault, NotPermitted, PeerTrouble
from fedcop.fetch.discovery import HANDLES
from fedcop.node import Node, open_node, rules_of
from storage import allowlist, audit, audit_check
from storage.allowlist import RuleRow
from storage.engine import Transaction
from tests.support.clock import NOON
from tests.support.network import Council, Network, config_of


async def test_the_list_is_what_the_file_fixes_and_what_was_added(kent: Council) -> None:
    node = kent.node
    assert node.allows("devon.example")
    assert not node.allows("york.example")
    row = RuleRow("york.example", "allow", "", "test", "command", NOON)
    await node.store.write(allowlist.put, row)
    assert not node.allows("york.example")
    await node.refresh_rules()
    assert node.allows("york.example")
    assert [rule.pattern for rule in rules_of(node.config, [row], NOON).rules][-1] == "york.example"


async def test_a_domain_may_be_asked_for_handles_while_the_node_that_names_it_is_allowed(
    network: Network,
) -> None:
    kent = await network.open(
        "kent.example", federation={"allow": ["cop.york.example"], "deny": ["bad.example"]}
    )
    node = kent.node
    assert not node.may_finger("york.example")
    node.claims["york.example"] = "cop.york.example"
    assert node.may_finger("york.example")
    node.domains["york.example"] = "former.york.example"
    assert node.may_finger("york.example"), "the node that had it is not allowed, the one that names it is"
    del node.claims["york.example"]
    assert not node.may_finger("york.example")
    node.domains["bad.example"] = "cop.york.example"
    assert not node.may_finger("bad.example")


async def test_a_node_names_itself_to_others(kent: Council) -> None:
    assert kent.node.user_agent.startswith("fedcop/")
    assert kent.node.user_agent.endswith("(+https://kent.example/)")


async def test_a_node_is_opened_only_under_the_names_that_its_ids_have(
    network: Network, kent: Council
) -> None:
    folder = network.folder / "kent.example"
    with pytest.raises(ConfigFault, match=r"node\.domain"):
        await open_node(config_of(folder, "york.example", {"node": {"base_url": "https://kent.example"}}))
    with pytest.raises(ConfigFault, match=r"node\.base_url"):
        await open_node(config_of(folder, "kent.example", {"node": {"base_url": "https://york.example"}}))


@pytest.fixture
async def real(network: Network, kent: Council) -> AsyncIterator[Node]:
    """Give the node once more, with its real way out, for which york.example lies on this machine."""
    outbound = {"outbound": {"hosts": {"york.example": "127.0.0.1"}}}
    node = await open_node(config_of(network.folder / "kent.example", "kent.example", outbound))
    yield node
    await node.close()


async def test_the_way_out_asks_which_domains_may_be_asked_for_handles(real: Node) -> None:
    asked = Request(method="GET", url="https://york.example/.well-known/webfinger")
    with pytest.raises(NotPermitted):
        await real.transport.exchange(asked, HANDLES)
    real.claims["york.example"] = "essex.example"
    # It may be asked now, but lies in a private network.
    with pytest.raises(PeerTrouble, match="private network"):
        await real.transport.exchange(asked, HANDLES)


async def test_decisions_from_before_there_was_a_chain_are_in_it_once_the_node_is_opened(
    network: Network, kent: Council
) -> None:
    async def decided(tx: Transaction) -> None:
        for number in range(1, 204):
            await tx.execute(
                "INSERT INTO audit_unchained (id, at, by_name, verb, object, detail)"
                " VALUES (:id, :at, 'ada', 'deny', 'x.example', '')",
                id=number,
                at=NOON,
            )

    await kent.node.store.write(decided)
    node = await open_node(config_of(network.folder / "kent.example", "kent.example", {}))
    try:
        assert (await node.store.read(audit.end)).number == 203
        verdict = await audit_check.look(node.store, node.signing.audit_seal, erased_before=NOON)
        assert verdict.faults == []
    finally:
        await node.close()
