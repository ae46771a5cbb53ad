"""A council of three people and two communities, made once and copied for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fedcop.actions import setup
from fedcop.node import Node, open_node
from storage import actors, visible
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.support import databases, ready
from tests.support.clock import NOON, noon
from tests.support.hosts import Door, HostRouter
from tests.support.network import Council, config_of

DOMAIN = "kent.example"


@pytest.fixture
async def scene(made: Path, tmp_path: Path) -> AsyncIterator[Scene]:
    """Give a council with Ada, Ben and Cat, the open Roads, and the Bids that Ada lets people into."""
    peopled = made / "peopled"
    if not peopled.exists():
        await _make(peopled)
    node = await _open(databases.copied(peopled, tmp_path / "node"))
    yield Scene(node)
    await node.close()
    databases.give_back(tmp_path)


async def _make(folder: Path) -> None:
    await setup.set_up(config_of(folder, DOMAIN, {}), now=NOON)
    node = await _open(folder)
    council = Council(node)
    ada = await council.person("ada")
    await council.person("ben")
    await council.person("cat")
    await council.community("roads", ada)
    await council.community("bids", ada, join_mode="approval")
    await node.close()


async def _open(folder: Path) -> Node:
    door = Door(HostRouter())
    door.node = ready.hand_out(await open_node(config_of(folder, DOMAIN, {}), clock=noon(), transport=door))
    return door.node


async def _named(scene: Scene, handle: str) -> Actor:
    found = await scene.node.store.read(actors.find_by_handle, visible.SYSTEM, handle, DOMAIN)
    assert found is not None
    return found


@pytest.fixture
async def ada(scene: Scene) -> Actor:
    """Give Ada, who facilitates both communities."""
    return await _named(scene, "ada")


@pytest.fixture
async def ben(scene: Scene) -> Actor:
    """Give Ben, who is in no community."""
    return await _named(scene, "ben")


@pytest.fixture
async def cat(scene: Scene) -> Actor:
    """Give Cat, who is in no community."""
    return await _named(scene, "cat")


@pytest.fixture
async def roads(scene: Scene) -> Actor:
    """Give a community that anybody joins."""
    return await _named(scene, "roads")


@pytest.fixture
async def bids(scene: Scene) -> Actor:
    """Give a community that one is let into."""
    return await _named(scene, "bids")
