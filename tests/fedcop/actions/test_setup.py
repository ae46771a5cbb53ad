"""What a new node is made of."""

import stat
from pathlib import Path

import pytest

from fedcop.actions import setup
from fedcop.errors import ConfigFault
from fedcop.node import Node
from storage import actors, keys
from storage.visible import SYSTEM
from tests.support.clock import NOON
from tests.support.network import config_of


async def test_a_node_begins_with_its_own_actor_and_ask(node: Node) -> None:
    own = await node.store.read(actors.find, SYSTEM, node.actor_id)
    assert own is not None
    assert (own.uri, own.type, own.handle) == ("https://kent.example/actor", "Application", "kent.example")
    ask = await node.store.read(actors.find_by_handle, SYSTEM, "ask", "kent.example")
    assert ask is not None
    assert (ask.uri, ask.type) == ("https://kent.example/people/ask", "Service")
    for actor in (own, ask):
        assert len(await node.store.read(keys.public_of, actor.id)) == 2


def _mode_and_text(path: str) -> tuple[int, bytes]:
    return stat.S_IMODE(Path(path).stat().st_mode), Path(path).read_bytes()


async def test_the_key_file_is_for_its_owner_only_and_is_never_replaced(tmp_path: Path) -> None:
    config = config_of(tmp_path, "kent.example", {})
    await setup.set_up(config, now=NOON)
    before = _mode_and_text(config.node.key_file)
    assert before[0] == 0o600
    with pytest.raises(ConfigFault, match="never replaced"):
        await setup.set_up(config, now=NOON)
    assert _mode_and_text(config.node.key_file) == before
