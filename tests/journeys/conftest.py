"""What the journeys share beside the nodes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support import closed, leaks
from tests.support.attacked import Scene
from tests.support.leaks import Leaky
from tests.support.network import Council, Network


@pytest.fixture
async def scene(network: Network, kent: Council) -> Scene:
    ada = await kent.person("ada")
    return Scene(network, kent, ada, await kent.community("makers", ada))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def leaky(made: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Leaky]:
    """Give a members-only community and those who try to read it: once for all attempts of a file."""
    network = Network(made, tmp_path_factory.mktemp("leaky"))
    world = await closed.opened(network)
    yield await leaks.opened(world)
    await world.close()
    await network.close()
