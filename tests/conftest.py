"""Nodes for tests: each with its own database file, all on one clock, with one router between them."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fedcop.node import Node
from tests.support.network import Council, Network
from tests.support.told import Told

TOLD = Told()


def pytest_configure() -> None:
    """Read along what is logged, in every test."""
    logging.getLogger().addHandler(TOLD)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what one of several processes that run tests read along."""
    TOLD.leaks += getattr(node, "workeroutput", {}).get("leaks", ())


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the run fail for a secret in any line that was logged."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["leaks"] = TOLD.leaks
        return
    for line in TOLD.leaks:
        print(f"\na secret was logged: {line}")
    if TOLD.leaks:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give where nodes are made once for the whole run, to be copied: making keys takes a while."""
    return tmp_path_factory.mktemp("made")


@pytest.fixture
async def network(made: Path, tmp_path: Path) -> AsyncIterator[Network]:
    """Give a network without nodes; ``await network.open("kent.example")`` adds one."""
    opened = Network(made, tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def kent(network: Network) -> Council:
    """Give the only node of a network."""
    return await network.open("kent.example")


@pytest.fixture
async def node(kent: Council) -> Node:
    """Give the node of one council."""
    return kent.node


@pytest.fixture
async def two_nodes(network: Network) -> Network:
    """Give kent.example and devon.example, which allow each other."""
    await network.open("kent.example")
    await network.open("devon.example")
    return network


@pytest.fixture
async def three_nodes(two_nodes: Network) -> Network:
    """Give kent.example, devon.example and essex.example, which allow each other."""
    await two_nodes.open("essex.example")
    return two_nodes
