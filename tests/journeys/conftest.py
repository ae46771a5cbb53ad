"""What the journeys share beside the nodes."""

import pytest

from tests.support.attacked import Scene
from tests.support.network import Council, Network


@pytest.fixture
async def scene(network: Network, kent: Council) -> Scene:
    ada = await kent.person("ada")
    return Scene(network, kent, ada, await kent.community("makers", ada))
