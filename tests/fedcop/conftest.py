"""The real way out and a server to reach by it."""

from collections.abc import AsyncIterator

import pytest

from fedcop.transport import Transport
from tests.support.loopback import Peer, opened


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    made = await Peer().start()
    yield made
    await made.stop()


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    async with opened() as made:
        yield made
